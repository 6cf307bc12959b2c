// The reports room: a finished report in, text out, one function per format. Pure: doors write files and print.
export { explainInterleaving } from "./explain-interleaving.ts";
export { interleavingOf } from "./interleaving.ts";
export { renderExplanation } from "./render-explanation.ts";
export { renderJson, renderJsonReport } from "./render-json.ts";
export { renderMarkdown } from "./render-markdown.ts";
export { renderSarif } from "./render-sarif.ts";
export type { SarifOptions } from "./render-sarif.ts";
export { renderConcise, renderTerminal } from "./render-terminal.ts";
