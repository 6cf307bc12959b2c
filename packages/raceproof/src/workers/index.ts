// The workers room: shares of the analysis out to threads, their replies back. A thread that dies costs its share, never the result.
export { startAnalysisWorkers, type AnalysisWorkers, type ThreadLimits } from "./analysis-workers.ts";
