// Enters: files on disk. Leaves: digests of them, and whether a tree still is what it was.
// Byte code that running the tree leaves behind (__pycache__) is not part of a tree.
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
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
  for (const path of await listTree(folder)) digest[path] = await digestFile(join(folder, path), "sha256");
  return digest;
}

/** True when the folder holds exactly the files of the digest, unchanged. */
export async function isTreeIntact(folder: string, digest: TreeDigest): Promise<boolean> {
  try {
    const paths = await listTree(folder);
    if (paths.length !== Object.keys(digest).length) return false;
    for (const path of paths) {
      if (digest[path] === undefined || (await digestFile(join(folder, path), "sha256")) !== digest[path]) return false;
    }
    return true;
  } catch {
    return false;
  }
}

async function listTree(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory());
  const paths = files.map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"));
  return paths.filter((path) => !/(^|\/)__pycache__\//.test(path)).toSorted();
}
