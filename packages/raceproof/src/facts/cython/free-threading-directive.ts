// A Cython file or a build file in, where it says that the modules run without the GIL out.
// Source: cython.readthedocs.io, "Free threading": `# cython: freethreading_compatible = True`, compiler_directives of cythonize, -X of the command.
import type { SourceSpan } from "../../vocabulary/index.ts";

const directive = /freethreading_compatible["']?\s*[=:]\s*["']?(?:True|true|1)\b/;

export function freeThreadingDirective({ path, bytes }: { readonly path: string; readonly bytes: Uint8Array }): SourceSpan | undefined {
  const lines = Buffer.from(bytes).toString("latin1").split("\n");
  const isSource = /\.p(?:yx|xd|xi)$/.test(path);
  const index = lines.findIndex((line) => directive.test(line) && (!isSource || /^\s*#\s*cython\s*:/.test(line)));
  const column = lines[index]?.search(directive) ?? 0;
  return index < 0 ? undefined : { file: path, line: index + 1, column, endLine: index + 1, endColumn: lines[index]?.length ?? 0 };
}
