// The facts room: parsed files in, language-neutral facts out. Touches no disk, names no rule.
export { extractProgram } from "./extract-program.ts";
export type { ParsedFile } from "./declarations/collect-declarations.ts";
export type { FactCounts } from "./linking/fact-counts.ts";
