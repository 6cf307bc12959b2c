// Known races of published libraries, found by `hunt` alone: no driver and no case is written by hand. `node bench/cases/hunts.mjs FOLDER [budget]`
// FOLDER holds the libraries at the versions of libraries.md, one folder each. Enters: the built package. Leaves: a table; exit code 1
// when a race is not among what was confirmed, when all drivers of the hazard together needed more than 200 schedules up to the failure, or its own more than 10 s.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { decodeWitness, discoverRuntimes, firstFailure } from "./first-failure.mjs";

const MOST_SCHEDULES = 200;
const MOST_SECONDS = 10;

const [folder, budget = "200s"] = process.argv.slice(2);
if (folder === undefined) throw new Error("usage: node bench/cases/hunts.mjs FOLDER [budget]");
const command = resolve(import.meta.dirname, "../../packages/raceproof/bin/raceproof.js");

/** Whose accesses have to be interrupted in a confirmed finding: functions, any one of them. */
const races = [
  { id: "L1", library: "TPool", within: ["WildPool.add_thread", "WildPool._should_keep_going", "WildPool.join"] },
  { id: "L2", library: "threadpoolctl", within: ["ThreadpoolController._get_libc"] },
  { id: "L3", library: "cachetools", within: ["Cache.__setitem__"] },
  { id: "L4", library: "cachetools", within: ["Cache.__delitem__"] },
  { id: "L5", library: "cachetools", within: ["LRUCache.__touch", "LRUCache.__getitem__", "LRUCache.__delitem__"] },
  { id: "L6", library: "cachetools", within: ["RRCache.__setitem__", "RRCache.__delitem__"] },
  { id: "L7", library: "cachetools", within: ["_unlocked_info.wrapper"] },
  { id: "L8", library: "cachetools", within: ["LFUCache.__touch"] },
  { id: "L9", library: "cachetools", within: ["Cache.__setitem__", "Cache.__delitem__"] },
  { id: "L10", library: "cachetools", within: ["_TimedCache._Timer.__enter__", "_TimedCache._Timer.__exit__"] },
  { id: "L14", library: "cachetools", within: ["Cache.__setitem__"] },
];
/** The same functions with a lock: nothing in them may be called a race. */
const safe = [{ id: "L11-L13", library: "cachetools", within: ["_locked_info.wrapper", "_locked.wrapper", "_condition_info.wrapper", "_condition.wrapper"] }];

const reports = new Map();
function reportOf(library) {
  if (!reports.has(library)) reports.set(library, existsSync(join(folder, library)) ? hunt(resolve(folder, library)) : undefined);
  return reports.get(library);
}

function hunt(root) {
  const out = mkdtempSync(join(tmpdir(), "raceproof-hunts-"));
  try {
    execFileSync(process.execPath, [command, "hunt", root, "--no-replay-elsewhere", "--budget", budget, "--report-folder", out, "--quiet"], {
      stdio: "ignore",
    });
  } catch {
    // Exit code 1: there are findings.
  }
  try {
    return JSON.parse(readFileSync(join(out, "report.json"), "utf8"));
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

/** Confirmed findings about these functions: hazards, then failures of classes that no hazard explains; the first of each. */
function confirmedIn({ findings, classes = [] }, within) {
  const hazards = findings.filter((one) => one.verdict === "confirmed" && within.includes(one.function));
  const failures = classes.flatMap(({ failures: all }) => all).filter(({ rank, verdict }) => verdict === "confirmed" && rank !== "benign");
  const named = failures.filter(({ summary }) => within.some((name) => new RegExp(`:${name.replaceAll(".", "\\.")}(?![\\w.])`).test(summary)));
  return [
    ...hazards.map(({ rule, function: name, reason, search = [], drivers = [], witness }) => ({
      text: `${rule} in ${name}: ${reason}`,
      driver: drivers.at(-1)?.schedules ?? 0,
      all: search.reduce((sum, { schedules }) => sum + schedules, 0),
      witness,
    })),
    ...named.map(({ summary, operations, witness }) => ({ text: `class: ${summary} (${operations.join(" against ")})`, witness })),
  ];
}

/** Of every hazard, confirmed or not; what classes were explored with is not in it. */
function schedulesOf({ findings }) {
  return findings.flatMap(({ search = [] }) => search).reduce((sum, { schedules }) => sum + schedules, 0);
}

const { runtimes } = await discoverRuntimes();

/** The driver of the witness once more, from the start of its search. */
async function measured(library, witness) {
  const { driver, runtime: id } = decodeWitness(witness);
  const root = resolve(folder, library);
  const subject = { specification: library, root, importPaths: [root], instrument: [library] };
  return firstFailure(
    driver,
    subject,
    runtimes.find((one) => one.id === id),
    MOST_SCHEDULES,
  );
}

let wrong = 0;
console.log(
  "| case | found by hunt | schedules of that driver in the hunt | of all drivers of the hazard before | the driver alone: schedules | seconds |\n|---|---|---|---|---|---|",
);
for (const { id, library, within } of races) {
  const report = reportOf(library);
  if (report === undefined) {
    console.log(`| ${id} ${library} | skipped: no folder | | | | |`);
    continue;
  }
  // Some are confirmed by a driver of another hazard: nothing was played for them.
  const found = confirmedIn(report, within).toSorted((one, other) => (one.driver || Infinity) - (other.driver || Infinity) || 0);
  let [first, again, isRight] = [found[0], undefined, false];
  for (const each of found) {
    first = each;
    again = await measured(library, each.witness);
    isRight = again.found && again.schedules <= MOST_SCHEDULES && again.seconds <= MOST_SECONDS && (each.all ?? 0) <= MOST_SCHEDULES;
    if (isRight) break;
  }
  if (!isRight) wrong += 1;
  const cells =
    first === undefined
      ? ["NOT FOUND", "", "", "", ""]
      : [first.text, first.driver || "", first.driver ? first.all - first.driver : "", again.schedules, again.seconds.toFixed(1)];
  console.log(`| ${id} ${library} | ${isRight ? "" : "WRONG "}${cells.join(" | ")} |`);
}
for (const { id, library, within } of safe) {
  const report = reportOf(library);
  const found = report === undefined ? [] : confirmedIn(report, within);
  wrong += found.length;
  const said = report === undefined ? "skipped: no folder" : found.length === 0 ? "silent" : `WRONG ${found.map(({ text }) => text).join("; ")}`;
  console.log(`| ${id} ${library}, safe | ${said} | | | | |`);
}
for (const [library, report] of reports)
  if (report !== undefined) console.log(`\n${library}: ${schedulesOf(report)} schedules for all ${report.findings.length} hazards of the hunt`);
process.exitCode = wrong === 0 ? 0 : 1;
