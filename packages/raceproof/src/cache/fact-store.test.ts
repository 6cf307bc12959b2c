// Facts of an audit, kept on disk: they come back as they were, or not at all.
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { analyzeProgram, LocalPart } from "../facts/index.ts";
import type { StoredModule } from "../facts/index.ts";
import { analyzerIdentity } from "./analyzer-identity.ts";
import { evictStores } from "./evict-stores.ts";
import { openFactStore, openResultStore } from "./index.ts";
import { decodeModules, encodeModules } from "./store-format.ts";

const text = `
import threading

class Shop:
    "Sells things: é, 漢字."
    def __init__(self, items=None):
        self._lock = threading.Lock()
        self.items = items or {}

    def add(self, key, *more, **options):
        with self._lock:
            if key not in self.items:
                self.items[key] = [more]
        threading.Thread(target=self.run, args=(self,)).start()

    def run(self):
        try:
            yield self.items["ключ"]
        except KeyError:
            raise

shop = Shop()
shop.add(1)
`;

async function analyzed(): Promise<Map<string, StoredModule>> {
  const files = ["a.py", "b.py"].map((path) => ({ path, modulePath: path, bytes: new TextEncoder().encode(text) }));
  const { modules } = await analyzeProgram(files, { local: new LocalPart(files, {}), others: [], worthSharing: 0 }, new Map());
  return new Map(files.map(({ path }, index) => [path, modules[index] as StoredModule]));
}

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "raceproof-facts-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

let modulesByPath: ReadonlyMap<string, StoredModule> = new Map();
beforeAll(async () => {
  modulesByPath = await analyzed();
});

const namesIn = async (): Promise<(string | undefined)[]> => (await readdir(join(folder, "facts"))).map((name) => name.split(".").at(-1)).toSorted();
const pathOfStore = async (): Promise<string> => join(folder, "facts", (await readdir(join(folder, "facts"))).find((name) => !name.endsWith(".edits")) ?? "");

describe("a store", () => {
  it("gives back what was saved", async () => {
    const modules = await analyzed();
    expect(await openFactStore(folder, ["x"]).save(modules)).toBe(true);
    expect(await openFactStore(folder, ["x"]).load()).toEqual(modules);
    expect(await openFactStore(folder, ["y"]).load()).toEqual(new Map());
  });

  it("leaves no partial file", async () => {
    await openFactStore(folder, ["x"]).save(await analyzed());
    expect((await readdir(join(folder, "facts"))).map((name) => name.split(".").at(-1))).toEqual(["facts"]);
  });

  it("is empty after any damage", async () => {
    const modules = await analyzed();
    const store = openFactStore(folder, ["x"]);
    await store.save(modules);
    const path = await pathOfStore();
    const bytes = await readFile(path);
    const damages = [Buffer.alloc(0), Buffer.from("x"), bytes.subarray(0, 40), bytes.subarray(0, bytes.length - 1), Buffer.concat([bytes, bytes])];
    for (let at = 0; at < bytes.length; at += Math.ceil(bytes.length / 50)) {
      const flipped = Buffer.from(bytes);
      flipped.writeUInt8((flipped.readUInt8(at) + 1) % 256, at);
      damages.push(flipped);
    }
    for (const damaged of damages) {
      await writeFile(path, damaged);
      expect(await store.load()).toEqual(new Map());
    }
    expect(await store.save(modules)).toBe(true);
    expect(await store.load()).toEqual(modules);
  });

  it("of another build is empty", async () => {
    const modules = await analyzed();
    expect(decodeModules(Buffer.concat(encodeModules(modules, "other")), await analyzerIdentity())).toEqual(new Map());
    expect(decodeModules(Buffer.concat(encodeModules(modules, "same")), "same")).toEqual(modules);
  });

  it("that cannot be written or read is no failure", async () => {
    await writeFile(join(folder, "facts"), "in the way");
    const store = openFactStore(folder, ["x"]);
    expect(await store.save(await analyzed())).toBe(false);
    expect(await store.load()).toEqual(new Map());
  });

  it.each(["\u{e9}", "\u{65e5}\u{1f600}", "\ud800"])("keeps texts with letters like %j", async (letters) => {
    const modules = await analyzed();
    const module = modules.get("a.py") as StoredModule;
    const odd = { ...module, facts: { ...module.facts, value: { ...module.facts.value, exportedClasses: [letters] } } };
    const back = decodeModules(Buffer.concat(encodeModules(new Map([["a.py", odd]]), "same")), "same");
    expect(back.get("a.py")?.facts.value).toEqual(odd.facts.value);
  });
});

describe("the layers of a store", () => {
  it("after an edit only what was edited is written; many edits become one layer again", async () => {
    const files = Array.from({ length: 12 }, (_, index) => [`m${index}.py`, [...modulesByPath.values()][0] as StoredModule] as const);
    await openFactStore(folder, ["x"]).save(new Map(files));
    const lower = await readFile(await pathOfStore());
    const edited = async (count: number): Promise<Map<string, StoredModule>> => {
      const store = openFactStore(folder, ["x"]);
      const next = new Map(await store.load());
      for (const [path] of files.slice(0, count)) next.set(path, { ...(next.get(path) as StoredModule), digest: `edited ${count}` });
      expect(await store.save(next)).toBe(true);
      expect(await openFactStore(folder, ["x"]).load()).toEqual(next);
      return next;
    };
    await edited(2);
    expect(await namesIn()).toEqual(["edits", "facts"]);
    await edited(1);
    expect((await readFile(await pathOfStore())).equals(lower)).toBe(true);
    await edited(5);
    expect(await namesIn()).toEqual(["facts"]);
  });

  it("a damaged upper layer is none", async () => {
    const files = Array.from({ length: 12 }, (_, index) => [`m${index}.py`, [...modulesByPath.values()][0] as StoredModule] as const);
    const store = openFactStore(folder, ["x"]);
    await store.save(new Map(files));
    await store.load();
    await store.save(new Map([...(await store.load()), ["m0.py", { ...(files[0]?.[1] as StoredModule), digest: "edited" }]]));
    await writeFile((await pathOfStore()).replace(/facts$/, "edits"), "damaged");
    expect(await openFactStore(folder, ["x"]).load()).toEqual(new Map(files));
  });
});

describe("a result", () => {
  it("comes back for its key and no other", async () => {
    const store = openResultStore<{ readonly found: readonly string[] }>(folder, ["x"]);
    expect(await store.load("one")).toBeUndefined();
    expect(await store.save("one", { found: ["é", "\ud800"] })).toBe(true);
    expect(await store.load("one")).toEqual({ found: ["é", "\ud800"] });
    expect(await store.load("on")).toBeUndefined();
    expect(await store.load("two")).toBeUndefined();
    expect(await openResultStore(folder, ["y"]).load("one")).toBeUndefined();
    const path = await pathOfStore();
    const bytes = await readFile(path);
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 3) ^ 1, bytes.length - 3);
    await writeFile(path, bytes);
    expect(await store.load("one")).toBeUndefined();
  });
});

describe("eviction", () => {
  it("keeps what was used last within the limit", async () => {
    for (const [index, name] of ["old", "middle", "new"].entries()) {
      await writeFile(join(folder, `${name}.facts`), "0123456789");
      await utimes(join(folder, `${name}.facts`), 1000 + index, 1000 + index);
    }
    await writeFile(join(folder, "left.partial"), "");
    await utimes(join(folder, "left.partial"), 1000, 1000);
    await evictStores(folder, 25);
    expect((await readdir(folder)).toSorted()).toEqual(["middle.facts", "new.facts"]);
  });
});
