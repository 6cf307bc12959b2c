// The program of an analysis thread: files at the start, then one reply for each request.
import { parentPort, workerData } from "node:worker_threads";
import { packFacts } from "../facts/index.ts";
import type { AnalysisReplies, AnalysisRequest } from "../facts/index.ts";
import { localPart } from "./local-part.ts";
import type { WorkerReply, WorkerTask } from "./worker-messages.ts";

const part = localPart(workerData as WorkerTask);

function replyTo(request: AnalysisRequest): WorkerReply {
  const replies = part.answerNow(request);
  if (request.want !== "facts") return { want: request.want, replies } as WorkerReply;
  const facts = replies as AnalysisReplies["facts"];
  return { want: "facts", replies: facts.map(({ facts: module, consulted }) => ({ pack: packFacts(module), consulted })) };
}

parentPort?.on("message", (request: AnalysisRequest) => parentPort?.postMessage(replyTo(request), []));
