// Schedules per second of the agent on two tiny programs, on every interpreter of this machine. `node bench/explorer/run.mjs [rounds]`
// Enters: the built package and litmus programs. Leaves: a table on stdout; rounds alternate between interpreters, so that load
// hits all alike, and the ratio column is the one to compare between machines.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { inRepository } from "../../scripts/repository.mjs";
import { discoverRuntimes, median, openProgram } from "./opened-program.mjs";

const programs = ["counter", "dict-iterate"];
const rounds = Number(process.argv[2] ?? 7);

async function open(runtime, name) {
  const folder = inRepository("litmus", "python", "racy", name);
  const driver = { name, source: readFileSync(join(folder, "driver.py"), "utf8") };
  return { runtime, rates: [], ...(await openProgram(runtime, { paths: [folder], instrument: ["subject"], driver })) };
}

const { runtimes } = await discoverRuntimes();
const table = new Map(runtimes.map(({ id }) => [id, []]));
for (const name of programs) {
  const opened = [];
  for (const runtime of runtimes) opened.push(await open(runtime, name));
  // The first round warms up just-in-time compilers and is not counted.
  for (let round = 0; round <= rounds; round += 1) for (const { play, rates } of opened) rates.push(await play());
  const best = Math.max(...opened.map(({ rates }) => median(rates.slice(1))));
  for (const { runtime, rates, dispose } of opened) {
    const rate = median(rates.slice(1));
    table.get(runtime.id).push(`${Math.round(rate)}`, (rate / best).toFixed(2));
    await dispose();
  }
}
const heads = programs.flatMap((name) => [`${name}, schedules/s`, "ratio"]);
process.stdout.write(`| interpreter | ${heads.join(" | ")} |\n|${"---|".repeat(heads.length + 1)}\n`);
for (const [id, cells] of table) process.stdout.write(`| ${id} | ${cells.join(" | ")} |\n`);
