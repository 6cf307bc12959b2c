// Schedules per second next to two published schedulers, on the two-thread counter and the LFU cache of cachetools.
// `node bench/explorer/peers.mjs VENV... [--rounds 5]`; each VENV is a virtual environment with frontrun, cachetools==7.0.1 and,
// where it installs (3.12 and newer), interleave-test. Enters: the built package. Leaves: a table; the tools take turns in every round.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { inRepository } from "../../scripts/repository.mjs";
import { median, openProgram, selectRuntime } from "./opened-program.mjs";

const schedules = 200;
const { values, positionals } = parseArgs({ allowPositionals: true, options: { rounds: { type: "string", default: "5" } } });
const rounds = Number(values.rounds);
const peers = ["frontrun", "interleave_test"];

function ask(executable, args) {
  const { status, stdout, stderr } = spawnSync(executable, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${executable} ${args.join(" ")}\n${stderr}`);
  return stdout.trim().split("\n").at(-1);
}

function programsOf(python) {
  const counter = inRepository("litmus", "python", "racy", "counter");
  const library = ask(python, ["-c", "import cachetools, os; print(os.path.dirname(os.path.dirname(cachetools.__file__)))"]);
  const driver = (name, file) => ({ name, source: readFileSync(file, "utf8") });
  return {
    counter: { paths: [counter], instrument: ["subject"], driver: driver("counter", join(counter, "driver.py")) },
    lfu: { paths: [library], instrument: ["cachetools"], driver: driver("lfu", inRepository("bench", "explorer", "lfu_driver.py")) },
  };
}

const row = (cells) => process.stdout.write(`| ${cells.join(" | ")} |\n`);
row(["Python", "case", "raceproof, schedules/s", ...peers.flatMap((peer) => [`${peer}, schedules/s`, "raceproof is faster by"])]);
process.stdout.write(`|${"---|".repeat(3 + 2 * peers.length)}\n`);
for (const folder of positionals) {
  const python = join(folder, "bin", "python");
  const version = ask(python, ["-c", "import platform; print(platform.python_version())"]);
  const runtime = await selectRuntime({ runtimes: [], wanted: python });
  for (const [name, program] of Object.entries(programsOf(python))) {
    const { play, dispose } = await openProgram(runtime, program);
    const present = peers.filter((peer) => existsSync(join(folder, "lib", `python${version.split(".", 2).join(".")}`, "site-packages", peer)));
    const rates = new Map(["raceproof", ...present].map((tool) => [tool, []]));
    await play();
    for (let round = 0; round < rounds; round += 1) {
      rates.get("raceproof").push(await play());
      for (const peer of present) {
        const answer = ask(join(folder, "bin", "frontrun"), ["python", inRepository("bench", "explorer", "peers.py"), peer, name, `${schedules}`]);
        rates.get(peer).push(Number(answer));
      }
    }
    await dispose();
    const ours = median(rates.get("raceproof"));
    const compared = (peer) => (rates.has(peer) ? [median(rates.get(peer)).toFixed(0), (ours / median(rates.get(peer))).toFixed(0)] : ["-", "-"]);
    row([version, name, ours.toFixed(0), ...peers.flatMap(compared)]);
  }
}
