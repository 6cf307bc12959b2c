// Enters: archives and unpacked trees under a key that names their content. Leaves: the same, verified, as long as the disk keeps them.
// Safe for several processes without locks: everything is written aside and renamed into place, and a tree never changes or
// moves once it is named. It does not know where the content comes from.
import { randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, isAbsolute, join, resolve } from "node:path";
import { UserError } from "../vocabulary/index.ts";
import { digestFile, digestTree, isTreeIntact, type TreeDigest } from "./tree-digest.ts";

/** Folders of one cache. Delete the whole folder at any time when no raceproof runs. */
export interface SubjectCache {
  readonly folder: string;
}

// Written into every tree record; records of another form are rebuilt.
const TREE_FORMAT = 1;
const ABANDONED_MILLISECONDS = 7 * 24 * 60 * 60 * 1000;

interface TreeRecord {
  readonly format: typeof TREE_FORMAT;
  /** Folder name below "trees". */
  readonly folder: string;
  readonly digest: TreeDigest;
}

/** RACEPROOF_CACHE, else "raceproof" below XDG_CACHE_HOME, else below ~/.cache. */
export function defaultCacheFolder(environment: Readonly<Record<string, string | undefined>>): string {
  const chosen = environment["RACEPROOF_CACHE"];
  if (chosen) return resolve(chosen);
  const xdg = environment["XDG_CACHE_HOME"];
  // The XDG standard: a relative path is to be ignored.
  return join(xdg && isAbsolute(xdg) ? xdg : join(environment["HOME"] ?? homedir(), ".cache"), "raceproof");
}

/** @throws UserError when the folder cannot be made. */
export async function openSubjectCache(folder: string): Promise<SubjectCache> {
  const cache = { folder };
  await explainDiskErrors(cache, async () => {
    for (const part of ["archives", "trees", "partial"]) await mkdir(join(folder, part), { recursive: true });
  }).catch((error: NodeJS.ErrnoException) => {
    throw error.code === "ENOTDIR" || error.code === "EEXIST" ? unwritable(cache, error.code) : error;
  });
  return cache;
}

/** A new name for something unfinished; what stays behind after a crash is swept later. */
export function partialPath(cache: SubjectCache, name: string): string {
  return join(cache.folder, "partial", `${randomBytes(8).toString("hex")}-${name}`);
}

/** Path of a cached archive whose sha256 still is what the key says, or undefined. */
export async function findArchive(cache: SubjectCache, sha256: string, filename: string): Promise<string | undefined> {
  const path = join(cache.folder, "archives", sha256, filename);
  const digest = await digestFile(path, "sha256").catch(() => undefined);
  return digest === sha256 ? path : undefined;
}

/** Moves a finished archive into the cache, replacing a damaged one of the same key. @returns its path. */
export async function keepArchive(cache: SubjectCache, partial: string, sha256: string, filename: string): Promise<string> {
  return explainDiskErrors(cache, async () => {
    const folder = join(cache.folder, "archives", sha256);
    await mkdir(folder, { recursive: true });
    await rename(partial, join(folder, filename));
    return join(folder, filename);
  });
}

/**
 * Folder of the tree with this key: the cached one when every file of it is as it was unpacked, else a new one that `build`
 * fills. A failed build leaves nothing.
 * @throws UserError when the disk is full or the cache cannot be written; whatever `build` throws.
 */
export async function cachedTree(cache: SubjectCache, key: string, build: (folder: string) => Promise<void>): Promise<string> {
  const known = await findTree(cache, key);
  if (known !== undefined) return known;
  const partial = partialPath(cache, key);
  try {
    return await explainDiskErrors(cache, async () => {
      await mkdir(partial);
      await build(partial);
      return await keepTree(cache, key, partial);
    });
  } finally {
    await rm(partial, { recursive: true, force: true });
    await sweep(cache);
  }
}

async function findTree(cache: SubjectCache, key: string): Promise<string | undefined> {
  const record = await readRecord(join(cache.folder, "trees", `${key}.json`));
  if (!record) return undefined;
  const folder = join(cache.folder, "trees", record.folder);
  return (await isTreeIntact(folder, record.digest)) ? folder : undefined;
}

async function readRecord(path: string): Promise<TreeRecord | undefined> {
  try {
    const record = JSON.parse(await readFile(path, "utf8")) as TreeRecord;
    const usable = record.format === TREE_FORMAT && record.folder === basename(record.folder) && typeof record.digest === "object";
    return usable ? record : undefined;
  } catch {
    return undefined;
  }
}

async function keepTree(cache: SubjectCache, key: string, partial: string): Promise<string> {
  const digest = await digestTree(partial);
  // Another process may have finished meanwhile; its tree is as good, and one path is better than two.
  const known = await findTree(cache, key);
  if (known !== undefined) return known;
  const name = `${key.slice(0, 16)}-${randomBytes(4).toString("hex")}`;
  const folder = join(cache.folder, "trees", name);
  await rename(partial, folder);
  const record: TreeRecord = { format: TREE_FORMAT, folder: name, digest };
  const partialRecord = partialPath(cache, `${key}.json`);
  await writeFile(partialRecord, JSON.stringify(record));
  await rename(partialRecord, join(cache.folder, "trees", `${key}.json`));
  return folder;
}

/** Deletes what crashed or outdated runs left: partial files and trees no record names, a week old. */
async function sweep(cache: SubjectCache): Promise<void> {
  const trees = join(cache.folder, "trees");
  const names = await readdir(trees).catch(() => []);
  const records = await Promise.all(names.filter((name) => name.endsWith(".json")).map((name) => readRecord(join(trees, name))));
  const used = new Set(records.map((record) => record?.folder));
  const unused = names.filter((name) => !name.endsWith(".json") && !used.has(name)).map((name) => join(trees, name));
  const partials = join(cache.folder, "partial");
  const unfinished = (await readdir(partials).catch(() => [])).map((name) => join(partials, name));
  for (const path of [...unused, ...unfinished]) {
    const status = await stat(path).catch(() => undefined);
    const abandoned = status !== undefined && Date.now() - status.mtimeMs > ABANDONED_MILLISECONDS;
    if (abandoned) await rm(path, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** Runs something that writes to the cache; a full or forbidden disk becomes the user's to solve, and says which disk. */
export async function explainDiskErrors<T>(cache: SubjectCache, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOSPC" || code === "EDQUOT") {
      throw new UserError(`no space left for the cache in ${cache.folder}`, "Free some space, or set RACEPROOF_CACHE to a folder on another disk.");
    }
    if (code === "EACCES" || code === "EPERM" || code === "EROFS") throw unwritable(cache, code);
    throw error;
  }
}

function unwritable(cache: SubjectCache, code: string): UserError {
  return new UserError(`the cache folder ${cache.folder} cannot be written (${code})`, "Set RACEPROOF_CACHE to a folder you may write.");
}
