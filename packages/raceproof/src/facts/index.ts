// The facts room: files in, language-neutral facts out. Touches no disk, names no rule.
export { LocalPart, type AnalysisPart, type AnalysisReplies, type AnalysisRequest } from "./analysis-part.ts";
export { analyzeProgram, type Analysts, type ProgramAnalysis, type Rested, type StoredModule } from "./analyze-program.ts";
export { extractProgram } from "./extract-program.ts";
export type { ParsedFile } from "./declarations/collect-declarations.ts";
export type { FactCounts } from "./linking/fact-counts.ts";
export { linkProgram, type LinkedProgram } from "./linking/link-program.ts";
export type { AnalysisOptions, Consulted, FactsOfModule, UnparsedFile } from "./module-analysis.ts";
export type { Pack } from "./packing/codec.ts";
export { packFacts, unpackFacts } from "./packing/pack-facts.ts";
export { mineUsages, type UsageFiles } from "./usages/mine-usages.ts";
export { analyzeNative } from "./native/index.ts";
export { analyzeRust } from "./rust/index.ts";
export { analyzeCython, type CythonSource } from "./cython/analyze-cython.ts";
