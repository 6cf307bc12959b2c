// The corridor for bisecting: a witness and a history in, the commit that brought or removed the race out. Each revision is exported into
// the cache folder, never checked out; where its plan cannot be followed the witness's driver is searched anew.
import { confirmDriver, defaultBudget, isSameFailure, provideRequirements, replayWitness, testedSubject } from "./confirmations/index.ts";
import { findChange } from "./reviews/index.ts";
import { fetchSubject, type History } from "./sources/index.ts";
import { UserError } from "./vocabulary/index.ts";
import type { Bisection, JudgedRevision, Revision, Runtime, Subject, Witness } from "./vocabulary/index.ts";

export interface BisectRequest {
  readonly witness: Witness;
  readonly history: History;
  /** Folder inside the repository that holds the package. */
  readonly subdirectory: string | undefined;
  readonly runtime: Runtime;
  readonly times: number;
  /** Whether revisions at which the plan cannot be followed are searched, or skipped at once. */
  readonly whenStale: "search" | "skip";
  readonly cacheFolder: string;
  readonly onProgress: (message: string) => void;
}

type Answer = Pick<JudgedRevision, "state" | "reason">;

export async function bisectWitness(request: BisectRequest): Promise<Bisection> {
  const { revisions } = request.history;
  const judged = new Map<number, JudgedRevision>();
  const change = await findChange(revisions.length, async (index) => {
    const revision = revisionAt(revisions, index);
    request.onProgress(`${revision.commit.slice(0, 12)} ${revision.subject} (${judged.size + 1} of about ${2 + Math.ceil(Math.log2(revisions.length))})`);
    const answer = await judgeRevision(revision, request);
    judged.set(index, { revision, ...answer });
    request.onProgress(`${revision.commit.slice(0, 12)} ${answer.state}: ${answer.reason}`);
    return answer.state;
  });
  const [before, after] = change.kind === "changed" ? [judged.get(change.before), judged.get(change.after)] : [];
  return {
    judged: [...judged.entries()].toSorted(([a], [b]) => a - b).map(([, each]) => each),
    revisions: revisions.length,
    change:
      change.kind === "changed" && before !== undefined && after !== undefined
        ? { before, after, skipped: revisions.slice(change.before + 1, change.after) }
        : undefined,
  };
}

function revisionAt(revisions: readonly Revision[], index: number): Revision {
  const revision = revisions[index];
  if (revision === undefined) throw new Error(`revision ${index} of ${revisions.length}`);
  return revision;
}

async function judgeRevision(revision: Revision, request: BisectRequest): Promise<Answer> {
  try {
    const subject = await exportRevision(revision, request);
    const missing = request.witness.instrument.filter((name) => !subject.topLevelModules.includes(name));
    if (missing.length > 0) return { state: "unknown", reason: `it has no module ${missing.join(", ")}` };
    return await judgeSubject(subject, request);
  } catch (error) {
    // A revision that cannot be exported is one more that cannot be judged.
    if (error instanceof UserError) return { state: "unknown", reason: error.message };
    throw error;
  }
}

function exportRevision({ commit }: Revision, { history, subdirectory, cacheFolder }: BisectRequest): Promise<Subject> {
  const place = subdirectory === undefined ? {} : { subdirectory };
  const text = `${history.folder}@${commit}`;
  return fetchSubject({ kind: "git-folder", text, path: history.folder, revision: commit, ...place }, { cacheFolder });
}

async function judgeSubject(fetched: Subject, request: BisectRequest): Promise<Answer> {
  const { witness, runtime, times, cacheFolder, whenStale } = request;
  const { paths } = await provideRequirements(fetched, runtime, cacheFolder);
  const subject = { ...testedSubject(fetched, paths), instrument: witness.instrument };
  const { verdict, reproduced, reason } = await replayWitness(witness, { subject, runtime, times });
  if (verdict === "reproduced") return { state: "racy", reason: `reproduced in ${reproduced} of ${times} replays` };
  if (verdict === "passed") return { state: "clean", reason: `passed ${times} replays: ${reason}` };
  if (whenStale === "skip") return { state: "unknown", reason: `${verdict}: ${reason}` };
  const budget = { ...defaultBudget, replays: times };
  const searched = await confirmDriver(witness.driver, { subject, runtime, budget, workers: 1, replayOn: [] });
  const failure = searched.witness?.failure;
  if (failure !== undefined && isSameFailure(failure, witness.failure))
    return { state: "racy", reason: `its plan is ${verdict}; its driver fails in the same way` };
  if (searched.verdict === "clean-within-bound") return { state: "clean", reason: `its plan is ${verdict}; its driver: ${searched.reason}` };
  const instead = failure === undefined ? searched.reason : `it fails in another way: ${failure.summary}`;
  return { state: "unknown", reason: `its driver: ${instead}; its plan is ${verdict}: ${reason}` };
}
