// A folder and a name for the subject in, a store for the last result of its audit out. A result comes back for the very key it was saved
// with, and only in the build that saved it.
import { join } from "node:path";
import { analyzerIdentity } from "./analyzer-identity.ts";
import { readSealed, writeSealed } from "./sealed-file.ts";
import { storeName } from "./store-name.ts";

/** Results are plain data: fields that are undefined come back absent. */
export interface ResultStore<T> {
  load(key: string): Promise<T | undefined>;
  /** False when it could not be written. */
  save(key: string, result: T): Promise<boolean>;
}

/** `about`: what tells this subject's result from that of another. */
export function openResultStore<T>(cacheFolder: string, about: readonly string[]): ResultStore<T> {
  const path = join(cacheFolder, "facts", `${storeName(about)}.result`);
  const lockOf = async (key: string): Promise<Buffer> => Buffer.from(`${await analyzerIdentity()} ${key}\n`);
  return {
    load: async (key) => {
      const content = await readSealed(path);
      const lock = await lockOf(key);
      if (!content?.subarray(0, lock.length).equals(lock)) return undefined;
      return JSON.parse(content.toString("utf8", lock.length)) as T;
    },
    save: async (key, result) => writeSealed(path, [await lockOf(key), Buffer.from(JSON.stringify(result))]),
  };
}
