// Bytes in, a file that gives back exactly these or nothing: written in one step, and refused when damaged.
import { createHash, randomBytes } from "node:crypto";
import { mkdir, open, readFile, rename, rm, utimes } from "node:fs/promises";
import { dirname, join } from "node:path";
import { evictStores } from "./evict-stores.ts";

const digestBytes = 32;

/** Undefined when there is no such file, or a damaged one. */
export async function readSealed(path: string): Promise<Buffer | undefined> {
  try {
    const bytes = await readFile(path);
    const content = bytes.subarray(digestBytes);
    if (!bytes.subarray(0, digestBytes).equals(digestOf([content]))) return undefined;
    const now = new Date();
    // What is used stays; failing to say so costs nothing.
    await utimes(path, now, now).catch(() => undefined);
    return content;
  } catch {
    return undefined;
  }
}

/** The parts one after the other, which nobody has to join before. False when they could not be written; what was there stays. */
export async function writeSealed(path: string, parts: readonly Uint8Array[]): Promise<boolean> {
  const folder = dirname(path);
  const partial = join(folder, `${randomBytes(8).toString("hex")}.partial`);
  try {
    await mkdir(folder, { recursive: true });
    await writeParts(partial, [digestOf(parts), ...parts]);
    await rename(partial, path);
    await evictStores(folder);
    return true;
  } catch {
    await rm(partial, { force: true }).catch(() => undefined);
    return false;
  }
}

async function writeParts(path: string, parts: readonly Uint8Array[]): Promise<void> {
  const file = await open(path, "w");
  try {
    const { bytesWritten } = await file.writev(parts);
    if (bytesWritten !== parts.reduce((sum, part) => sum + part.length, 0)) throw new Error(`${path} could be written in part only`);
  } finally {
    await file.close();
  }
}

function digestOf(parts: readonly Uint8Array[]): Buffer {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
}
