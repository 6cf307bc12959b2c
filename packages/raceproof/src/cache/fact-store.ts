// A folder and a name for the subject in, a store for its modules out. A store that is damaged, of another version or not readable is
// an empty one, and one that cannot be written stays as it was: the audit goes on without.
import { createHash, randomBytes } from "node:crypto";
import { mkdir, readFile, rename, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { StoredModule } from "../facts/index.ts";
import { analyzerIdentity } from "./analyzer-identity.ts";
import { evictStores } from "./evict-stores.ts";
import { decodeModules, encodeModules } from "./store-format.ts";

export interface FactStore {
  /** By path of the file; empty when there is nothing usable. */
  load(): Promise<ReadonlyMap<string, StoredModule>>;
  /** False when it could not be written. */
  save(modules: ReadonlyMap<string, StoredModule>): Promise<boolean>;
}

const digestBytes = 32;

/** `about`: everything besides the files that the analysis depends on. */
export function openFactStore(cacheFolder: string, about: readonly string[]): FactStore {
  const folder = join(cacheFolder, "facts");
  const name = createHash("sha256").update(JSON.stringify(about)).digest("hex").slice(0, 32);
  return new PackedStore(folder, join(folder, `${name}.facts`));
}

class PackedStore implements FactStore {
  private readonly folder: string;
  private readonly path: string;

  constructor(folder: string, path: string) {
    this.folder = folder;
    this.path = path;
  }

  async load(): Promise<ReadonlyMap<string, StoredModule>> {
    try {
      const bytes = await readFile(this.path);
      const content = bytes.subarray(digestBytes);
      if (!bytes.subarray(0, digestBytes).equals(digestOf(content))) return new Map();
      const modules = decodeModules(content, await analyzerIdentity());
      const now = new Date();
      // What is used stays; failing to say so costs nothing.
      await utimes(this.path, now, now).catch(() => undefined);
      return modules;
    } catch {
      return new Map();
    }
  }

  async save(modules: ReadonlyMap<string, StoredModule>): Promise<boolean> {
    const partial = join(this.folder, `${randomBytes(8).toString("hex")}.partial`);
    try {
      const content = encodeModules(modules, await analyzerIdentity());
      await mkdir(this.folder, { recursive: true });
      await writeFile(partial, Buffer.concat([digestOf(content), content]));
      await rename(partial, this.path);
      await evictStores(this.folder);
      return true;
    } catch {
      await rm(partial, { force: true }).catch(() => undefined);
      return false;
    }
  }
}

function digestOf(content: Uint8Array): Buffer {
  return createHash("sha256").update(content).digest();
}
