// Enters: an archive whose digest is known. Leaves: the folder of its unpacked content, from the cache when it is there.
// A source archive keeps everything in one folder named after the release; that folder is what leaves.
import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Notification } from "../vocabulary/index.ts";
import { unpackArchive } from "./archives/unpack-archive.ts";
import { DEFAULT_LIMITS } from "./archives/unpacking-limits.ts";
import { cachedTree, type SubjectCache } from "./subject-cache.ts";

export interface DigestedArchive {
  readonly path: string;
  readonly sha256: string;
}

/** @throws UserError for a damaged, hostile or unreadable archive, or a full disk. */
export async function unpackedArchive(archive: DigestedArchive, cache: SubjectCache, onNotification: (notification: Notification) => void): Promise<string> {
  const tree = await cachedTree(cache, archive.sha256, (folder) =>
    unpackArchive(archive.path, { archive: basename(archive.path), folder, limits: DEFAULT_LIMITS, outsideLinks: "refuse", onNotification }),
  );
  if (archive.path.endsWith(".whl")) return tree;
  const entries = await readdir(tree, { withFileTypes: true });
  const [only] = entries;
  return entries.length === 1 && only?.isDirectory() ? join(tree, only.name) : tree;
}
