// Fact stores that stay open while a process audits the same subject again and again: what one audit found is there for the next without
// being read back. Everything is stored on disk as well, for the next process.
import { openFactStore } from "./fact-store.ts";
import type { FactStore } from "./fact-store.ts";

export class FactMemory {
  private about = "";
  private store: FactStore | undefined;

  /** What was open about something else is forgotten. */
  open(cacheFolder: string, about: readonly string[]): FactStore {
    const name = JSON.stringify([cacheFolder, ...about]);
    if (!this.store || name !== this.about) this.store = keptInMemory(openFactStore(cacheFolder, about));
    this.about = name;
    return this.store;
  }
}

function keptInMemory(store: FactStore): FactStore {
  let kept: ReturnType<FactStore["load"]> | undefined;
  return {
    load: () => (kept ??= store.load()),
    save: (modules) => {
      kept = Promise.resolve(modules);
      return store.save(modules);
    },
  };
}
