// Law 3: every rule folder is complete, and no room outside rules/ spells a rule's id or shape.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { listRuleFolders, requiredFilesOf } from "../scripts/rule-folders.mjs";
import { parseModule, readEngine, type SourceModule } from "./source-module.ts";

interface RuleFolder {
  readonly id: string;
  readonly shape: string;
  readonly folder: string;
}

function findIncomplete(folders: readonly RuleFolder[]): string[] {
  return folders.flatMap(({ id, folder }) => [
    ...requiredFilesOf(id.slice(0, id.indexOf("/")))
      .filter((file) => !existsSync(join(folder, file)))
      .map((file) => `${id} has no ${file}`),
    ...(declaredId(folder) === id ? [] : [`${id}: the metadata of rule.ts gives another id`]),
  ]);
}

function declaredId(folder: string): string | undefined {
  const path = join(folder, "rule.ts");
  return existsSync(path) ? /\bid: "([^"]+)"/.exec(readFileSync(path, "utf8"))?.[1] : undefined;
}

/** A string that is a shape's name, or contains a rule's id. */
function findRuleIds(modules: readonly SourceModule[], folders: readonly RuleFolder[]): string[] {
  return modules
    .filter(({ room }) => room !== "rules")
    .flatMap(({ path, strings }) =>
      strings
        .filter(({ text }) => folders.some(({ id, shape }) => text === shape || text.includes(id)))
        .map(({ text, line }) => `${path}:${line} knows a rule: ${text}`),
    );
}

function withFolder(files: Readonly<Record<string, string>>, check: (root: string) => void): void {
  const root = mkdtempSync(join(tmpdir(), "raceproof-laws-"));
  try {
    mkdirSync(join(root, "python", "some-shape"), { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(join(root, "python", "some-shape", name), text);
    check(root);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

describe("law 3: rules", () => {
  it("have complete folders", () => {
    expect(findIncomplete(listRuleFolders())).toEqual([]);
  });

  it("are not named in other rooms", () => {
    expect(findRuleIds(readEngine(), listRuleFolders())).toEqual([]);
  });

  it("catch a folder with a file missing and another id", () => {
    withFolder({ "README.md": "", "rule.ts": 'id: "python/other"' }, (root) => {
      expect(findIncomplete(listRuleFolders(root))).toEqual([
        "python/some-shape has no provoke.ts",
        "python/some-shape: the metadata of rule.ts gives another id",
      ]);
    });
  });

  it("catch a rule id in another room, also inside a longer text", () => {
    const folders = [{ id: "python/some-shape", shape: "some-shape", folder: "" }];
    const module = parseModule("hazards/a.ts", 'const a = "some-shape";\nconst b = `see ${a} python/some-shape:1`;\nconst c = "awesome-shape";');
    expect(findRuleIds([module], folders)).toHaveLength(2);
  });
});
