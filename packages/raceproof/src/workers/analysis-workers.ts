// Files in, parts of the analysis that work in threads of their own out. Facts come back packed: two arrays of numbers and one text per
// module are much cheaper to hand over than their objects.
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { AnalysisPart, AnalysisReplies, AnalysisRequest, Analysts, FactsOfModule } from "../facts/index.ts";
import { unpackFacts } from "../facts/index.ts";
import { localPart } from "./local-part.ts";
import type { PackedFacts, WorkerReply, WorkerTask } from "./worker-messages.ts";

export interface AnalysisWorkers extends Analysts {
  stop(): void;
}

/** Below this, starting a thread and parsing what both need takes longer than it saves. */
const fewestBytes = 2 * 1024 * 1024;

/** More threads parse the same modules again and again. */
const mostThreads = 4;

/** The engine compiles and collects garbage in threads of its own: on two cores a second thread of ours made cold runs slower (bench/audit). */
const coresPerThread = 2;

export interface ThreadLimits {
  /** Counts this one, too; when undefined, the machine and the amount of source decide. */
  readonly threads?: number | undefined;
  /** What each other thread may keep, in MiB; when undefined, the engine decides. One that needs more dies, and its share is done here. */
  readonly threadMemory?: number | undefined;
}

export function startAnalysisWorkers(task: WorkerTask, { threads, threadMemory }: ThreadLimits): AnalysisWorkers {
  const bytes = task.files.reduce((sum, file) => sum + file.bytes.length, 0);
  const wanted = threads ?? (bytes < fewestBytes ? 1 : Math.min(mostThreads, Math.max(1, Math.floor(availableParallelism() / coresPerThread))));
  const others = Array.from({ length: wanted - 1 }, () => new WorkerPart(task, threadMemory));
  return { local: localPart(task), others, worthSharing: threads === undefined ? fewestBytes : 0, stop: () => others.forEach((part) => part.stop()) };
}

/** The thread is started by the first request: often there is none, because everything is known from an earlier run. */
class WorkerPart implements AnalysisPart {
  private readonly task: WorkerTask;
  private readonly memory: number | undefined;
  private worker: Worker | undefined;
  private failure: Error | undefined;
  private settle: { readonly done: (reply: WorkerReply) => void; readonly fail: (error: Error) => void } | undefined;

  constructor(task: WorkerTask, memory: number | undefined) {
    this.task = task;
    this.memory = memory;
  }

  private start(): Worker {
    const worker = new Worker(new URL("./analysis-thread.js", import.meta.url), {
      workerData: this.task,
      // Analysis makes many objects that die young.
      resourceLimits: { maxYoungGenerationSizeMb: 48, ...(this.memory === undefined ? {} : { maxOldGenerationSizeMb: this.memory }) },
    });
    worker.on("message", (reply: WorkerReply) => this.settle?.done(reply));
    worker.on("error", (error) => this.fail(error));
    worker.on("exit", (code) => this.fail(new Error(`it ended with code ${code}`)));
    return worker;
  }

  async answer<Want extends AnalysisRequest["want"]>(request: Extract<AnalysisRequest, { want: Want }>): Promise<AnalysisReplies[Want]> {
    const reply = await this.ask(request);
    return (reply.want === "facts" ? reply.replies.map(unpacked) : reply.replies) as AnalysisReplies[Want];
  }

  stop(): void {
    this.failure ??= new Error("it was stopped");
    void this.worker?.terminate();
  }

  /** One request at a time. */
  private ask(request: AnalysisRequest): Promise<WorkerReply> {
    return new Promise((done, fail) => {
      if (this.failure) return fail(this.failure);
      this.settle = { done, fail };
      this.worker ??= this.start();
      this.worker.postMessage(request, []);
    });
  }

  private fail(error: Error): void {
    this.failure ??= error;
    this.settle?.fail(this.failure);
  }
}

function unpacked({ pack, consulted }: PackedFacts): FactsOfModule {
  return { facts: unpackFacts(pack), consulted };
}
