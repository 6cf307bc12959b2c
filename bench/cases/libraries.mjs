// Known races of published libraries: schedules and seconds to the first failure. `node bench/cases/libraries.mjs FOLDER [runtime]`
// FOLDER holds the libraries at the versions of README.md, one folder each. Enters: the built package. Leaves: a table; exit code 1
// when a case is not judged as it should be.
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { discoverRuntimes, firstFailure } from "./first-failure.mjs";
import { driverOf, libraryCases } from "./library-cases.mjs";

const MOST_SCHEDULES = 200;
const MOST_SECONDS = 10;

const [folder, wanted = "cpython-3.13"] = process.argv.slice(2);
if (folder === undefined) throw new Error("usage: node bench/cases/libraries.mjs FOLDER [runtime]");
const { runtimes } = await discoverRuntimes();
const runtime = runtimes.find(({ id, freeThreaded }) => id.startsWith(wanted) && !freeThreaded);
if (runtime === undefined) throw new Error(`no runtime ${wanted} here`);

let wrong = 0;
console.log(`| case (${runtime.id}) | verdict | schedules | seconds |\n|---|---|---|---|`);
for (const one of libraryCases) {
  const name = one.subject ?? "cachetools";
  const root = resolve(folder, name);
  if (!existsSync(root)) {
    console.log(`| ${one.id} | skipped: no folder ${name} | | |`);
    continue;
  }
  const subject = { specification: name, root, importPaths: [root], instrument: [name] };
  const { verdict, found = false, schedules, seconds } = await firstFailure(driverOf(one), subject, runtime, one.racy ? MOST_SCHEDULES : 4000);
  const isRight = one.racy ? found && schedules <= MOST_SCHEDULES && seconds <= MOST_SECONDS : verdict.startsWith("silent");
  if (!isRight) wrong += 1;
  console.log(`| ${one.id} | ${isRight ? "" : "WRONG "}${verdict} | ${schedules} | ${seconds.toFixed(1)} |`);
}
process.exitCode = wrong === 0 ? 0 : 1;
