// Steady witnesses and drivers are told from those that are not.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { isSteady } from "../../vocabulary/index.ts";
import { defaultBudget } from "../confirmation-options.ts";
import { confirmDriver } from "../confirm-driver.ts";
import { discoverRuntimes } from "../runtimes/discover-runtimes.ts";
import { recheckDrivers } from "./recheck-drivers.ts";
import { recheckWitnesses } from "./recheck-witnesses.ts";

const root = mkdtempSync(join(tmpdir(), "raceproof-recheck-"));
afterAll(() => rmSync(root, { recursive: true }));
writeFileSync(join(root, "till.py"), "class Till:\n    def __init__(self):\n        self.total = 0\n\n    def add(self):\n        self.total += 1\n");
const [runtime] = (await discoverRuntimes()).runtimes;
if (runtime === undefined) throw new Error("no Python to test with");
const subject = { specification: "till", root, importPaths: [root], instrument: ["till"] };
const setting = { subject, runtime, times: 10, hashSeeds: 2 };

function driver(setup: string): { name: string; source: string } {
  const source = `import os\nfrom till import Till\n\n\ndef setup():\n    ${setup}\n    return Till()\n\n\ndef operation_a(till):\n    till.add()\n\n\ndef operation_b(till):\n    till.add()\n`;
  return { name: "till", source };
}

it("counts replays, hash seeds and traces", async () => {
  const { witness } = await confirmDriver(driver("pass"), { subject, runtime, budget: defaultBudget, workers: 1, replayOn: [] });
  if (witness === undefined) throw new Error("not confirmed");
  const other = { ...witness, failure: { kind: "exception", summary: "IndexError@till:Till.add" } } as const;
  const [steady, unsteady] = await recheckWitnesses([witness, other], setting);
  expect(steady).toEqual({
    runtime: runtime.id,
    replays: { good: 10, all: 10 },
    hashSeeds: { good: 2, all: 2 },
    traces: { good: 1, all: 1 },
    problems: [],
  });
  expect(unsteady).toMatchObject({ replays: { good: 0, all: 10 }, hashSeeds: { good: 0, all: 2 } });
  expect(unsteady?.problems[0]).toContain("it fails in another way");
});

it("finds a driver that does not do the same each time", async () => {
  const file = JSON.stringify(join(root, "count"));
  const { source } = driver(`open(${file}, "a").write(".")`);
  const counting = `${source}\n\ndef operation_c(till):\n    if os.path.getsize(${file}) % 7 == 0:\n        till.add()\n`;
  const absent = { name: "absent", source: counting.replace("from till", "from nowhere") };
  const rows = await recheckDrivers([driver("pass"), { name: "till", source: counting }, absent], setting);
  expect(rows.map(isSteady)).toEqual([true, false, false]);
  expect(rows.map(({ problems }) => problems)).toEqual([[], [expect.any(String)], [expect.stringContaining("nowhere")]]);
});
