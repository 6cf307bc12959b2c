// No committed file names a registry's host or a path of somebody's machine; the engine names none of its subjects.
import { describe, expect, it } from "vitest";
import { readCommittedFiles, type CommittedFile } from "./committed-files.ts";
import { isTestFile } from "./source-module.ts";

const registryHosts = /\b(?:pypi|pythonhosted|npmjs|crates|debian|rubygems)\.(?:org|com|io|net)\b/i;
const machinePaths = /(?<![\w.@:/-])\/(?:root|work|home\/\w+|Users\/\w+)\//;
/** Bindings that extensions are written against, such as PyO3, are interfaces that rules must know, not subjects. */
const subjects = /\b(?:pyfakefs|multidict)\b/i;

/** pip's documented default index is a fact of pip's interface, and stands in exactly one place. */
const defaultIndex = /["'`]https:\/\/[a-z]+\.[a-z]+\/simple\/?["'`]/;

function findMentions(files: readonly CommittedFile[]): string[] {
  return files.flatMap(({ path, text }) =>
    text.split("\n").flatMap((line, index) => {
      const problem = problemIn(path, line);
      return problem ? [`${path}:${index + 1} ${problem}`] : [];
    }),
  );
}

function problemIn(path: string, line: string): string | undefined {
  if (registryHosts.test(line) && !defaultIndex.test(line)) return "names a registry host";
  if (machinePaths.test(line)) return "names a path of one machine";
  const engineRoom = /^packages\/raceproof\/src\/(?!rules\/.*\.md$)(.*)/.exec(path)?.[1];
  if (engineRoom !== undefined && !isTestFile(engineRoom) && subjects.test(line)) return "names a subject";
  return undefined;
}

function findDefaultIndexes(files: readonly CommittedFile[]): string[] {
  return files.filter(({ path, text }) => !isTestFile(path) && defaultIndex.test(text) && registryHosts.test(text)).map(({ path }) => path);
}

const written = /(\.(ts|mjs|js|json|md|py|pyx|c|h|yml|yaml|toml|sh)|^raceproof|^\.ci\/run)$/;
const files = readCommittedFiles(written).filter(({ path }) => path !== "package-lock.json" && path !== "laws/mentions.test.ts");

describe("mentions", () => {
  it("of registry hosts, machines and subjects are absent", () => {
    expect(findMentions(files)).toEqual([]);
  });

  it("of pip's default index stand in at most one file", () => {
    expect(findDefaultIndexes(files).length).toBeLessThanOrEqual(1);
  });

  it.each([
    ["docs/a.md", "see https://registry.npmjs.org/x"],
    ["docs/a.md", "curl files.pythonhosted.org"],
    ["docs/a.md", "in /root/.cache"],
    ["python/a.py", 'open("/home/somebody/x")'],
    ["packages/raceproof/src/facts/a.ts", '// as in pyfakefs, where "x"'],
  ])("in %s are caught: %s", (path, text) => {
    expect(findMentions([{ path, text }])).toHaveLength(1);
  });

  it.each([
    ["README.md", "npm start -- hunt pyfakefs==6.2.0"],
    ["packages/raceproof/src/facts/a.test.ts", "pyfakefs"],
    ["packages/raceproof/src/rules/python/one/README.md", "found in pyfakefs"],
    ["packages/raceproof/src/sources/a.ts", 'const index = "https://pypi.org/simple";'],
    ["docs/a.md", "file:///a/home/x/y and ./work/out/"],
  ])("in %s pass: %s", (path, text) => {
    expect(findMentions([{ path, text }])).toEqual([]);
  });
});
