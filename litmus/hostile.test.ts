// Programs that break their process in every way: each gets a clear verdict, and nothing of it stays behind.
import { describe, expect, it } from "vitest";
import type { Verdict } from "../packages/raceproof/src/vocabulary/index.ts";
import { confirmProgram, listPrograms, selectTestRuntimes, watchProcesses } from "./litmus.ts";

const expected: Readonly<Record<string, readonly [Verdict, RegExp]>> = {
  allocates: ["unproven", /every operation raises in every serial order \(MemoryError/],
  "always-raises": ["unproven", /every operation raises in every serial order \(ValueError: not today\)/],
  "blocks-in-native-code": ["inconclusive", /blocked outside the scheduler/],
  "closes-descriptors": ["unproven", /in a serial order: (the process ended|broken message)/],
  exits: ["unproven", /in a serial order: the process ended with status 3/],
  "exits-when-interleaved": ["inconclusive", /the tested process ended with status 3|the process ended with status 3/],
  forks: ["clean-within-bound", /every schedule/],
  "import-fails": ["unproven", /import failed: .*a_module_that_nobody_has/],
  "prints-a-gigabyte": ["clean-within-bound", /every schedule/],
  segfaults: ["unproven", /in a serial order: the process ended by SIGSEGV/],
  "segfaults-when-interleaved": ["confirmed", /SIGSEGV.*it failed 5 of 5 times/],
  "setup-fails": ["unproven", /setup\(\) failed: ValueError: not today/],
  "spin-lock": ["not-reproduced", /schedules/],
  spins: ["unproven", /a serial order does not end|in a serial order: no answer/],
  "spins-when-interleaved": ["inconclusive", /did not end/],
  unstable: ["inconclusive", /different outcomes when repeated/],
};

const [runtime] = await selectTestRuntimes();
const watch = watchProcesses();

it("every hostile program has an expected verdict", () => {
  expect(Object.keys(expected)).toEqual(listPrograms("hostile"));
});

describe.concurrent("a hostile program", () => {
  it.each(Object.entries(expected))("gets its verdict: %s", { timeout: 240_000 }, async (name, [verdict, reason]) => {
    if (runtime === undefined) throw new Error("no Python to test with");
    const confirmation = await confirmProgram("hostile", name, runtime);
    expect([confirmation.verdict, confirmation.reason]).toEqual([verdict, expect.stringMatching(reason)]);
  });
});

it("nothing of the hostile programs stays behind", () => {
  const left = watch.leftovers();
  watch.end();
  expect(left).toEqual([]);
});
