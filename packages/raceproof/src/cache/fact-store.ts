// A folder and a name for the subject in, a store for its modules out. A store that is damaged, of another version or not readable is
// an empty one, and one that cannot be written stays as it was: the audit goes on without.
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { StoredModule } from "../facts/index.ts";
import { analyzerIdentity } from "./analyzer-identity.ts";
import { readSealed, writeSealed } from "./sealed-file.ts";
import { decodeModules, encodeModules } from "./store-format.ts";
import { storeName } from "./store-name.ts";

export interface FactStore {
  /** By path of the file; empty when there is nothing usable. */
  load(): Promise<ReadonlyMap<string, StoredModule>>;
  /** Of modules that `load` gave, only what differs is written. False when it could not be written. */
  save(modules: ReadonlyMap<string, StoredModule>): Promise<boolean>;
}

/** `about`: everything besides the files that the analysis depends on. */
export function openFactStore(cacheFolder: string, about: readonly string[]): FactStore {
  return new LayeredStore(join(cacheFolder, "facts", storeName(about)));
}

type Modules = ReadonlyMap<string, StoredModule>;

/** More than this share of the modules in the upper layer, and both become one again. */
const largestUpperLayer = 0.2;

/** Two files: most modules in the lower one, which stays, and those edited since then in the upper one, which is written after each edit. */
class LayeredStore implements FactStore {
  private readonly lowerPath: string;
  private readonly upperPath: string;
  private lower: Modules = new Map();

  constructor(path: string) {
    this.lowerPath = `${path}.facts`;
    this.upperPath = `${path}.edits`;
  }

  async load(): Promise<Modules> {
    this.lower = await readModules(this.lowerPath);
    return new Map([...this.lower, ...(await readModules(this.upperPath))]);
  }

  async save(modules: Modules): Promise<boolean> {
    const edited = new Map([...modules].filter(([path, module]) => this.lower.get(path) !== module));
    const fits = edited.size <= largestUpperLayer * modules.size;
    if (fits) return writeModules(this.upperPath, edited);
    const written = await writeModules(this.lowerPath, modules);
    if (!written) return false;
    this.lower = modules;
    await rm(this.upperPath, { force: true }).catch(() => undefined);
    return true;
  }
}

async function readModules(path: string): Promise<Modules> {
  const content = await readSealed(path);
  try {
    return content ? decodeModules(content, await analyzerIdentity()) : new Map();
  } catch {
    return new Map();
  }
}

async function writeModules(path: string, modules: Modules): Promise<boolean> {
  return writeSealed(path, encodeModules(modules, await analyzerIdentity()));
}
