// What the model of a GIL calls impossible, under real threads until one shows it. `node bench/models/impossible.mjs [processes] [busy] [seconds] [part of a name]`
// Enters: the built package, the races of cases.mjs, every CPython from 3.10 on with a GIL; `busy` processes that keep the machine loaded. Leaves: a table,
// and everything that is known of each failure; exit code 1 when there is one.
import { spawn } from "node:child_process";
import { load, ModelBench, subjectOf } from "./under-models.mjs";
import { cases } from "./cases.mjs";

const [processes = 20, busy = 0, secondsPerRepeat = 0.2] = process.argv.slice(2, 5).map(Number);
const { canPlay, discoverRuntimes, loadDriverFile, stressDriver } = await load("confirmations", "index.js");
const { familyOf } = await load("vocabulary", "index.js");

const { runtimes } = await discoverRuntimes();
const real = runtimes.filter(({ id }) => familyOf(id) === "gil");
const player = real.find((runtime) => canPlay("gil", runtime));
if (player === undefined) throw new Error("the model of a GIL needs CPython 3.12 or later");

async function isExcluded(subject, driver) {
  const bench = new ModelBench(subject, player);
  try {
    return (await bench.search("gil", driver)).verdict === "excluded";
  } finally {
    await bench.dispose();
  }
}

const others = Array.from({ length: busy }, () => spawn(process.execPath, ["-e", "for (;;);"], { stdio: "ignore" }));
const failures = [];
try {
  console.log(`| race | ${real.map(({ id }) => id).join(" | ")} |\n|${"---|".repeat(real.length + 1)}`);
  for (const one of cases.filter(({ name }) => name.includes(process.argv[5] ?? ""))) {
    const subject = await subjectOf(one);
    const driver = await loadDriverFile(one.file);
    if (!(await isExcluded(subject, driver))) continue;
    const budget = { repeats: processes, controlRepeats: 0, secondsPerRepeat, seconds: 36_000 };
    const rows = await stressDriver(driver, {
      runtimes: real,
      budget,
      subjectFor: () => Promise.resolve(subject),
      switchIntervals: [1e-6],
    });
    console.log(`| ${one.name} | ${rows.map(({ failing, repeats, note }) => (note === undefined ? `${failing}/${repeats}` : note)).join(" | ")} |`);
    for (const { runtime, stress } of rows) failures.push(...stress.failures.map((failure) => ({ race: one.name, runtime, ...failure })));
  }
} finally {
  for (const other of others) other.kill();
}
for (const failure of failures) console.log(JSON.stringify(failure, undefined, 2));
process.exitCode = failures.length === 0 ? 0 : 1;
