// Guards on real races: each must fail on the released code and hold on a fixed copy, on every interpreter.
// Enters: pyfakefs from the package index, a checkout of multidict (--multidict FOLDER). Leaves: a table on standard output.
// One call per cell: `--replays` executions of the plan in one fresh process, and the exploration; then `--fresh` whole guards more.
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { parseArgs } from "node:util";
import { builtPackage, inRepository } from "../../scripts/repository.mjs";
import { applyFix, fixes } from "./fixes.mjs";

const { values } = parseArgs({
  options: {
    multidict: { type: "string" },
    replays: { type: "string", default: "200" },
    fresh: { type: "string", default: "3" },
    only: { type: "string", default: "" },
    python: { type: "string", multiple: true, default: [] },
  },
});
const { confirmDriver, defaultBudget, discoverRuntimes, loadDriverFile, provideRequirements, testedSubject } = await import(
  join(builtPackage, "confirmations", "index.js")
);
const { renderReplayGuard } = await import(join(builtPackage, "guards", "index.js"));
const { defaultCacheFolder, fetchSubject, parseSpecification } = await import(join(builtPackage, "sources", "index.js"));

const folder = mkdtempSync(join(tmpdir(), "raceproof-bench-guards-"));
const cacheFolder = defaultCacheFolder(process.env);
const { runtimes } = await discoverRuntimes();
const recorder = runtimes.find(({ id }) => id.startsWith("cpython-3.12")) ?? runtimes[0];

function sourceOf(driver) {
  if (!driver.startsWith("multidict")) return { specification: "pyfakefs==6.2.0", folder: inRepository("examples", "pyfakefs-1321", "drivers") };
  return values.multidict === undefined ? undefined : { specification: values.multidict, folder: inRepository("bench", "guards", "drivers") };
}

/** A witness recorded now, its guard in a file, the package as it is and a fixed copy of it. */
async function prepare(driver) {
  const source = sourceOf(driver);
  if (source === undefined) return undefined;
  const subject = await fetchSubject(parseSpecification(source.specification, process.cwd()), { cacheFolder });
  const text = await loadDriverFile(join(source.folder, `${driver}.py`));
  const requirements = await provideRequirements(subject, recorder, cacheFolder);
  const budget = { ...defaultBudget, bound: 1, secondsPerHazard: 60 };
  const setting = { subject: testedSubject(subject, requirements.paths), runtime: recorder, budget, workers: 1, replayOn: [] };
  const { witness, reason } = await confirmDriver(text, setting);
  if (witness === undefined) throw new Error(`${driver} is not proved: ${reason}`);
  const own = join(folder, driver);
  for (const arm of ["unfixed", "fixed"])
    for (const name of subject.topLevelModules) cpSync(join(subject.importRoot, name), join(own, arm, name), { recursive: true });
  applyFix(driver, join(own, "fixed"));
  const guard = renderReplayGuard(witness);
  const file = join(own, guard.name);
  writeFileSync(file, guard.text);
  return { driver, file, own, subject };
}

function runGuard(runtime, { file, own, requirements }, arm, replays) {
  const paths = [join(own, arm), ...requirements, inRepository("python", "agent"), inRepository("python", "pytest-plugin")];
  const environment = { ...process.env, PYTHONPATH: paths.join(delimiter), PYTHONDONTWRITEBYTECODE: "1" };
  return new Promise((done) => {
    execFile(runtime.executable, ["-m", "pytest_raceproof", file, "--replays", replays], { env: environment }, (_, stdout, stderr) => {
      done(stdout.startsWith("{") ? JSON.parse(stdout) : { kind: "broken", reason: stderr.slice(-300) });
    });
  });
}

async function runCell(runtime, prepared, arm) {
  const first = await runGuard(runtime, prepared, arm, values.replays);
  const wanted = arm === "fixed" ? "holds" : "fails";
  let asWanted = first.kind === wanted ? 1 : 0;
  for (let time = 0; time < Number(values.fresh); time += 1) asWanted += (await runGuard(runtime, prepared, arm, "20")).kind === wanted ? 1 : 0;
  return { ...first, asWanted };
}

async function runRow(prepared, runtime) {
  const { paths } = await provideRequirements(prepared.subject, runtime, cacheFolder).catch((error) => ({ paths: [], error }));
  const on = { ...prepared, requirements: paths };
  const unfixed = await runCell(runtime, on, "unfixed");
  const fixed = await runCell(runtime, on, "fixed");
  const guards = `${unfixed.asWanted} + ${fixed.asWanted} of ${2 * (Number(values.fresh) + 1)}`;
  const cells = [`${unfixed.failing}/${unfixed.replays}`, `${fixed.replays - fixed.failing}/${fixed.replays}`, fixed.schedules, guards];
  const odd = [unfixed, fixed].find(({ kind }) => kind !== "fails" && kind !== "holds");
  return `| ${[prepared.driver, runtime.id, ...(odd ? [`${odd.kind}: ${odd.reason.split("\n")[0].slice(0, 90)}`, "", "", ""] : cells)].join(" | ")} |\n`;
}

async function inParallel(jobs, workers) {
  const waiting = [...jobs];
  await Promise.all(
    Array.from({ length: workers }, async () => {
      for (let job = waiting.shift(); job; job = waiting.shift()) process.stdout.write(await job());
    }),
  );
}

try {
  mkdirSync(folder, { recursive: true });
  const chosen = [...runtimes, ...values.python.map((executable) => ({ id: executable, executable }))];
  process.stdout.write(
    "| driver | interpreter | unfixed: replays that fail | fixed: replays that hold | schedules around | guards as wanted |\n|---|---|---|---|---|---|\n",
  );
  for (const driver of Object.keys(fixes).filter((name) => new RegExp(values.only).test(name))) {
    const prepared = await prepare(driver);
    if (prepared === undefined) process.stdout.write(`| ${driver} | no --multidict given | | | | |\n`);
    else
      await inParallel(
        chosen.map((runtime) => () => runRow(prepared, runtime)),
        availableParallelism(),
      );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
