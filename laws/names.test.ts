// Law 5: no file, folder or exported name is called util, helper and the like; files are kebab-case; exports are named.
import { describe, expect, it } from "vitest";
import { parseModule, readEngine, type SourceModule } from "./source-module.ts";

const emptyWords = new Set("util utils helper helpers common misc manager managers service services data info core types".split(" "));

/** The word a name is about is its last one: `data-race` is a race, `race-data` is data. */
function isEmptyName(name: string): boolean {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .toLowerCase()
    .split(/[-_]/);
  return emptyWords.has(words.at(-1) ?? "");
}

function findEmptyNames(modules: readonly SourceModule[]): string[] {
  return modules.flatMap(({ path, exports }) => {
    const segments = path.replace(/\.ts$/, "").split("/");
    const types = exports.filter((name) => /^[A-Z]/.test(name));
    return [...segments, ...types].filter(isEmptyName).map((name) => `${path}: ${name} says nothing`);
  });
}

function findBadForms(modules: readonly SourceModule[]): string[] {
  return modules.flatMap(({ path, hasDefaultExport }) => [
    ...path
      .replace(/\.ts$/, "")
      .split("/")
      .filter((segment) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(segment))
      .map((segment) => `${path}: ${segment} is not kebab-case`),
    ...(hasDefaultExport ? [`${path}: default export`] : []),
  ]);
}

describe("law 5: names", () => {
  it("say something", () => {
    expect(findEmptyNames(readEngine())).toEqual([]);
  });

  it("are kebab-case for files, and exports are named", () => {
    expect(findBadForms(readEngine())).toEqual([]);
  });

  it.each(["facts/utils.ts", "facts/path-helper.ts", "facts/core/a.ts", "sources/common.ts", "facts/types.ts", "rules/python/services/a.ts"])(
    "catch the file %s",
    (path) => {
      expect(findEmptyNames([parseModule(path, "")])).toHaveLength(1);
    },
  );

  it.each(["LockManager", "ThreadInfo", "SubjectData"])("catch the type %s", (name) => {
    expect(findEmptyNames([parseModule("facts/a.ts", `export interface ${name} {}`)])).toHaveLength(1);
  });

  it("let names through that only contain such a word", () => {
    expect(findEmptyNames([parseModule("facts/data-race.ts", "export interface TypeHint {}; export interface CoreDump {}")])).toEqual([]);
  });

  it("catch camel-case files and default exports", () => {
    expect(findBadForms([parseModule("facts/lockSpans.ts", "export default 1;")])).toHaveLength(2);
  });
});
