// What a hunt costs, before and after a change: two builds in turn on the same hazards of one release, without limits of time.
// Counted are seconds of the processor, of the program with all its agents, until every verdict stands and every witness was
// replayed on the other interpreters; and which hazards are confirmed. Load of the machine hardly matters.
// usage: taskset -c 0 node bench/hunt/run.mjs BEFORE AFTER [--subject pyfakefs==6.2.0] [--every 6] [--rounds 2]
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { subject: { type: "string", default: "pyfakefs==6.2.0" }, every: { type: "string", default: "6" }, rounds: { type: "string", default: "2" } },
});
const [before, after] = positionals;
if (!before || !after) throw new Error("name two checkouts that are built: BEFORE AFTER");
const builds = { before, after };
const launcher = (checkout) => join(checkout, "packages", "raceproof", "bin", "raceproof.js");

const audit = spawnSync(process.execPath, [launcher(after), "audit", values.subject, "--output-format", "json"], { encoding: "utf8", maxBuffer: 2 ** 28 });
const hazards = JSON.parse(audit.stdout)
  .findings.map(({ id }) => id)
  .filter((_, index) => index % Number(values.every) === 0);

/** Seconds of the processor so far, of the process and of all that it has waited for. */
function secondsOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, "latin1").split(") ")[1].split(" ");
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / 100;
}

async function hunt(checkout) {
  const folder = mkdtempSync(join(tmpdir(), "raceproof-bench-"));
  const options = ["--hazard", ...hazards, "--time-limit", "20000", "--seconds-per-hazard", "600", "--workers", "1", "--report-folder", folder, "--progress"];
  const args = [launcher(checkout), "hunt", values.subject, ...options];
  // The older builds tell their progress anyway and do not know the option.
  if (spawnSync(process.execPath, [launcher(checkout), "hunt", "--help"], { encoding: "utf8" }).stdout.includes("--progress") === false) args.pop();
  const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "pipe"] });
  let seconds;
  let text = "";
  child.stderr.on("data", (chunk) => {
    text += chunk;
    if (seconds === undefined && /where else it can show|report written to/.test(text)) {
      seconds = secondsOf(child.pid);
    }
  });
  await new Promise((resolve) => child.on("close", resolve));
  const { findings } = JSON.parse(readFileSync(join(folder, "report.json"), "utf8"));
  rmSync(folder, { recursive: true });
  const confirmed = findings.filter(({ id, verdict }) => hazards.includes(id) && verdict === "confirmed").map(({ id }) => id);
  return { seconds, confirmed };
}

const rows = { before: [], after: [] };
for (let round = 0; round < Number(values.rounds); round += 1) {
  for (const name of ["before", "after"]) {
    const result = await hunt(builds[name]);
    rows[name].push(result);
    console.log(`${name}: ${result.seconds.toFixed(1)} s of the processor, ${result.confirmed.length} of ${hazards.length} confirmed`);
  }
}
const least = (name) => Math.min(...rows[name].map(({ seconds }) => seconds));
const found = (name) => new Set(rows[name].flatMap(({ confirmed }) => confirmed));
console.log(`ratio ${(least("before") / least("after")).toFixed(2)}`);
console.log(`confirmed before and not after: ${[...found("before")].filter((id) => !found("after").has(id)).join(" ") || "none"}`);
console.log(`confirmed after and not before: ${[...found("after")].filter((id) => !found("before").has(id)).join(" ") || "none"}`);
