// A module that does not say whether it needs the GIL, where the default of its PyO3 is not what the crate needs.
import { firstFreeThreadedPyo3, freeThreadingByDefault } from "../../../models/index.ts";
import { compareVersions } from "../../../vocabulary/index.ts";
import type { Hazard, RuleMetadata, RustProgram, RustRule } from "../../../vocabulary/index.ts";
import { draftCrateHazard } from "../crate-hazard.ts";
import type { CratePlace } from "../crate-hazard.ts";

const metadata: RuleMetadata = {
  id: "cargo/gil-declaration",
  title: "The module does not say whether it needs the GIL",
  severity: "wrong-answer",
  consequence: "Importing the module switches the GIL on for the whole process; or, with newer releases, code that needs the GIL runs without it.",
  sources: ["PyO3 #4588 and #5564", "PyO3 guide: Supporting Free-Threaded CPython"],
  since: "0.2.0",
  fixes: [{ title: "Say it", cost: "low", detail: "`#[pymodule(gil_used = false)]` after a review for threads, `#[pymodule(gil_used = true)]` until then." }],
};

function find(program: RustProgram): Hazard[] {
  return program.pythonModules.flatMap((module) => {
    const crate = program.crates[module.crate];
    const version = crate?.pyo3?.version;
    const isFirst = program.pythonModules.find((each) => each.crate === module.crate) === module;
    if (crate === undefined || version === undefined || !isFirst || module.attribute.arguments.has("gil_used")) return [];
    const needs = unprotected(program, module.crate);
    const message = compareVersions(version, freeThreadingByDefault) >= 0 ? saysTooMuch(version, needs) : saysTooLittle(version, program);
    if (message === undefined) return [];
    const { span } = module.attribute;
    return [draftCrateHazard(metadata, { crate, span, about: module.name, met: needs, confidence: "medium", reach: "live", evidence: [], message })];
  });
}

/** Since 0.28 silence means that no GIL is needed. */
function saysTooMuch(version: string, needs: readonly CratePlace[]): string | undefined {
  const [first] = needs;
  if (first === undefined) return undefined;
  return `with PyO3 ${version} a module that says nothing runs without the GIL, but ${first.name} (${first.span.file}:${first.span.line}) counts on it`;
}

/** Before, silence means that it is needed. */
function saysTooLittle(version: string, { cargo }: RustProgram): string | undefined {
  const [build] = cargo.freeThreadedBuilds;
  if (build === undefined || compareVersions(version, firstFreeThreadedPyo3) < 0) return undefined;
  return `wheels without the GIL are built (${build.text} in ${build.span.file}), but with PyO3 ${version} a module that says nothing switches the GIL on`;
}

/** What is only right while one thread runs at a time. */
function unprotected({ statics, implementations }: RustProgram, crate: number): CratePlace[] {
  return [
    ...statics.filter((each) => each.crate === crate && each.mutable).map(({ name, span }) => ({ name, span })),
    ...implementations
      .filter((each) => each.crate === crate && each.unsafe && ["Sync", "Send"].includes(each.trait?.name ?? ""))
      .map(({ trait, type, span }) => ({ name: `unsafe impl ${trait?.name ?? ""} for ${type.name}`, span })),
  ];
}

export const rule: RustRule = { metadata, find };
