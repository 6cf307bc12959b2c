// Opens one driver in an agent, ready to play batches of schedules. Enters: a runtime, folders and a driver's text.
// Leaves: play(), which sends all schedules with up to two preemptions, again and again, and says how many were played per second.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { builtPackage } from "../../scripts/repository.mjs";

const room = join(builtPackage, "confirmations");
if (!existsSync(join(room, "index.js"))) throw new Error("not built yet: npm run build");
const load = (path) => import(pathToFileURL(join(room, path)).href);
const { launchAgent } = await load("runtimes/launch-agent.js");
const { preemptionBound } = await load("schedulers/preemption-bound.js");
export const { discoverRuntimes } = await load("index.js");
export const { selectRuntime } = await load("runtimes/select-runtime.js");

const schedulesPerRound = 1000;
const oneAfterTheOther = [
  [0, null],
  [1, null],
];

export async function openProgram(runtime, { paths, instrument, driver }) {
  const agent = launchAgent(runtime);
  await agent.request("hello", { protocol: 1 }, 30);
  await agent.request("open", { paths, instrument, driver }, 60);
  const { outcomes } = await agent.request("serial", { repeats: 2, warmups: 2 }, 60);
  const profile = await agent.request("profile", {}, 60);
  const sites = profile.sites.filter(({ conflict }) => conflict).map(({ key }) => key);
  const accept = outcomes.map(({ id }) => id);
  const explore = (schedules) => agent.request("explore", { sites, schedules, accept, stop: false }, 120);
  const { lengths } = await explore([oneAfterTheOther]);
  const space = [0, 1, 2].flatMap((bound) => preemptionBound(bound, lengths).next(schedulesPerRound));
  const schedules = Array.from({ length: schedulesPerRound }, (_, index) => space[index % space.length]);
  const play = async () => {
    const began = performance.now();
    const { runs } = await explore(schedules);
    return (runs * 1000) / (performance.now() - began);
  };
  return { play, dispose: () => agent.dispose() };
}

export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
