// The reports room: a finished report in, text out, one function per format. Pure: doors write files and print.
export { explainInterleaving } from "./explain-interleaving.ts";
export { interleavingOf } from "./interleaving.ts";
export { renderBisection, renderBisectionJson } from "./render-bisection.ts";
export { renderExplanation } from "./render-explanation.ts";
export { placeReport } from "./place-report.ts";
export { renderGitHub } from "./render-github.ts";
export { renderGitLab } from "./render-gitlab.ts";
export { renderJson, renderJsonReport } from "./render-json.ts";
export { renderJsonLines } from "./render-json-lines.ts";
export { renderJUnit } from "./render-junit.ts";
export { renderConcise, renderGrouped, renderRound } from "./render-lines.ts";
export { renderMarkdown } from "./render-markdown.ts";
export { renderRecheckJson, renderRecheckMarkdown, renderRecheckTerminal, type RecheckResult } from "./render-recheck.ts";
export { renderReviewJson, renderReviewMarkdown } from "./render-review.ts";
export { renderSarif } from "./render-sarif.ts";
export { renderStressJson, renderStressMarkdown, renderStressTerminal, type StressResult } from "./render-stress.ts";
export type { SarifOptions } from "./render-sarif.ts";
export { renderTerminal } from "./render-terminal.ts";
