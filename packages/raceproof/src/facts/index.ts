// The facts room: parsed files in, language-neutral facts out. Touches no disk, names no rule.
export { extractProgram } from "./build-program.ts";
export type { ParsedFile } from "./collect-declarations.ts";
export type { FactCounts } from "./fact-counts.ts";
