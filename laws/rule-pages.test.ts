// Every rule's README.md is its specification and its test: marked lines are reported, and no others.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { auditSources } from "../packages/raceproof/src/audit.ts";
import { auditNativeFiles } from "../packages/raceproof/src/native-audit.ts";
import { nativeRules, rustRules } from "../packages/raceproof/src/rules/index.ts";
import { auditRustFiles } from "../packages/raceproof/src/rust-audit.ts";
import type { RuleMetadata } from "../packages/raceproof/src/vocabulary/index.ts";
import { listRuleFolders } from "../scripts/rule-folders.mjs";
import { findBadMarkers, judgeExample, readExamples, type PageExample, type ReportedLine } from "./rule-page.ts";

const encoder = new TextEncoder();

async function audit(example: PageExample, rule: string): Promise<ReportedLine[]> {
  const files = example.files.map(({ path, text }) => ({ path, bytes: encoder.encode(text) }));
  const isTested = ({ metadata }: { readonly metadata: RuleMetadata }): boolean => metadata.id === rule;
  const { hazards } = nativeRules.some(isTested)
    ? await auditNativeFiles(files, nativeRules.filter(isTested))
    : rustRules.some(isTested)
      ? await auditRustFiles(files, rustRules.filter(isTested))
      : auditSources(files, { rules: [rule] });
  return hazards.map(({ span }) => ({ file: span.file, line: span.line }));
}

describe.each(listRuleFolders())("rule page of $id", ({ id, shape, folder }) => {
  const page = join(folder, "README.md");
  const examples = existsSync(page) ? readExamples(readFileSync(page, "utf8")) : [];

  it("shows a hazard and a program without one", () => {
    expect(examples.some(({ markers }) => markers.some(({ kind }) => kind === "hazard"))).toBe(true);
    expect(examples.some(({ markers }) => markers.length === 0)).toBe(true);
  });

  it.each(examples.map((example) => [example.fenceLine, example] as const))("keeps its promises in the block of line %i", async (_line, example) => {
    expect(findBadMarkers(example, shape)).toEqual([]);
    expect(judgeExample(example, await audit(example, id))).toEqual([]);
  });
});

it("there are rules", () => {
  expect(listRuleFolders().length).toBeGreaterThan(0);
});
