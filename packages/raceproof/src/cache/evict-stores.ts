// A folder of stores in, the same without the longest unused ones out: bounded in size, and without what crashed runs left.
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";

const mostBytes = 512 * 1024 * 1024;
const abandonedMilliseconds = 24 * 60 * 60 * 1000;

interface Entry {
  readonly path: string;
  readonly bytes: number;
  readonly used: number;
}

export async function evictStores(folder: string, limit: number = mostBytes): Promise<void> {
  const entries = (await Promise.all((await readdir(folder)).map((name) => describe(join(folder, name))))).filter((entry) => entry !== undefined);
  let left = limit;
  for (const { path, bytes, used } of entries.toSorted((a, b) => b.used - a.used)) {
    const abandoned = path.endsWith(".partial") && Date.now() - used > abandonedMilliseconds;
    left -= bytes;
    if (abandoned || left < 0) await rm(path, { force: true });
  }
}

async function describe(path: string): Promise<Entry | undefined> {
  const status = await stat(path).catch(() => undefined);
  return status && { path, bytes: status.size, used: status.mtimeMs };
}
