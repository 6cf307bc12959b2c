// A wordy driver of a racy till, made as small as the race allows.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { defaultBudget } from "./confirmation-options.ts";
import { confirmDriver } from "./confirm-driver.ts";
import { discoverRuntimes } from "./runtimes/discover-runtimes.ts";

const root = mkdtempSync(join(tmpdir(), "raceproof-smaller-"));
afterAll(() => rmSync(root, { recursive: true }));
writeFileSync(
  join(root, "till.py"),
  `class Till:
    def __init__(self, prices, currency="any"):
        self.prices = dict(prices)
        self.total = 0
        self.names = []

    def note(self, name):
        self.names.append(name)

    def sell(self, name):
        self.total += self.prices[name]
`,
);
const [runtime] = (await discoverRuntimes()).runtimes;
if (runtime === undefined) throw new Error("no Python to test with");

it("keeps what the failure needs", async () => {
  const source = `from till import Till


def setup():
    till = Till([("pen", 4096), ("a rather long name", 3)], currency="coins")
    till.note("before anything happens")
    return till


def operation_a(till):
    till.note("somebody buys")
    till.sell("pen")


def operation_b(till):
    return len(till.prices)


def operation_c(till):
    till.sell("pen")
`;
  const subject = { specification: "till", root, importPaths: [root], instrument: ["till"] };
  const { witness } = await confirmDriver({ name: "till", source }, { subject, runtime, budget: defaultBudget, workers: 1, replayOn: [] });
  expect(witness?.driver.source).toBe(`from till import Till


def setup():
    till = Till([("pen", 1)])
    return till


def operation_a(till):
    till.sell("pen")


def operation_c(till):
    till.sell("pen")
`);
  expect(witness?.plan.map(({ thread }) => thread)).toEqual(expect.arrayContaining([0, 1]));
  expect(witness?.outcome.threads).toHaveLength(2);
});
