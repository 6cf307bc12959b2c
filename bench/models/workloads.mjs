// The workloads of examples/pyfakefs-1321/stress under the models: none may leave out what real threads showed. `node bench/models/workloads.mjs [part of a name]`
// Enters: the built package, pyfakefs from the package index, the workloads cut down to two threads and two rounds. Leaves: a table on stdout;
// exit code 1 when a model does not reach what failed there, or reaches the control, which may fail nowhere.
import { readdirSync } from "node:fs";
import { inRepository } from "../../scripts/repository.mjs";
import { describe, load, ModelBench, runtimeModelNames } from "./under-models.mjs";

/** Families in which a workload failed in 20 processes per interpreter (CPython 3.11 and 3.13 with a GIL also at 1 µs, 3.13.5t, PyPy 3.11). */
const everywhere = ["gil", "free-threaded", "pypy"];
const withoutGil = ["free-threaded", "pypy"];
const failedIn = {
  "control-listdir": [],
  "shape-1-add-entry": everywhere,
  "shape-2-descriptor-calls": withoutGil,
  "shape-2-open-close": withoutGil,
  "shape-3-create-dir": everywhere,
  "shape-3-directory-size": everywhere,
  "shape-3-mount-points": everywhere,
  "shape-3-ordered-dirs": everywhere,
  "shape-3-scandir": ["free-threaded"],
  "shape-5-link": everywhere,
  "shape-6-patcher": everywhere,
  "shape-7-permission": everywhere,
  "shape-7-umask": everywhere,
  "shape-7-user-id": everywhere,
};

/** Thousands of accesses conflict in its set-up of half a second; a hunt searches around a hazard's own as well. */
const focusOf = { "shape-6-patcher": { focus: /PATCHER|REF_COUNT/, bound: 3, seconds: 400 } };
/** The umask belongs to the process: calls of os.umask are no accesses that the agent sees, so no schedule switches between them and no model speaks of them. */
const unseen = ["shape-7-umask"];

const { canPlay, discoverRuntimes, loadDriverFile, testedSubject } = await load("confirmations", "index.js");
const { fetchSubject, parseSpecification } = await load("sources", "index.js");
const { runtimes } = await discoverRuntimes();
const player = runtimes.find((runtime) => !runtime.freeThreaded && canPlay("gil", runtime));
if (player === undefined) throw new Error("the model of a GIL needs CPython 3.12 or later");
const subject = testedSubject(await fetchSubject(parseSpecification("pyfakefs==6.2.0", process.cwd()), { cacheFolder: undefined }), []);
const folder = inRepository("examples", "pyfakefs-1321", "stress");

/** Numbers that say how much is done become small; what is done stays. */
async function smaller(name) {
  const { source } = await loadDriverFile(`${folder}/${name}.py`);
  const counts = /^(?:THREADS|LOOPS|FILES)\b.*$/gm;
  const shrunk = source.replaceAll(counts, (line) => line.replaceAll(/(?<![\w.])\d[\d_]*/g, (number) => (number.startsWith("0") ? number : "2")));
  return { name, source: `${shrunk.replaceAll(/range\((?:100|50)\)/g, "range(3)").replaceAll("LOOPS * 10", "LOOPS")}\nthreads = threads[:2]\n` };
}

const problems = [];
const bench = new ModelBench(subject, player);
console.log(
  `| workload (models played on ${player.id}) | failed under real threads | ${runtimeModelNames.join(" | ")} |\n|${"---|".repeat(runtimeModelNames.length + 2)}`,
);
for (const file of readdirSync(folder).toSorted()) {
  const name = file.replace(/\.py$/, "");
  if (!name.includes(process.argv[2] ?? "")) continue;
  const failed = failedIn[name];
  if (failed === undefined) throw new Error(`what did ${name} do under real threads?`);
  const driver = await smaller(name);
  const cells = [];
  for (const model of runtimeModelNames) {
    const answer = await bench.search(model, driver, { bound: 2, drawn: 200, seconds: 60, ...focusOf[name] });
    cells.push(describe(answer));
    if (failed.includes(model) && !unseen.includes(name) && answer.verdict !== "reached")
      problems.push(`${name}: failed in ${model}, the model says ${answer.verdict}`);
    if (failed.length === 0 && answer.verdict === "reached") problems.push(`${name}: a control is reached in ${model} (${answer.failure})`);
  }
  console.log(`| ${name}${unseen.includes(name) ? " (unseen)" : ""} | ${failed.join(", ") || "nowhere"} | ${cells.join(" | ")} |`);
}
await bench.dispose();
for (const problem of problems) console.log(`\nWRONG: ${problem}`);
process.exitCode = problems.length === 0 ? 0 : 1;
