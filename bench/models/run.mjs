// The races of this repository under the models of four kinds of interpreters, and under real threads. `node bench/models/run.mjs [repeats] [seconds] [part of a name]`
// Enters: the built package, litmus programs, pyfakefs and multidict from the package index. Leaves: a table on stdout; exit code 1 when a model
// and the expectation, or a model and real threads, contradict each other. Without repeats real threads are left out.
import { cases } from "./cases.mjs";
import { describe, load, ModelBench, runtimeModelNames, subjectOf } from "./under-models.mjs";

const repeats = Number(process.argv[2] ?? 0);
const secondsPerRepeat = Number(process.argv[3] ?? 1);
const { canPlay, discoverRuntimes, loadDriverFile, stressDriver } = await load("confirmations", "index.js");
const { familyOf, modelOfFamily } = await load("vocabulary", "index.js");

const { runtimes } = await discoverRuntimes();
const player = runtimes.find((runtime) => !runtime.freeThreaded && canPlay("gil", runtime));
if (player === undefined) throw new Error("the model of a GIL needs CPython 3.12 or later");
const real = repeats === 0 ? [] : ["gil", "free-threaded", "pypy"].flatMap((family) => runtimes.find(({ id }) => familyOf(id) === family) ?? []);

/** Real threads, the GIL asked for every microsecond. */
async function stress(driver, subject, mostRepeats = repeats) {
  const budget = { repeats: Math.min(repeats, mostRepeats), controlRepeats: 0, secondsPerRepeat, seconds: 3600 };
  return stressDriver(driver, { runtimes: real, budget, subjectFor: () => Promise.resolve(subject), switchIntervals: [1e-6] });
}

const problems = [];
const heads = [...runtimeModelNames, ...real.map(({ id }) => `real ${id}`)];
console.log(`| race (models played on ${player.id}) | ${heads.join(" | ")} |\n|${"---|".repeat(heads.length + 1)}`);
for (const one of cases.filter(({ name }) => name.includes(process.argv[4] ?? ""))) {
  const subject = await subjectOf(one);
  const driver = await loadDriverFile(one.file);
  const bench = new ModelBench(subject, player);
  const answers = new Map();
  for (const model of runtimeModelNames) answers.set(model, await bench.search(model, driver));
  await bench.dispose();
  for (const [model, { isMissedByTraces }] of answers) if (isMissedByTraces) problems.push(`${one.name}: DPOR under ${model} misses what a bound found`);
  const rows = real.length === 0 ? [] : await stress(driver, subject, one.mostRepeats);
  if (one.gil !== undefined && (answers.get("gil").verdict === "reached") !== one.gil)
    problems.push(`${one.name}: the model of a GIL says ${answers.get("gil").verdict}`);
  for (const {
    runtime,
    failing,
    stress: { failures },
  } of rows) {
    const { verdict } = answers.get(modelOfFamily(familyOf(runtime)));
    if (failing > 0 && verdict !== "reached")
      problems.push(`${one.name}: ${failing} failing repeats on ${runtime}, the model says ${verdict}: ${JSON.stringify(failures)}`);
  }
  const cells = rows.map(({ failing, repeats: of, note }) => (of === 0 ? (note ?? "").split(":").slice(0, 2).join(":") : `${failing}/${of}`));
  console.log(`| ${one.name} | ${[...[...answers.values()].map(describe), ...cells].join(" | ")} |`);
}
for (const problem of problems) console.log(`\nWRONG: ${problem}`);
process.exitCode = problems.length === 0 ? 0 : 1;
