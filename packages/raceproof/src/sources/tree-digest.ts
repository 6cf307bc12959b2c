// Enters: files on disk. Leaves: digests of them, and whether a tree still is what it was.
// Byte code that running the tree leaves behind (__pycache__) is not part of a tree.
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";

/** sha256 per file, by path with forward slashes. */
export type TreeDigest = Readonly<Record<string, string>>;

/** Hex digest of a file. @throws the file system's error; Error for an algorithm this Node does not have. */
export async function digestFile(path: string, algorithm: string): Promise<string> {
  const hash = createHash(algorithm);
  for await (const chunk of createReadStream(path) as AsyncIterable<Uint8Array>) hash.update(chunk);
  return hash.digest("hex");
}

export async function digestTree(folder: string): Promise<TreeDigest> {
  const digest: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const batch of inBatches(await listTree(folder))) {
    const digests = await Promise.all(batch.map((path) => digestSmallFile(join(folder, path))));
    for (const [index, path] of batch.entries()) digest[path] = digests[index] ?? "";
  }
  return digest;
}

/** True when the folder holds exactly the files of the digest, unchanged. */
export async function isTreeIntact(folder: string, digest: TreeDigest): Promise<boolean> {
  try {
    const found = await digestTree(folder);
    const paths = Object.keys(found);
    return paths.length === Object.keys(digest).length && paths.every((path) => found[path] === digest[path]);
  } catch {
    return false;
  }
}

// Enough to keep a disk busy, few enough to hold that many files in memory.
const BATCH = 16;

function inBatches(paths: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(paths.length / BATCH) }, (_, index) => paths.slice(index * BATCH, (index + 1) * BATCH));
}

async function digestSmallFile(path: string): Promise<string> {
  return createHash("sha256")
    .update(await readFile(path))
    .digest("hex");
}

async function listTree(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory());
  const paths = files.map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"));
  return paths.filter((path) => !/(^|\/)__pycache__\//.test(path)).toSorted();
}
