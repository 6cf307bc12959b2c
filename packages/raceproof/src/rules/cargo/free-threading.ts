// Whether a crate says that it runs without the GIL: by its module, its classifiers or the wheels it builds. Evidence in sentences out.
import { compareVersions } from "../../vocabulary/index.ts";
import { freeThreadingByDefault } from "../../models/index.ts";
import type { RustProgram, RustPythonModule } from "../../vocabulary/index.ts";

/** Undefined when nothing says so. */
export function freeThreadingOf(program: RustProgram, crate: number): readonly string[] | undefined {
  const said = [
    ...program.pythonModules.filter((module) => module.crate === crate && declares(program, module)).map(({ span }) => `${span.file}:${span.line} declares it`),
    ...program.cargo.freeThreadedBuilds.map(({ text, span }) => `${span.file}:${span.line} names ${text}`),
  ];
  return said.length === 0 ? undefined : said.slice(0, 2).map((sentence) => `runs without the GIL: ${sentence}`);
}

function declares({ crates }: RustProgram, { crate, attribute }: RustPythonModule): boolean {
  const said = attribute.arguments.get("gil_used");
  if (said !== undefined) return said === "false";
  const version = crates[crate]?.pyo3?.version;
  return version !== undefined && compareVersions(version, freeThreadingByDefault) >= 0;
}
