// The cache against damage, crashes, full disks and company.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { UserError } from "../vocabulary/index.ts";
import { cachedTree, defaultCacheFolder, openSubjectCache, type SubjectCache } from "./subject-cache.ts";
import { scratchFolder, writeFiles } from "./testing/scratch.ts";

const FILES = { "p/__init__.py": "x = 1\n", "p/deep/a.py": "y = 2\n" };

/** Asks for the tree of one key and counts how often it is built. */
function trees(cache: SubjectCache): { get: () => Promise<string>; builds: () => number } {
  let builds = 0;
  const get = (): Promise<string> =>
    cachedTree(cache, "0123456789abcdef0123", async (folder) => {
      builds += 1;
      writeFiles(folder, FILES);
    });
  return { get, builds: () => builds };
}

const open = (): Promise<SubjectCache> => openSubjectCache(join(scratchFolder(), "cache"));

describe("a tree", () => {
  it("is built once and keeps its place", async () => {
    const { get, builds } = trees(await open());
    const folder = await get();
    expect(readFileSync(join(folder, "p/deep/a.py"), "utf8")).toBe("y = 2\n");
    expect(await get()).toBe(folder);
    expect(builds()).toBe(1);
  });

  it.each<[string, (folder: string) => void]>([
    ["a changed file", (folder) => writeFileSync(join(folder, "p/deep/a.py"), "y = 3\n")],
    ["a missing file", (folder) => rmSync(join(folder, "p/deep/a.py"))],
    ["a file too many", (folder) => writeFileSync(join(folder, "p/extra.py"), "")],
    ["a cut-off file", (folder) => writeFileSync(join(folder, "p/__init__.py"), "x")],
    ["nothing in it", (folder) => rmSync(folder, { recursive: true })],
  ])("with %s is built again, elsewhere, for others may still read it", async (_what, damage) => {
    const { get, builds } = trees(await open());
    const first = await get();
    damage(first);
    const second = await get();
    expect(readFileSync(join(second, "p/deep/a.py"), "utf8")).toBe("y = 2\n");
    expect(readdirSync(join(second, "p")).toSorted()).toEqual(["__init__.py", "deep"]);
    expect([builds(), second === first]).toEqual([2, false]);
  });

  it.each(["", "{", "[]", '{"format":0}', '{"format":1,"folder":"../outside","digest":{}}'])("with the damaged record %j is built again", async (text) => {
    const cache = await open();
    const { get, builds } = trees(cache);
    await get();
    const [record = ""] = readdirSync(join(cache.folder, "trees")).filter((name) => name.endsWith(".json"));
    writeFileSync(join(cache.folder, "trees", record), text);
    mkdirSync(join(cache.folder, "outside"));
    expect(readFileSync(join(await get(), "p/__init__.py"), "utf8")).toBe("x = 1\n");
    expect(builds()).toBe(2);
  });

  it("stays good when running it leaves byte code behind", async () => {
    const { get, builds } = trees(await open());
    const folder = await get();
    writeFiles(folder, { "p/__pycache__/a.cpython-313.pyc": "code" });
    expect(await get()).toBe(folder);
    expect(builds()).toBe(1);
  });

  it("wanted by many at once is whole for each of them", async () => {
    const cache = await open();
    const folders = await Promise.all(Array.from({ length: 8 }, () => trees(cache).get()));
    for (const folder of folders) expect(readFileSync(join(folder, "p/deep/a.py"), "utf8")).toBe("y = 2\n");
    const later = trees(cache);
    expect(folders).toContain(await later.get());
    expect(later.builds()).toBe(0);
  });

  it("whose build fails leaves nothing, and the failure passes", async () => {
    const cache = await open();
    const failing = cachedTree(cache, "key", async (folder) => {
      writeFiles(folder, FILES);
      throw new Error("half-way");
    });
    await expect(failing).rejects.toThrow("half-way");
    expect(readdirSync(cache.folder, { recursive: true }).toSorted()).toEqual(["archives", "partial", "trees"]);
  });

  it("that nobody names and partial files go after a week, others stay", async () => {
    const cache = await open();
    const used = await trees(cache).get();
    const week = new Date(Date.now() - 8 * 24 * 60 * 60 * 1000);
    const abandoned = ["trees/old", "partial/old"].map((name) => join(cache.folder, name));
    const recent = ["trees/new", "partial/new"].map((name) => join(cache.folder, name));
    for (const folder of [...abandoned, ...recent]) mkdirSync(folder);
    for (const folder of [...abandoned, used]) utimesSync(folder, week, week);
    await cachedTree(cache, "another", async () => undefined);
    expect(abandoned.filter((folder) => existsSync(folder))).toEqual([]);
    expect([...recent, used].filter((folder) => !existsSync(folder))).toEqual([]);
  });
});

describe("the disk", () => {
  it.each([
    ["ENOSPC", "no space left for the cache"],
    ["EDQUOT", "no space left for the cache"],
    ["EROFS", "cannot be written (EROFS)"],
    ["EACCES", "cannot be written (EACCES)"],
  ])("that says %s becomes an error a person understands", async (code, message) => {
    const cache = await open();
    const failing = cachedTree(cache, "key", async () => {
      throw Object.assign(new Error("write failed"), { code });
    });
    const error: unknown = await failing.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UserError);
    expect((error as UserError).message).toContain(message);
    expect((error as UserError).message).toContain(cache.folder);
    expect((error as UserError).advice).toContain("RACEPROOF_CACHE");
  });

  it("where the cache folder should be may hold a file instead", async () => {
    const file = join(writeFiles(scratchFolder(), { file: "" }), "file");
    await expect(openSubjectCache(file)).rejects.toThrow(UserError);
    await expect(openSubjectCache(join(file, "below"))).rejects.toThrow(/cannot be written/);
  });
});

describe("the default folder", () => {
  it("is the chosen one, else XDG's, else the home's", () => {
    const home = { HOME: "/h" };
    expect(defaultCacheFolder(home)).toBe(join("/h", ".cache", "raceproof"));
    expect(defaultCacheFolder({ ...home, XDG_CACHE_HOME: "/x" })).toBe(join("/x", "raceproof"));
    expect(defaultCacheFolder({ ...home, XDG_CACHE_HOME: "relative" })).toBe(join("/h", ".cache", "raceproof"));
    expect(defaultCacheFolder({ ...home, XDG_CACHE_HOME: "/x", RACEPROOF_CACHE: "/r" })).toBe("/r");
  });
});
