// How steady the witnesses and drivers of this repository are: the same failure each time, the same trace each time.
// Enters: pyfakefs from the package index, a checkout of multidict (--multidict PATH@REVISION), the litmus programs.
// Leaves: a table on standard output; one row for each witness over all interpreters found.
import { copyFileSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { builtPackage, inRepository } from "../../scripts/repository.mjs";

const { values } = parseArgs({
  options: {
    multidict: { type: "string" },
    times: { type: "string", default: "200" },
    "hash-seeds": { type: "string", default: "20" },
    only: { type: "string", default: "" },
    python: { type: "string", multiple: true, default: [] },
  },
});
const { confirmDriver, defaultBudget, discoverRuntimes, loadDriverFile, provideRequirements, recheckDrivers, recheckWitnesses, testedSubject } = await import(
  join(builtPackage, "confirmations", "index.js")
);
const { supportedRuntimes } = await import(join(builtPackage, "confirmations", "stress", "stress-runtimes.js"));
const { defaultCacheFolder, fetchSubject, parseSpecification } = await import(join(builtPackage, "sources", "index.js"));
const cacheFolder = defaultCacheFolder(process.env);
const found = (await discoverRuntimes()).runtimes;
const litmusFolder = mkdtempSync(join(tmpdir(), "raceproof-recheck-"));

/** Subjects with the drivers that are played on them. */
async function listGroups() {
  const drivers = (...parts) => readdirSync(inRepository(...parts)).map((name) => inRepository(...parts, name));
  const groups = [{ specification: "pyfakefs==6.2.0", drivers: drivers("examples", "pyfakefs-1321", "drivers") }];
  if (values.multidict !== undefined) groups.push({ specification: values.multidict, drivers: drivers("bench", "guards", "drivers") });
  groups.push(gatherLitmus());
  return groups.filter(({ specification }) => specification.includes(values.only));
}

/** All programs as modules of one subject: starting a process costs more than playing in it. */
function gatherLitmus() {
  const racy = inRepository("litmus", "python", "racy");
  const names = readdirSync(racy);
  for (const name of names) copyFileSync(join(racy, name, "subject.py"), join(litmusFolder, `${moduleOf(name)}.py`));
  const local = { specification: "litmus", root: litmusFolder, importPaths: [litmusFolder], instrument: names.map(moduleOf) };
  return { specification: "litmus", drivers: names.map((name) => join(racy, name, "driver.py")), local };
}

function moduleOf(name) {
  return `litmus_${name.replaceAll("-", "_")}`;
}

async function loadDriver(path, isLitmus) {
  const driver = await loadDriverFile(path);
  if (!isLitmus) return driver;
  const name = basename(dirname(path));
  return {
    name: `litmus/${name}`,
    source: driver.source.replaceAll(/^((?:import|from) )subject\b/gm, `$1${moduleOf(name)}`).replaceAll(/\bsubject\./g, `${moduleOf(name)}.`),
  };
}

/** A function from a runtime to the subject as it is tested there, and the runtimes it supports. */
async function prepareSubject({ specification, local }) {
  if (local !== undefined) return { runtimes: found, on: () => local };
  const subject = await fetchSubject(parseSpecification(specification, process.cwd()), { cacheFolder });
  const on = async (runtime) => testedSubject(subject, (await provideRequirements(subject, runtime, cacheFolder)).paths);
  return { runtimes: supportedRuntimes(found, subject.requiresPython), on };
}

async function prove(drivers, subject, runtime) {
  const budget = { ...defaultBudget, bound: 1, drawn: 0, secondsPerHazard: 60 };
  const witnesses = [];
  for (const driver of drivers) {
    const { witness, reason } = await confirmDriver(driver, { subject, runtime, budget, workers: 1, replayOn: [] });
    if (witness === undefined) console.error(`${driver.name} of ${subject.specification} is not proved on ${runtime.id}: ${reason}`);
    else witnesses.push(witness);
  }
  return witnesses;
}

const say = (rows, part) => {
  const total = (key) => rows.reduce((sum, row) => sum + row[part][key], 0);
  return total("all") === 0 ? "-" : `${total("good")}/${total("all")}`;
};

async function measure(group) {
  const { runtimes, on } = await prepareSubject(group);
  const chosen = runtimes.filter(({ id }) => values.python.length === 0 || values.python.some((wanted) => id.includes(wanted)));
  const recorder = chosen.find(({ id }) => id.startsWith("cpython-3.12")) ?? chosen[0];
  const drivers = await Promise.all(group.drivers.map((path) => loadDriver(path, group.local !== undefined)));
  const witnesses = await prove(drivers, await on(recorder), recorder);
  const rows = witnesses.map(() => []);
  const played = drivers.map(() => []);
  for (const runtime of chosen) {
    const setting = { subject: await on(runtime), runtime, times: Number(values.times), hashSeeds: Number(values["hash-seeds"]) };
    for (const [index, row] of (await recheckWitnesses(witnesses, setting)).entries()) rows[index].push(row);
    for (const [index, row] of (await recheckDrivers(drivers, setting)).entries()) played[index].push(row);
  }
  for (const [index, driver] of drivers.entries()) {
    const own = rows[witnesses.findIndex((witness) => witness.driver.name === driver.name)] ?? [];
    const cells = [`\`${driver.name}\``, chosen.length, say(own, "replays"), say(own, "hashSeeds"), say(own, "traces"), say(played[index], "traces")];
    console.log(`| ${cells.join(" | ")} |`);
    for (const { runtime, problems } of [...own, ...played[index]]) for (const problem of problems) console.error(`${driver.name} on ${runtime}: ${problem}`);
  }
}

console.log(
  "| witness | interpreters | replays that fail in the recorded way | hash seeds under which all do | same trace in two processes | schedules of the driver with the same trace |",
);
console.log("|---|---|---|---|---|---|");
try {
  for (const group of await listGroups()) await measure(group);
} finally {
  rmSync(litmusFolder, { recursive: true, force: true });
}
console.log(`\nInterpreters: ${found.map(({ id }) => id).join(", ")}.`);
