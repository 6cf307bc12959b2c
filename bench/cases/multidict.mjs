// What is known of multidict's pure Python class, looked for in a plain hunt and in a hunt of the class. `node bench/cases/multidict.mjs FOLDER [budget] [seconds for the class]`
// FOLDER holds the sources at commit 4122516, without the compiled extension. Enters: the built package. Leaves: a table; exit code 1
// when something is missing. Drivers are those of the hunt; nothing says what to call.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { decodeWitness, discoverRuntimes, failuresOf } from "./first-failure.mjs";

const [folder, budget = "120s", classSeconds = "60"] = process.argv.slice(2);
if (folder === undefined) throw new Error("usage: node bench/cases/multidict.mjs FOLDER [budget] [seconds for the class]");
const root = resolve(folder);
const command = resolve(import.meta.dirname, "../../packages/raceproof/bin/raceproof.js");
const pureClass = "multidict._multidict_py:MultiDict";

function hunt(...options) {
  const out = mkdtempSync(join(tmpdir(), "raceproof-hunts-"));
  const began = performance.now();
  try {
    execFileSync(process.execPath, [command, "hunt", root, ...options, "--no-replay-elsewhere", "--report-folder", out, "--quiet"], { stdio: "ignore" });
  } catch {
    // Exit code 1: there are findings.
  }
  try {
    return { ...JSON.parse(readFileSync(join(out, "report.json"), "utf8")), seconds: (performance.now() - began) / 1000 };
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

/** Everything confirmed, with what its driver calls. */
function confirmedIn({ findings, classes = [] }) {
  const failures = classes.flatMap(({ failures: all }) => all);
  return [...findings, ...failures].flatMap(({ verdict, witness }) => {
    if (verdict !== "confirmed" || witness === undefined) return [];
    const { driver, failure, runtime } = decodeWitness(witness);
    return [
      { driver, failure, runtime, calls: [...driver.source.matchAll(/^def operation_\w+\(state\):\n([^]*?)(?=^def |^\S|$(?![^]))/gm)].map(([, body]) => body) },
    ];
  });
}

const { runtimes } = await discoverRuntimes();

/** Whether some schedule of the driver leaves more entries of a key than any serial order does. */
async function leavesDuplicates({ driver, runtime: id }) {
  const subject = { specification: "multidict", root, importPaths: [root], instrument: ["multidict"] };
  const { serial, failing } = await failuresOf(
    driver,
    subject,
    runtimes.find((one) => one.id === id),
    { most: 200 },
  );
  const entries = (state) => (state.match(/identity=/g) ?? []).length;
  const most = Math.max(...serial.map(({ state }) => entries(state)));
  return failing.some(({ state }) => entries(state) > most);
}

async function firstOf(found, test) {
  for (const each of found)
    if (await test(each)) return `${each.calls.map((body) => body.trim().replace(/^return /, "")).join(" against ")}: ${each.failure.summary}`;
  return undefined;
}

const all = (calls, name) => calls.length === 2 && calls.every((body) => name.test(body));
const known = [
  {
    name: "`hash = -1`, AssertionError",
    find: (found) => firstOf(found, ({ failure }) => failure.summary.startsWith("AssertionError@") && /build_indices|_post_update/.test(failure.summary)),
  },
  { name: "keys lost to two `getall`", find: (found) => firstOf(found, ({ calls }) => all(calls, /\.getall\(/)) },
  {
    name: "a key twice after two `[]=`",
    find: (found) => firstOf(found, async (each) => all(each.calls, /\.__setitem__\(|\] = /) && (await leavesDuplicates(each))),
  },
  {
    name: "`d.extend(d)`, one thread",
    find: (_, { classes = [] }) => classes.flatMap(({ endless }) => endless).find(({ call }) => call === "instance.extend(instance)")?.call,
  },
];

let missing = 0;
console.log("| | plain hunt | hunt of the class |\n|---|---|---|");
const reports = [hunt("--budget", budget), hunt("--class", pureClass, "--time-limit", classSeconds)];
for (const { name, find } of known) {
  const cells = [];
  for (const report of reports) cells.push((await find(confirmedIn(report), report)) ?? "MISSING");
  missing += cells.filter((cell) => cell === "MISSING").length;
  console.log(`| ${name} | ${cells.join(" | ")} |`);
}
console.log(`| seconds | ${reports.map(({ seconds }) => seconds.toFixed(0)).join(" | ")} |`);
const [, { classes = [] }] = reports;
console.log(
  `| pairs explored, of those in conflict | | ${classes.map(({ explored, conflicting, schedules }) => `${explored} of ${conflicting}, ${schedules} schedules`).join()} |`,
);
process.exitCode = missing === 0 ? 0 : 1;
