// What a test runner printed in, counts out. A runner that broke down counts as one failure, never as nothing.

/** @typedef {{passed: number, failed: number, skipped: number}} Counts */

/**
 * @param {string | undefined} json vitest's JSON report; undefined when it wrote none
 * @param {boolean} ok whether vitest's exit code was 0
 * @returns {Counts}
 */
export function countVitest(json, ok) {
  const report = parse(json);
  if (!report) return brokenDown;
  const unloadable = report.testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0).length;
  const counts = {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unloadable,
    skipped: report.numPendingTests + report.numTodoTests,
  };
  return judged(counts, ok);
}

/**
 * @param {string} output what `python -m unittest` printed
 * @param {boolean} ok whether its exit code was 0
 * @returns {Counts}
 */
export function countUnittest(output, ok) {
  const ran = /^Ran (\d+) tests? in /m.exec(output);
  if (!ran) return brokenDown;
  const ending = /^(?:OK|FAILED|NO TESTS RAN)(?: \((.*)\))?\s*$/m.exec(output.slice(ran.index))?.[1] ?? "";
  const number = (name) => Number(new RegExp(`(?:^|, )${name}=(\\d+)`).exec(ending)?.[1] ?? 0);
  const failed = number("failures") + number("errors") + number("unexpected successes");
  const skipped = number("skipped");
  // Errors of setUpClass and the like are counted as errors but not as run tests.
  return judged({ passed: Math.max(0, Number(ran[1]) - failed - skipped), failed, skipped }, ok);
}

/** @param {Counts[]} all */
export function sumCounts(all) {
  const sum = (name) => all.reduce((total, counts) => total + counts[name], 0);
  return { passed: sum("passed"), failed: sum("failed"), skipped: sum("skipped") };
}

/** @param {Counts} counts */
export function renderCounts({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

const brokenDown = { passed: 0, failed: 1, skipped: 0 };

/** No test at all, or a bad exit code without a failed test, is a failure too. */
function judged(counts, ok) {
  const nothingRan = counts.passed + counts.failed + counts.skipped === 0;
  if (nothingRan || (!ok && counts.failed === 0)) return { ...counts, failed: counts.failed + 1 };
  return counts;
}

function parse(json) {
  try {
    return json === undefined ? undefined : JSON.parse(json);
  } catch {
    return undefined;
  }
}
