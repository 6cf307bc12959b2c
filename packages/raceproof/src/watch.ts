// The corridor for a subject that people are working on: every look audits what is there now and says what became of the hazards of the
// look before. The facts stay in memory, so that a look costs what has changed, linking and the rules.
import { dirname, join, resolve } from "node:path";
import { FactMemory } from "./cache/index.ts";
import { reportOf } from "./pipeline.ts";
import { judged } from "./review.ts";
import { compareAudits } from "./reviews/index.ts";
import { parseSpecification } from "./sources/index.ts";
import type { FolderWatch } from "./sources/index.ts";
import { SteadyFiles } from "./steady-files.ts";
import { auditOf, findSubject, readFiles, secondsSince } from "./subject-audit.ts";
import type { AuditRequest, FoundSubject } from "./subject-audit.ts";
import { UserError } from "./vocabulary/index.ts";
import type { Report, WatchRound } from "./vocabulary/index.ts";

export interface Look {
  readonly report: Report;
  readonly round: WatchRound;
}

export class WatchedSubject {
  private readonly memory = new FactMemory();
  private readonly steady = new SteadyFiles();
  private readonly folders: FolderWatch;
  private before: Parameters<typeof compareAudits>[0] | undefined;

  constructor(folders: FolderWatch) {
    this.folders = folders;
  }

  /**
   * Takes a request of its own each time: settings and baseline may have changed, too.
   * @throws UserError for what the user can solve
   */
  async look(request: AuditRequest): Promise<Look> {
    const since = performance.now();
    const found = await this.findWatched(request);
    const { files, changed, waiting } = this.steady.next(await readFiles(request, found));
    const state = await auditOf({ ...request, memory: this.memory }, found, files);
    state.notifications.push(...waiting);
    const now = judged(state);
    const { fixed, remaining, added } = compareAudits(this.before ?? now, now);
    this.before = now;
    return { report: reportOf(state, { runtimes: [] }), round: { changed, fixed, remaining: remaining.length, added, waiting, seconds: secondsSince(since) } };
  }

  /** Found again until all its folders are watched: nothing that changes from then on is missed. */
  private async findWatched(request: AuditRequest): Promise<FoundSubject> {
    checkWatchable(request);
    let found = await findSubject(request);
    while (this.folders.cover(foldersOf(request, found))) found = await findSubject(request);
    return found;
  }
}

/** A folder that has just gone must not be looked for in the package index. @throws UserError for a subject that cannot change */
export function checkWatchable({ specification, cwd }: Pick<AuditRequest, "specification" | "cwd">): void {
  const { kind } = parseSpecification(specification, cwd);
  if (kind === "folder" || kind === "file") return;
  throw new UserError(`"${specification}" is no folder and no .py file here`, "Only these can be watched.");
}

/** Folders of the subject's files and those above them, up to its root; and where the settings and the baseline are. */
function foldersOf({ settings, baseline, cwd }: AuditRequest, { subject }: FoundSubject): Set<string> {
  const folders = new Set([subject.root]);
  for (const file of subject.files) {
    for (let folder = dirname(join(subject.root, file)); !folders.has(folder); folder = dirname(folder)) folders.add(folder);
  }
  for (const file of [settings.file, baseline?.file]) if (file !== undefined) folders.add(dirname(resolve(cwd, file)));
  return folders;
}
