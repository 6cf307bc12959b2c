// Bytes in, a file that gives back exactly these or nothing: written in one step, and refused when damaged.
import { createHash, randomBytes } from "node:crypto";
import { mkdir, readFile, rename, rm, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { evictStores } from "./evict-stores.ts";

const digestBytes = 32;

/** Undefined when there is no such file, or a damaged one. */
export async function readSealed(path: string): Promise<Buffer | undefined> {
  try {
    const bytes = await readFile(path);
    const content = bytes.subarray(digestBytes);
    if (!bytes.subarray(0, digestBytes).equals(digestOf(content))) return undefined;
    const now = new Date();
    // What is used stays; failing to say so costs nothing.
    await utimes(path, now, now).catch(() => undefined);
    return content;
  } catch {
    return undefined;
  }
}

/** False when it could not be written; what was there stays. */
export async function writeSealed(path: string, content: Uint8Array): Promise<boolean> {
  const folder = dirname(path);
  const partial = join(folder, `${randomBytes(8).toString("hex")}.partial`);
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(partial, [digestOf(content), content]);
    await rename(partial, path);
    await evictStores(folder);
    return true;
  } catch {
    await rm(partial, { force: true }).catch(() => undefined);
    return false;
  }
}

function digestOf(content: Uint8Array): Buffer {
  return createHash("sha256").update(content).digest();
}
