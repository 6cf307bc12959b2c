// The corridor's way from a workload of real threads to a guard: the subject is built plainly, as its users have it, and the very file that will be
// delivered is run again and again on it, so that it can say how often it catches its race. What catches nothing is not written.
import {
  buildExtension,
  discoverRuntimes,
  provideRequirements,
  type RecordedWorkload,
  runGuardFile,
  selectRuntime,
  type Sighting,
} from "./confirmations/index.ts";
import { renderParallelGuard } from "./guards/index.ts";
import { defaultCacheFolder, fetchSubject, parseSpecification } from "./sources/index.ts";
import type { CatchRate, ParallelWorkload, Runtime } from "./vocabulary/index.ts";
import { UserError } from "./vocabulary/index.ts";

export interface ParallelGuardRequest {
  readonly workload: RecordedWorkload;
  /** Instead of the recorded subject. */
  readonly subject: string | undefined;
  readonly python: string | undefined;
  readonly cacheFolder: string | undefined;
  /** Of the whole guard, on code that has the race. */
  readonly runs: number;
  readonly onProgress: (message: string) => void;
}

/** Executes the subject's build. @throws UserError when the race is not seen, or is seen without threads that meet */
export async function guardByThreads(request: ParallelGuardRequest): Promise<string> {
  const { workload, onProgress } = request;
  const named = request.subject ?? workload.subject;
  const subject = await fetchSubject(parseSpecification(named, process.cwd()), { cacheFolder: request.cacheFolder, onProgress });
  const { runtimes } = await discoverRuntimes();
  const recorded = runtimes.find(({ id }) => id === workload.runtime)?.id;
  const runtime = await selectRuntime({ runtimes, wanted: request.python ?? recorded, requiresPython: subject.requiresPython });
  const cacheFolder = request.cacheFolder ?? defaultCacheFolder(process.env);
  onProgress(`building ${subject.name} for ${runtime.id}`);
  const { folder } = await buildExtension({ root: subject.root, name: subject.name, runtime, flavor: "plain", cacheFolder });
  const { paths } = await provideRequirements(subject, runtime, cacheFolder);
  const shared = { subject: named, withoutGil: runtime.freeThreaded };
  const look = (of: ParallelWorkload): Promise<Sighting> => runGuardFile(runtime, renderParallelGuard({ ...shared, workload: of }).text, [folder, ...paths]);
  return renderParallelGuard({ ...shared, workload, rate: await measureCatchRate(request, runtime, look) }).text;
}

/** Runs with a lock around every call, for every run without: they take longest. */
const SHARE_OF_CONTROLS = 0.25;

/** @throws UserError when the race is not seen, or something else is */
export async function measureCatchRate(
  { workload, runs, onProgress }: Pick<ParallelGuardRequest, "workload" | "runs" | "onProgress">,
  runtime: Runtime,
  look: (of: ParallelWorkload) => Promise<Sighting>,
): Promise<CatchRate> {
  const count = async (of: ParallelWorkload, times: number, what: string): Promise<Sighting[]> => {
    const seen: Sighting[] = [];
    for (let time = 1; time <= times; time += 1) {
      onProgress(`${what}: run ${time} of ${times}, ${caught(seen).length} failed`);
      seen.push(await look(of));
    }
    return seen;
  };
  const controls = await count({ ...workload, driver: workload.locked }, Math.ceil(runs * SHARE_OF_CONTROLS), "a lock around every call");
  const [wrong] = caught(controls);
  if (wrong !== undefined)
    throw new UserError(
      `with a lock around every call it does not pass either (${caught(controls).length} of ${controls.length} runs): ${wrong.reason}`,
      "Fixed code would not pass, so no guard is written.",
    );
  const races = await count(workload, runs, "how often the guard catches its race");
  const failing = caught(races);
  if (failing.length === 0)
    throw new UserError(
      `the guard saw nothing in ${runs} runs on ${runtime.id}`,
      "It would guard nothing. Is the subject the unfixed code? Try another hazard.",
    );
  return {
    runtime: runtime.id,
    race: { failing: failing.length, hung: failing.filter(({ kind }) => kind === "inconclusive").length, runs },
    control: { failing: 0, runs: controls.length },
  };
}

/** The test fails then: memory that is broken can also hang. */
function caught(seen: readonly Sighting[]): Sighting[] {
  return seen.filter(({ kind }) => kind !== "not-seen");
}
