// Counting what runners print: a breakdown must never look like success.
import { describe, expect, it } from "vitest";
import { countUnittest, countVitest, renderCounts, sumCounts } from "./test-counts.mjs";

const vitestReport = (overrides: object): string =>
  JSON.stringify({ numPassedTests: 3, numFailedTests: 0, numPendingTests: 1, numTodoTests: 0, testResults: [], ...overrides });

describe("vitest reports", () => {
  it("are counted", () => {
    expect(countVitest(vitestReport({}), true)).toEqual({ passed: 3, failed: 0, skipped: 1 });
  });

  it("with a file that cannot be loaded have a failure", () => {
    const testResults = [{ status: "failed", assertionResults: [] }];
    expect(countVitest(vitestReport({ testResults }), false).failed).toBe(1);
  });

  it.each([
    ["that were never written", undefined, true],
    ["that are cut off", '{"numPassed', true],
    ["with a bad exit code only", vitestReport({}), false],
    ["without any test", vitestReport({ numPassedTests: 0, numPendingTests: 0 }), true],
  ])("%s are one failure", (_name, json, ok) => {
    expect(countVitest(json, ok).failed).toBe(1);
  });
});

describe("unittest output", () => {
  it.each([
    ["Ran 12 tests in 0.1s\n\nOK\n", true, { passed: 12, failed: 0, skipped: 0 }],
    ["Ran 12 tests in 0.1s\n\nOK (skipped=2, expected failures=1)\n", true, { passed: 10, failed: 0, skipped: 2 }],
    ["Ran 12 tests in 0.1s\n\nFAILED (failures=2, errors=1, skipped=3)\n", false, { passed: 6, failed: 3, skipped: 3 }],
    ["Ran 1 test in 0.1s\n\nFAILED (unexpected successes=1)\n", false, { passed: 0, failed: 1, skipped: 0 }],
    ["Ran 0 tests in 0.000s\n\nNO TESTS RAN\n", false, { passed: 0, failed: 1, skipped: 0 }],
    ["Ran 0 tests in 0.000s\n\nOK\n", true, { passed: 0, failed: 1, skipped: 0 }],
    ["Ran 4 tests in 0.1s\n\nOK\n", false, { passed: 4, failed: 1, skipped: 0 }],
    ["Segmentation fault\n", false, { passed: 0, failed: 1, skipped: 0 }],
  ])("%j with exit code 0: %s", (output, ok, counts) => {
    expect(countUnittest(output, ok)).toEqual(counts);
  });
});

describe("sums", () => {
  it("add up and name skipped tests only when there are any", () => {
    const total = sumCounts([
      { passed: 1, failed: 0, skipped: 0 },
      { passed: 2, failed: 1, skipped: 0 },
    ]);
    expect(renderCounts(total)).toBe("3 passed, 1 failed");
    expect(renderCounts({ ...total, skipped: 4 })).toBe("3 passed, 1 failed, 4 skipped");
  });
});
