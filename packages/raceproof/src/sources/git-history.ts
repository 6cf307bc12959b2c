// Enters: a repository and two revisions. Leaves: the commit where they parted, or those between them. Nothing is checked out.
import { resolve } from "node:path";
import { UserError, type Revision } from "../vocabulary/index.ts";
import { GitFailure, readGit } from "./git-process.ts";
import { fetchHistory } from "./git-repository.ts";
import { defaultCacheFolder, openSubjectCache } from "./subject-cache.ts";

/** @throws UserError when the folder is no repository, a revision does not exist, or they share no history */
export async function mergeBaseOf(folder: string, base: string, head: string): Promise<string> {
  if ([base, head].some((revision) => revision.startsWith("-"))) throw new UserError(`"${base}...${head}" is no range of revisions`, "Write BASE...HEAD.");
  try {
    return (await readGit(["merge-base", base, head], { environment: process.env, folder })).trim();
  } catch (error) {
    if (!(error instanceof GitFailure)) throw error;
    throw new UserError(
      `${base} and ${head} have no common commit in ${folder}: ${error.message.split("\n")[0] ?? ""}`,
      "Check the revisions, or write BASE..HEAD.",
    );
  }
}

export interface HistoryRange {
  /** A local repository (bare or not), or a URL to fetch. */
  readonly repository: string;
  readonly base: string;
  readonly head: string;
  /** Folder inside the repository; only commits that change something in it are listed. */
  readonly subdirectory: string | undefined;
  /** Ends of file names; only commits that change such a file outside of tests are listed. All when absent. */
  readonly endings?: readonly string[];
}

export interface History {
  /** Where the repository is now. */
  readonly folder: string;
  /** Oldest first, beginning with the base. Of merged branches only the merge: the line that releases are made from. */
  readonly revisions: readonly Revision[];
}

const FIELD = "%x1f";

/** @throws UserError when the repository or a revision does not exist, or the base is not on the way to the head */
export async function readHistory(range: HistoryRange, cacheFolder: string | undefined, onProgress: (message: string) => void): Promise<History> {
  const { folder, head } = await openRepository(range, cacheFolder, onProgress);
  const options = { environment: process.env, folder };
  const [base, last] = [await commitOf(range.base, folder), await commitOf(head, folder)];
  const place = pathsOf(range);
  const format = `--format=${["%H", "%cs", "%an", "%s"].join(FIELD)}`;
  const log = (revisions: readonly string[], paths: readonly string[]): Promise<string> =>
    readGit(["log", "--first-parent", "--reverse", "--no-show-signature", format, ...revisions, ...paths], options);
  const isOnTheWay = (await readGit(["rev-list", "--first-parent", last], options)).split("\n").includes(base);
  if (!isOnTheWay) throw new UserError(`${range.base} is not on the main line that leads to ${range.head}`, "Give BASE..HEAD with an ancestor of HEAD first.");
  const texts = [await log(["--max-count=1", base], []), await log([`${base}..${last}`], place)];
  return { folder, revisions: texts.flatMap((text) => text.split("\n").flatMap(parseRevision)) };
}

function pathsOf({ subdirectory, endings }: HistoryRange): string[] {
  if (endings === undefined) return subdirectory === undefined ? [] : ["--", subdirectory];
  const folder = subdirectory === undefined ? "" : `${subdirectory}/`;
  return ["--", ...endings.map((ending) => `:(glob)${folder}**/*${ending}`), ":(exclude,glob)**/test*/**", ":(exclude,glob)**/test_*"];
}

async function openRepository(
  { repository, head }: HistoryRange,
  cacheFolder: string | undefined,
  onProgress: (message: string) => void,
): Promise<{ folder: string; head: string }> {
  if (!/^(git\+)?[a-z][a-z0-9+.-]*:\/\//i.test(repository)) return { folder: resolve(repository), head };
  const cache = await openSubjectCache(cacheFolder ?? defaultCacheFolder(process.env));
  const context = { cache, environment: process.env, onProgress, onNotification: () => undefined };
  const fetched = await fetchHistory(repository.replace(/^git\+/, ""), context);
  return { folder: fetched.folder, head: head === "HEAD" ? (fetched.head ?? head) : head };
}

async function commitOf(revision: string, folder: string): Promise<string> {
  if (revision === "" || revision.startsWith("-")) throw new UserError(`"${revision}" is no revision`, "Write BASE..HEAD.");
  try {
    return (await readGit(["rev-parse", "--verify", "--quiet", `${revision}^{commit}`], { environment: process.env, folder })).trim();
  } catch (error) {
    if (!(error instanceof GitFailure)) throw error;
    throw new UserError(`${folder} has no revision "${revision}"`, "Check the repository and the revision.");
  }
}

function parseRevision(line: string): Revision[] {
  const [commit, date = "", author = "", subject = ""] = line.split("\u001F");
  return commit === undefined || commit === "" ? [] : [{ commit, date, author, subject }];
}

/** @throws UserError when the folder is no repository, or something in it has changed since the last commit */
export async function assertCleanTree(folder: string): Promise<void> {
  const status = await readGit(["status", "--porcelain", "--untracked-files=no", "--", "."], { environment: process.env, folder }).catch((error: unknown) => {
    if (!(error instanceof GitFailure)) throw error;
    throw new UserError(`${folder} is no git repository`, "Print the diff instead, and apply it by hand.");
  });
  if (status.trim() !== "")
    throw new UserError("the working tree has changes that are not committed", "Commit or stash them first, or print the diff instead.");
}
