// Enters: a repository (URL or folder) and a revision. Leaves: the revision's files, unpacked in the cache.
// Nothing is checked out: files come out of `git archive`, with attributes overridden so that they are the committed bytes.
// Submodules stay empty folders and large-file pointers stay pointers.
import { createHash } from "node:crypto";
import { mkdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { UserError, type Notification } from "../vocabulary/index.ts";
import { DEFAULT_LIMITS } from "./archives/unpacking-limits.ts";
import { unpackTar } from "./archives/unpack-tar.ts";
import { GitFailure, readGit, streamGit, type GitOptions } from "./git-process.ts";
import { redactCredentials } from "./redact-credentials.ts";
import type { GitUrlSpecification, Specification } from "./specification.ts";
import { cachedTree, explainDiskErrors, partialPath, type SubjectCache } from "./subject-cache.ts";

export interface GitContext {
  readonly cache: SubjectCache;
  readonly environment: GitOptions["environment"];
  readonly onProgress: (message: string) => void;
  readonly onNotification: (notification: Notification) => void;
}

type GitFolderSpecification = Extract<Specification, { kind: "git-folder" }>;

// Highest precedence of all attribute files: no filters, no line-end conversion, no keyword expansion, no left-out files.
const PLAIN_ATTRIBUTES = "* -filter -text -eol -ident -working-tree-encoding -export-ignore -export-subst\n";
const FULL_COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
const SHOWN_NAMES = 5;

/**
 * Unpacks one revision of a local repository; a folder inside the repository gives that folder alone.
 * @returns the unpacked folder.
 * @throws UserError when the folder is not in a repository or the revision does not exist.
 */
export async function unpackLocalRevision(specification: GitFolderSpecification, context: GitContext): Promise<string> {
  const { path, revision, subdirectory } = specification;
  const options = { environment: context.environment, folder: path };
  const where = await readGit(["rev-parse", "--path-format=absolute", "--git-path", "objects", "--show-prefix"], options).catch(explainRepository(path));
  const [objects = "", above = ""] = where.split("\n");
  const prefix = subdirectory === undefined ? above : `${above}${subdirectory.replaceAll(/^\/+|\/+$/g, "")}/`;
  const tree = await readGit(["rev-parse", "--verify", "--quiet", `${revision}^{commit}`], options).then(
    (commit) => treeOf(commit.trim(), prefix, options),
    async () => {
      throw unknownRevision(revision, path, await localNames(options));
    },
  );
  // Below its own name, because a package's folder is imported by that name.
  const key = prefix === "" ? `git-${tree}` : `git-${tree}-${createHash("sha256").update(prefix).digest("hex")}`;
  const unpacked = await cachedTree(context.cache, key, async (folder) => {
    const repository = await makeBareRepository(context, objectFormatOf(tree));
    try {
      // Reading through a repository of our own leaves the settings and filters of the given one out of it.
      await writeFile(join(repository, "objects", "info", "alternates"), `${objects}\n`);
      await archiveTree({ repository, tree, folder, label: `${path}@${revision}`, prefix }, context);
    } finally {
      await rm(repository, { recursive: true, force: true });
    }
  });
  return join(unpacked, prefix);
}

/**
 * Unpacks one revision of a remote repository, fetching as little as the remote allows.
 * @returns the unpacked folder.
 * @throws UserError when the remote cannot be reached, is not a repository, or has no such revision.
 */
export async function unpackRemoteRevision(specification: GitUrlSpecification, context: GitContext): Promise<string> {
  const names = await listRemoteNames(specification, context);
  const wanted = specification.revision ?? "HEAD";
  const commit = resolveName(names, wanted);
  const objectFormat = objectFormatOf([...names.values()][0] ?? "");
  context.onProgress(`fetching ${redactCredentials(specification.url)} at ${wanted}`);
  // Names and commits need no history; expressions do. Apart, so that a shallow fetch never cuts the history another reads.
  const purpose = commit === undefined ? "history" : "tips";
  const shared = join(context.cache.folder, "git", `${createHash("sha256").update(specification.url).digest("hex")}-${purpose}`);
  try {
    return await unpackFetched(await keptRepository(shared, context, objectFormat), { specification, commit, names }, context);
  } catch (error) {
    if (!(error instanceof GitFailure)) throw error;
  }
  // The kept repository is damaged, or another process was at work in it: once more in one of our own.
  const repository = await makeBareRepository(context, objectFormat);
  try {
    const folder = await unpackFetched(repository, { specification, commit, names }, context);
    await replaceRepository(shared, repository, context);
    return folder;
  } catch (error) {
    throw error instanceof GitFailure ? remoteFailure(specification.url, error) : error;
  } finally {
    await rm(repository, { recursive: true, force: true });
  }
}

/** What is looked for: `commit` is undefined for a revision that is no branch, tag or full commit id. */
interface Wanted {
  readonly specification: GitUrlSpecification;
  readonly commit: string | undefined;
  readonly names: ReadonlyMap<string, string>;
}

async function unpackFetched(repository: string, wanted: Wanted, context: GitContext): Promise<string> {
  const { url, revision = "HEAD", subdirectory = "" } = wanted.specification;
  const options = { environment: context.environment, folder: repository };
  const commit = wanted.commit ?? (await fetchEverything(wanted, options));
  if (!(await hasCommit(commit, options))) await fetchCommit(commit, url, options);
  if (!(await hasCommit(commit, options))) throw unknownRevision(revision, redactCredentials(url), [...wanted.names.keys()]);
  const tree = await treeOf(commit, subdirectory, options);
  const label = `${redactCredentials(url)}@${revision}`;
  return cachedTree(context.cache, `git-${tree}`, (folder) => archiveTree({ repository, tree, folder, label }, context));
}

async function hasCommit(commit: string, options: GitOptions): Promise<boolean> {
  return readGit(["cat-file", "-e", `${commit}^{tree}`], options).then(
    () => true,
    () => false,
  );
}

async function fetchCommit(commit: string, url: string, options: GitOptions): Promise<void> {
  const fetch = ["fetch", "--quiet", "--no-tags", "--no-write-fetch-head"];
  // Some servers give only what a name points to; then the history that contains the commit has to come.
  await readGit([...fetch, "--depth=1", "--", url, commit], options).catch(() => readGit([...fetch, "--", url, "+refs/*:refs/remote/*"], options));
}

/** For abbreviated commits and expressions such as v1.0~2, which only a full history can answer. */
async function fetchEverything({ specification, names }: Wanted, options: GitOptions): Promise<string> {
  const { url, revision = "HEAD" } = specification;
  await fetchNames(url, options);
  // HEAD of the repository kept here is not the remote's.
  const expression = revision.replace(/^(?:HEAD|@)(?=$|[~^])/, names.get("HEAD") ?? "HEAD");
  return readGit(["rev-parse", "--verify", "--quiet", `${expression}^{commit}`], options).then(
    (commit) => commit.trim(),
    () => {
      throw unknownRevision(revision, redactCredentials(url), [...names.keys()]);
    },
  );
}

async function fetchNames(url: string, options: GitOptions): Promise<void> {
  const refs = ["+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"];
  await readGit(["fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--update-shallow", "--", url, ...refs], options);
}

async function treeOf(commit: string, subdirectory: string, options: GitOptions): Promise<string> {
  const place = subdirectory.replace(/^\.?\/+|\/+$/g, "");
  return readGit(["rev-parse", "--verify", "--quiet", place === "" ? `${commit}^{tree}` : `${commit}:${place}`], options).then(
    (tree) => tree.trim(),
    () => {
      throw new UserError(`the revision has no folder "${place}"`, "Check the path; the folder may be newer or older than the revision.");
    },
  );
}

interface TreeSource {
  readonly repository: string;
  readonly tree: string;
  readonly folder: string;
  readonly label: string;
  /** Folder to put everything into, with a slash at its end. */
  readonly prefix?: string;
}

async function archiveTree(source: TreeSource, context: GitContext): Promise<void> {
  const task = {
    archive: source.label,
    folder: source.folder,
    limits: DEFAULT_LIMITS,
    // Links that lead out are common in repositories (test fixtures); they are no sign of an attack, and never created.
    outsideLinks: "skip" as const,
    onNotification: context.onNotification,
  };
  const environment = { ...context.environment, GIT_CONFIG_NOSYSTEM: "1", GIT_CONFIG_GLOBAL: "/dev/null" };
  await streamGit(["archive", "--format=tar", `--prefix=${source.prefix ?? ""}`, source.tree], { environment, folder: source.repository }, (output) =>
    unpackTar(output, task),
  );
}

type ObjectFormat = "sha1" | "sha256";

function objectFormatOf(id: string): ObjectFormat {
  return id.length === 64 ? "sha256" : "sha1";
}

async function makeBareRepository(context: GitContext, objectFormat: ObjectFormat): Promise<string> {
  const repository = partialPath(context.cache, "git");
  await explainDiskErrors(context.cache, async () => {
    const init = ["init", "--quiet", "--bare", "--template=", `--object-format=${objectFormat}`, repository];
    await readGit(init, { environment: context.environment });
    await mkdir(join(repository, "info"), { recursive: true });
    await mkdir(join(repository, "objects", "info"), { recursive: true });
    await writeFile(join(repository, "info", "attributes"), PLAIN_ATTRIBUTES);
  });
  return repository;
}

async function keptRepository(shared: string, context: GitContext, objectFormat: ObjectFormat): Promise<string> {
  if (await stat(join(shared, "info", "attributes")).catch(() => undefined)) return shared;
  const repository = await makeBareRepository(context, objectFormat);
  await mkdir(join(context.cache.folder, "git"), { recursive: true });
  // When another process was faster its repository stays, and ours goes.
  await rename(repository, shared).catch(() => rm(repository, { recursive: true, force: true }));
  return shared;
}

/** Puts a good repository in the place of a damaged one. A process at work in the old one sees git fail and starts its own. */
async function replaceRepository(place: string, finished: string, context: GitContext): Promise<void> {
  const old = partialPath(context.cache, "replaced");
  await rename(place, old).catch(() => undefined);
  await rename(finished, place).catch(() => undefined);
  await rm(old, { recursive: true, force: true });
}

/**
 * Fetches the branches and tags of a remote into a repository kept in the cache.
 * @returns its folder, and the commit the remote's HEAD names.
 * @throws UserError when the remote cannot be reached or is not a repository.
 */
export async function fetchHistory(url: string, context: GitContext): Promise<{ readonly folder: string; readonly head: string | undefined }> {
  const specification: GitUrlSpecification = { kind: "git-url", text: url, url, revision: undefined, subdirectory: undefined };
  const names = await listRemoteNames(specification, context);
  context.onProgress(`fetching the history of ${redactCredentials(url)}`);
  const shared = join(context.cache.folder, "git", `${createHash("sha256").update(url).digest("hex")}-history`);
  const folder = await keptRepository(shared, context, objectFormatOf([...names.values()][0] ?? ""));
  await fetchNames(url, { environment: context.environment, folder }).catch((error: unknown) => {
    throw error instanceof GitFailure ? remoteFailure(url, error) : error;
  });
  return { folder, head: names.get("HEAD") };
}

/** Branches, tags (peeled) and HEAD of a remote, with the commits they name. */
async function listRemoteNames({ url }: GitUrlSpecification, context: GitContext): Promise<ReadonlyMap<string, string>> {
  const output = await readGit(["ls-remote", "--", url, "HEAD", "refs/heads/*", "refs/tags/*"], { environment: context.environment }).catch(
    (error: unknown) => {
      throw error instanceof GitFailure ? remoteFailure(url, error) : error;
    },
  );
  const lines = output.split("\n").map((line) => line.split("\t"));
  return new Map(lines.flatMap(([commit = "", name]) => (name === undefined ? [] : [[name, commit] as const])));
}

/** git's own order: a tag before a branch of the same name; an annotated tag stands for the commit it points to. */
function resolveName(names: ReadonlyMap<string, string>, revision: string): string | undefined {
  const candidates = [revision, `refs/${revision}`, `refs/tags/${revision}`, `refs/heads/${revision}`];
  const found = candidates.find((name) => names.has(name));
  if (found !== undefined) return names.get(`${found}^{}`) ?? names.get(found);
  return FULL_COMMIT.test(revision) ? revision : undefined;
}

async function localNames(options: GitOptions): Promise<string[]> {
  const output = await readGit(["for-each-ref", "--format=%(refname)", "--sort=-creatordate", "refs/heads", "refs/tags"], options).catch(() => "");
  return output.split("\n").filter((name) => name !== "");
}

function unknownRevision(revision: string, repository: string, names: readonly string[]): UserError {
  const short = [...new Set(names.map((name) => name.replace(/^refs\/(heads|tags)\//, "").replace(/\^\{\}$/, "")))];
  const similar = short.filter((name) => name.includes(revision) || revision.includes(name));
  const shown = [...new Set([...similar, ...short])].slice(0, SHOWN_NAMES).join(", ");
  return new UserError(
    `${repository} has no revision "${revision}"`,
    shown === "" ? "The repository has no branches or tags." : `It has ${shown}, among others.`,
  );
}

function explainRepository(path: string): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof GitFailure)) throw error;
    if (/dubious ownership/.test(error.message)) {
      throw new UserError(`git does not trust ${path}, because it belongs to another user`, "Allow it with git's safe.directory setting.");
    }
    throw new UserError(`${path} is not in a git repository`, "Leave out the @revision to audit the folder as it is.");
  };
}

const OFFLINE = /Could not resolve host|Connection refused|Network is unreachable|timed out|Failed to connect|Operation too slow/i;
const FORBIDDEN = /Authentication failed|could not read Username|Permission denied|invalid credentials|terminal prompts disabled|returned error: 40[13]/i;

function remoteFailure(url: string, failure: GitFailure): UserError {
  const shown = redactCredentials(url);
  const reason = failure.message.split("\n").find((line) => /fatal|error/i.test(line)) ?? failure.message.split("\n")[0] ?? "";
  if (OFFLINE.test(failure.message)) return new UserError(`${shown} cannot be reached: ${reason}`, "Check the network, or audit a local folder.");
  if (FORBIDDEN.test(failure.message)) {
    return new UserError(`${shown} needs a login: ${reason}`, "Set up a git credential helper or an ssh key for it; check the address.");
  }
  return new UserError(`${shown} is not a git repository that can be read: ${reason}`, "Check the address and the revision.");
}
