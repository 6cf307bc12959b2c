// The runtime matrix of pyfakefs 6.2.0: failing repeats per workload and interpreter. `node bench/stress/run.mjs [--repeats 20] [--seconds 0.5]
// [--controls 2] [--limit 3600] [--only NAME]`. Enters: the built package, pyfakefs from the package index. Leaves: a table on stdout, a line when its workload is
// done; exit code 1 when a control fails, or a cell that fails by hand does not fail at all. `--limit`: seconds per workload, repeats are fewer then.
import { parseArgs } from "node:util";
import { pathToFileURL } from "node:url";
import { join } from "node:path";
import { builtPackage, inRepository } from "../../scripts/repository.mjs";
import { byHand, mustShow } from "./measured-by-hand.mjs";

const load = (...path) => import(pathToFileURL(join(builtPackage, ...path)).href);
const { discoverRuntimes, loadDriverFile, oneOfEachFamily, stressDriver, supportedRuntimes, testedSubject } = await load("confirmations", "index.js");
const { fetchSubject, parseSpecification } = await load("sources", "index.js");
const { familyOf, wilsonInterval } = await load("vocabulary", "index.js");

const { values } = parseArgs({ options: Object.fromEntries(["repeats", "controls", "seconds", "limit", "only"].map((name) => [name, { type: "string" }])) });
const budget = {
  repeats: Number(values.repeats ?? 20),
  controlRepeats: Number(values.controls ?? 2),
  secondsPerRepeat: Number(values.seconds ?? 0.5),
  seconds: Number(values.limit ?? 3600),
};
const fetched = await fetchSubject(parseSpecification("pyfakefs==6.2.0", process.cwd()), { cacheFolder: undefined });
const runtimes = oneOfEachFamily(supportedRuntimes((await discoverRuntimes()).runtimes, fetched.requiresPython));

const columnOf = ({ runtime, stress: { switchInterval } }) => `${runtime}${switchInterval === undefined ? "" : ` at ${switchInterval * 1e6} µs`}`;
const keyOf = ({ runtime, stress: { switchInterval } }) =>
  `${familyOf(runtime)}${switchInterval === undefined ? "" : ` ${switchInterval.toFixed(6).replace(/0+$/, "")}`}`;

function textOf({ failing, repeats, note }) {
  if (repeats === 0) return note ?? "not run";
  const [from, to] = wilsonInterval(failing, repeats).map((rate) => Math.round(rate * 100));
  return `${failing}/${repeats} (${from}-${to} %)`;
}

const problems = [];

function judge(name, row) {
  const expected = byHand[name][keyOf(row)];
  const where = `${name} on ${columnOf(row)}`;
  if (expected >= mustShow && row.failing === 0) problems.push(`${where}: ${expected} of 20 by hand, ${row.failing} of ${row.repeats} here`);
  if (name.startsWith("control") && row.failing > 0) problems.push(`${where}: a control fails`);
  for (const { arm, failing } of row.stress.controls) if (arm === "one thread" && failing > 0) problems.push(`${where}: one thread alone fails`);
  return `${textOf(row)}${expected === undefined ? "" : `, by hand ${expected}/20`}`;
}

let isFirst = true;
for (const name of Object.keys(byHand).filter((each) => values.only === undefined || each === values.only)) {
  const driver = await loadDriverFile(inRepository("examples", "pyfakefs-1321", "stress", `${name}.py`));
  const rows = await stressDriver(driver, { runtimes, budget, subjectFor: () => Promise.resolve(testedSubject(fetched, [])) });
  if (isFirst) console.log(`| workload | ${rows.map(columnOf).join(" | ")} |\n|${"---|".repeat(rows.length + 1)}`);
  isFirst = false;
  console.log(`| \`${name}\` | ${rows.map((row) => judge(name, row)).join(" | ")} |`);
}
for (const problem of problems) console.log(`\nNOT AS WANTED: ${problem}`);
process.exitCode = problems.length === 0 ? 0 : 1;
