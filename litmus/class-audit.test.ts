// Correct classes, all pairs of entry points: no report. Classes without protection: a report each. A folder of modules, one plan per class.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { auditSources } from "../packages/raceproof/src/audit.ts";
import { auditClass, defaultBudget } from "../packages/raceproof/src/confirmations/index.ts";
import { findClass, planClass } from "../packages/raceproof/src/rules/index.ts";
import type { ClassAudit } from "../packages/raceproof/src/vocabulary/index.ts";
import { selectTestRuntimes } from "./litmus.ts";

const root = fileURLToPath(new URL("python/controls/", import.meta.url));
const files = readdirSync(join(root, "controls"))
  .filter((name) => name.endsWith(".py"))
  .map((name) => ({ path: `controls/${name}`, bytes: readFileSync(join(root, "controls", name)) }));
const { program, hazards } = auditSources(files);
const classes = [...program.classes.values()]
  .filter((cls) => cls.public && !cls.qualifiedName.startsWith("_"))
  .map((cls) => `${cls.module}:${cls.qualifiedName}`);
const controls = classes.filter((name) => !name.startsWith("controls.broken:"));
const [runtime] = (await selectTestRuntimes()).filter(({ freeThreaded }) => !freeThreaded).slice(-1);

async function exploreClass(name: string): Promise<ClassAudit> {
  const cls = findClass(program, name);
  if (!cls || !runtime) throw new Error(`no ${name}, or nothing to run it on`);
  const subject = { specification: "controls", root, importPaths: [root], instrument: ["controls"] };
  const options = { subject, runtime, budget: { ...defaultBudget, replays: 5 }, workers: 1, replayOn: [] };
  return auditClass({ plan: planClass(program, cls), hazards, seconds: 120 }, options, () => {});
}

function summarize({ failures }: ClassAudit): string[] {
  return failures.map(({ rank, summary, confirmation }) => `${rank}: ${summary} (${confirmation.verdict})`);
}

describe("class audit of correct classes", () => {
  it("has enough of them", () => {
    expect(controls.length).toBeGreaterThanOrEqual(20);
  });

  it.each(controls)(
    "%s: nothing to report",
    async (name) => {
      const audit = await exploreClass(name);
      expect(summarize(audit)).toEqual([]);
      expect(audit).toMatchObject({ uncalled: [], explored: audit.conflicting });
      // Two that wait for a third cannot be judged.
      const undecided = audit.undecided.filter(({ reason }) => !reason.startsWith("a serial order blocks"));
      expect(undecided).toEqual([]);
    },
    120_000,
  );
});

describe("class audit of classes without protection", () => {
  it.each([
    ["controls.broken:BrokenCounter", "wrong-outcome: ", "BrokenCounter.add is interrupted (confirmed)"],
    ["controls.broken:BrokenLru", "crash: KeyError@controls.broken:BrokenLru.__setitem__", "(confirmed)"],
    ["controls.broken:BrokenFree", "crash: IndexError@controls.broken:BrokenFree.take", "(confirmed)"],
    ["controls.broken:EagerWorker", "wrong-outcome: ", "EagerWorker.close is interrupted (confirmed)"],
    ["controls.broken:Handles", "benign: KeyError@controls.broken:Handles.use", "(confirmed)"],
  ])(
    "%s: %s",
    async (name, begin, end) => {
      const found = summarize(await exploreClass(name));
      expect(found.filter((line) => line.startsWith(begin) && line.endsWith(end))).not.toEqual([]);
    },
    120_000,
  );
});
