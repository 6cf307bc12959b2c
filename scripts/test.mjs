// `npm test`: the suites of TypeScript, then those of the agent on each interpreter.
// The last line of stdout is `N passed, N failed[, N skipped]`; the exit code is 1 when anything failed.
import { execFile, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inRepository, root } from "./repository.mjs";
import { countUnittest, countVitest, renderCounts, sumCounts } from "./test-counts.mjs";
import { findTestInterpreters } from "./test-interpreters.mjs";

/** Everything together, so that a run with set-up stays below twenty minutes; a suite that is cut off counts as failed. */
const deadline = Date.now() + 17 * 60 * 1000;
const unittestSeconds = 8 * 60;
const pythonSuites = [
  inRepository("python", "agent", "tests"),
  inRepository("python", "pytest-plugin", "tests"),
  inRepository("python", "static-guard", "tests"),
];

function millisecondsLeft(most = Infinity) {
  return Math.max(1, Math.min(most, deadline - Date.now()));
}

function runVitest() {
  const folder = mkdtempSync(join(tmpdir(), "raceproof-test-"));
  const report = join(folder, "vitest.json");
  const vitest = inRepository("node_modules", "vitest", "vitest.mjs");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const done = spawnSync(process.execPath, [vitest, "run", ...reporters], { cwd: root, stdio: ["ignore", "inherit", "inherit"], timeout: millisecondsLeft() });
  const json = existsSync(report) ? readFileSync(report, "utf8") : undefined;
  rmSync(folder, { recursive: true, force: true });
  return countVitest(json, done.status === 0);
}

function runUnittest(interpreter, suite) {
  return new Promise((resolve) => {
    const options = { cwd: root, encoding: "utf8", env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1" }, maxBuffer: 64 * 1024 * 1024 };
    execFile(
      interpreter.executable,
      ["-m", "unittest", "discover", "-s", suite],
      { ...options, timeout: millisecondsLeft(unittestSeconds * 1000) },
      (error, stdout, stderr) => {
        const output = `${stdout}${stderr}${error === null ? "" : `${error.message}\n`}`;
        const counts = countUnittest(output, error === null);
        if (counts.failed > 0) process.stdout.write(output);
        process.stdout.write(`${suite.slice(root.length)} on ${interpreter.id}: ${renderCounts(counts)}\n`);
        resolve(counts);
      },
    );
  });
}

async function runPythonSuites() {
  const suites = pythonSuites.filter((suite) => existsSync(suite));
  const interpreters = await findTestInterpreters();
  if (interpreters.length === 0) {
    process.stdout.write("no Python 3.9 or newer found to test the agent on\n");
    return [{ passed: 0, failed: 1, skipped: 0 }];
  }
  const runs = suites.flatMap((suite) => interpreters.map((interpreter) => ({ suite, interpreter })));
  const counts = [];
  // Two at once: they wait for time limits more than they compute.
  const take = async () => {
    for (let run = runs.shift(); run !== undefined; run = runs.shift()) counts.push(await runUnittest(run.interpreter, run.suite));
  };
  await Promise.all([take(), take()]);
  return counts;
}

/** Whatever breaks, the last line is printed and says so. */
async function countFailuresToo(suite) {
  try {
    return await suite();
  } catch (error) {
    process.stdout.write(`${error.stack}\n`);
    return [{ passed: 0, failed: 1, skipped: 0 }];
  }
}

const counts = [...(await countFailuresToo(() => [runVitest()])), ...(await countFailuresToo(runPythonSuites))];
const total = sumCounts(counts);
process.stdout.write(`${renderCounts(total)}\n`);
process.exitCode = total.failed > 0 ? 1 : 0;
