// The documents hold: links lead somewhere, named commands and npm scripts exist.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { ExitCode } from "../packages/raceproof/src/cli/exit-codes.ts";
import { inRepository } from "../scripts/repository.mjs";
import { readCommittedFiles, type CommittedFile } from "./committed-files.ts";

function findDeadLinks({ path, text }: CommittedFile): string[] {
  return [...text.replace(/```[\s\S]*?```/g, "").matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link]) => (link ?? "").replace(/#.*$/, ""))
    .filter((link) => link !== "" && !/^[a-z]+:/.test(link))
    .filter((link) => !existsSync(inRepository(join(dirname(path), link))))
    .map((link) => `${path}: ${link}`);
}

/** Words after "raceproof" or "npm start --" where code is quoted. */
function findUnknownCommands({ path, text }: CommittedFile, commands: ReadonlySet<string>): string[] {
  const quoted = [...text.matchAll(/```[\s\S]*?```|`[^`\n]+`/g)].map(([code]) => code).join("\n");
  const named = [...quoted.matchAll(/(?:^|[\s`/])(?:raceproof|npm start(?: --silent)? --)[ ]+([a-z]+)\b/gm)].flatMap(([, word]) => word ?? []);
  return named.filter((word) => !commands.has(word)).map((word) => `${path}: raceproof ${word}`);
}

function findUnknownScripts({ path, text }: CommittedFile, scripts: ReadonlySet<string>): string[] {
  return [...text.matchAll(/`[^`]*\bnpm run ([\w:-]+)/g)].flatMap(([, name]) => (name === undefined || scripts.has(name) ? [] : [`${path}: npm run ${name}`]));
}

const documents = readCommittedFiles(/\.md$/).filter(({ path }) => /^[A-Z]+\.md$|^(docs|changelog|examples|litmus|protocol)\//.test(path));

function documentedCommands(): ReadonlySet<string> {
  const path = inRepository("docs", "cli.md");
  return new Set(existsSync(path) ? [...readFileSync(path, "utf8").matchAll(/^## raceproof (\S+)/gm)].flatMap(([, name]) => name ?? []) : []);
}

describe("documents", () => {
  it("link to files that exist", () => {
    expect(documents.flatMap(findDeadLinks)).toEqual([]);
  });

  it("name commands that exist", () => {
    const commands = documentedCommands();
    expect(documents.flatMap((document) => findUnknownCommands(document, commands))).toEqual([]);
  });

  it("name npm scripts that exist", () => {
    const manifest = JSON.parse(readFileSync(inRepository("package.json"), "utf8")) as { scripts: Record<string, string> };
    expect(documents.flatMap((document) => findUnknownScripts(document, new Set(Object.keys(manifest.scripts))))).toEqual([]);
  });

  it("list the exit codes that exist", () => {
    const listed = [...readFileSync(inRepository("docs", "exit-codes.md"), "utf8").matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code));
    expect(listed).toEqual(Object.values(ExitCode).toSorted((a, b) => a - b));
  });

  it("are caught when they do not hold", () => {
    expect(findDeadLinks({ path: "docs/a.md", text: "[x](no-such-file.md) [y](https://example.org) [z](#here)" })).toEqual(["docs/a.md: no-such-file.md"]);
    expect(
      findUnknownCommands({ path: "a.md", text: "`raceproof fly` raceproof walks\n```\nnpm start -- swim\n./raceproof audit x\n```" }, new Set(["audit"])),
    ).toEqual(["a.md: raceproof fly", "a.md: raceproof swim"]);
    expect(findUnknownScripts({ path: "a.md", text: "`npm run fly`" }, new Set(["lint"]))).toHaveLength(1);
  });
});
