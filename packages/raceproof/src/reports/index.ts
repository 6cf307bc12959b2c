// The reports room: a finished report in, text out, one function per format. Pure: doors write files and print.
export { explainInterleaving } from "./explain-interleaving.ts";
export { interleavingOf } from "./interleaving.ts";
export type { Interleaving, InterleavingSite, InterleavingStep } from "./interleaving.ts";
export { renderExplanation } from "./render-explanation.ts";
export { renderJson, renderJsonReport } from "./render-json.ts";
export type { JsonReport } from "./render-json.ts";
export { renderMarkdown } from "./render-markdown.ts";
export { renderSarif } from "./render-sarif.ts";
export { renderConcise, renderTerminal } from "./render-terminal.ts";
export type { WitnessEncoding } from "./witness-encoding.ts";
