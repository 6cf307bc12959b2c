// Schedules per second of the agent on two tiny programs, on every interpreter of this machine. `node bench/explorer/run.mjs [rounds]`
// Enters: the built package and litmus programs. Leaves: a table on stdout; rounds alternate between interpreters, so that load
// hits all alike, and the ratio column is the one to compare between machines.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { builtPackage, inRepository } from "../../scripts/repository.mjs";

const programs = ["counter", "dict-iterate"];
const rounds = Number(process.argv[2] ?? 7);
const schedulesPerRound = 1000;

const room = join(builtPackage, "confirmations");
if (!existsSync(join(room, "index.js"))) throw new Error("not built yet: npm run build");
const load = (path) => import(pathToFileURL(join(room, path)).href);
const { discoverRuntimes } = await load("index.js");
const { launchAgent } = await load("runtimes/launch-agent.js");
const { preemptionBound } = await load("schedulers/preemption-bound.js");

/** An opened program whose schedules (all with up to two preemptions, again and again) can be played. */
async function prepare(runtime, name) {
  const folder = inRepository("litmus", "python", "racy", name);
  const agent = launchAgent(runtime);
  await agent.request("hello", { protocol: 1 }, 30);
  await agent.request("open", { paths: [folder], instrument: ["subject"], driver: { name, source: readFileSync(join(folder, "driver.py"), "utf8") } }, 60);
  const { outcomes } = await agent.request("serial", { repeats: 2, warmups: 2 }, 60);
  const { sites } = await agent.request("profile", {}, 60);
  const active = sites.filter(({ conflict }) => conflict).map(({ key }) => key);
  const accept = outcomes.map(({ id }) => id);
  const { lengths } = await agent.request(
    "explore",
    {
      sites: active,
      schedules: [
        [
          [0, null],
          [1, null],
        ],
      ],
      accept,
      stop: false,
    },
    60,
  );
  const space = [0, 1, 2].flatMap((bound) => preemptionBound(bound, lengths).next(schedulesPerRound));
  const schedules = Array.from({ length: schedulesPerRound }, (_, index) => space[index % space.length]);
  const play = () => agent.request("explore", { sites: active, schedules, accept, stop: false }, 120);
  return { runtime, name, play, dispose: () => agent.dispose(), rates: [] };
}

async function playRound(prepared) {
  const began = performance.now();
  const { runs } = await prepared.play();
  prepared.rates.push((runs * 1000) / (performance.now() - began));
}

function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

const { runtimes } = await discoverRuntimes();
const table = new Map(runtimes.map(({ id }) => [id, []]));
for (const name of programs) {
  const prepared = [];
  for (const runtime of runtimes) prepared.push(await prepare(runtime, name));
  // The first round warms up just-in-time compilers and is not counted.
  for (let round = 0; round <= rounds; round += 1) for (const one of prepared) await playRound(one);
  const best = Math.max(...prepared.map(({ rates }) => median(rates.slice(1))));
  for (const { runtime, rates, dispose } of prepared) {
    const rate = median(rates.slice(1));
    table.get(runtime.id).push(`${Math.round(rate)}`, (rate / best).toFixed(2));
    await dispose();
  }
}
const heads = programs.flatMap((name) => [`${name}, schedules/s`, "ratio"]);
process.stdout.write(`| interpreter | ${heads.join(" | ")} |\n|${"---|".repeat(heads.length + 1)}\n`);
for (const [id, cells] of table) process.stdout.write(`| ${id} | ${cells.join(" | ")} |\n`);
