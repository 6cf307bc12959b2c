// A new rule's folder: complete, filled in, refused under a bad name, and with an example that fails.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { judgeExample, readExamples } from "../laws/rule-page.ts";
import { problemWithRuleId, writeRuleFolder } from "./new-rule.mjs";
import { requiredFilesOf } from "./rule-folders.mjs";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "raceproof-rule-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("a new rule", () => {
  it.each([undefined, "python", "cobol/some-shape", "python/SomeShape", "python/a/b", "python/a--b"])("is refused as %s", (id) => {
    expect(problemWithRuleId(id, folder)).toBeTypeOf("string");
  });

  it("is refused when it is there already", () => {
    expect(problemWithRuleId("python/some-shape", folder)).toBeUndefined();
    writeRuleFolder("python/some-shape", folder);
    expect(problemWithRuleId("python/some-shape", folder)).toContain("already");
  });

  it("has every required file, with nothing left to fill in", () => {
    const written = writeRuleFolder("python/some-shape", folder);
    expect(readdirSync(written).toSorted()).toEqual(requiredFilesOf("python").toSorted());
    const text = readdirSync(written).map((file) => readFileSync(join(written, file), "utf8"));
    expect(text.join("")).not.toMatch(/\{\{|undefined/);
  });

  it("has a page whose example fails until the rule finds it, and one that passes", () => {
    const page = readFileSync(join(writeRuleFolder("python/some-shape", folder), "README.md"), "utf8");
    expect(readExamples(page).map((example) => judgeExample(example, []).length)).toEqual([1, 0]);
  });
});
