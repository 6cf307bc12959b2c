// A folder and a name for the subject in, a store for the last result of its audit out. A result comes back for the very key it was saved
// with, and only in the build that saved it.
import { join } from "node:path";
import { deserialize, serialize } from "node:v8";
import { analyzerIdentity } from "./analyzer-identity.ts";
import { readSealed, writeSealed } from "./sealed-file.ts";
import { storeName } from "./store-name.ts";

/** Of results: plain data; fields that are undefined come back absent. */
export interface ResultStore<T> {
  load(key: string): Promise<T | undefined>;
  /** False when it could not be written. */
  save(key: string, result: T): Promise<boolean>;
}

/** `about`: what tells this subject's result from that of another. */
export function openResultStore<T>(cacheFolder: string, about: readonly string[]): ResultStore<T> {
  return openLockedStore(cacheFolder, about, {
    ending: "result",
    encode: (result) => Buffer.from(JSON.stringify(result)),
    decode: (bytes) => JSON.parse(bytes.toString("utf8")) as T,
  });
}

/** For maps and arrays of numbers, which come back as they were. */
export function openStateStore<T>(cacheFolder: string, about: readonly string[]): ResultStore<T> {
  return openLockedStore(cacheFolder, about, { ending: "state", encode: serialize, decode: (bytes) => deserialize(bytes) as T });
}

interface Form<T> {
  readonly ending: string;
  encode(result: T): Buffer;
  decode(bytes: Buffer): T;
}

function openLockedStore<T>(cacheFolder: string, about: readonly string[], { ending, encode, decode }: Form<T>): ResultStore<T> {
  const path = join(cacheFolder, "facts", `${storeName(about)}.${ending}`);
  const lockOf = async (key: string): Promise<Buffer> => Buffer.from(`${await analyzerIdentity()} ${key}\n`);
  return {
    load: async (key) => {
      const content = await readSealed(path);
      const lock = await lockOf(key);
      return content?.subarray(0, lock.length).equals(lock) ? decode(content.subarray(lock.length)) : undefined;
    },
    save: async (key, result) => writeSealed(path, [await lockOf(key), encode(result)]),
  };
}
