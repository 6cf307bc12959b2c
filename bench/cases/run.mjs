// Schedules to the first failure, strategy by strategy, on tiny programs whose bugs are known. `node bench/cases/run.mjs [most] [part of a name]`
// Enters: the built package and programs.py. Leaves: a table on stdout. Counts, not times: they do not depend on the machine.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { builtPackage, inRepository } from "../../scripts/repository.mjs";

const most = Number(process.argv[2] ?? 2000);
const only = process.argv[3];
const room = join(builtPackage, "confirmations");
if (!existsSync(join(room, "index.js"))) throw new Error("not built yet: npm run build");
const load = (path) => import(pathToFileURL(join(room, path)).href);
const { defaultBudget, discoverRuntimes } = await load("index.js");
const { launchAgent } = await load("runtimes/launch-agent.js");
const { Session } = await load("session.js");
const { prepareDriver } = await load("prepare-driver.js");
const { climbLadder } = await load("climb-ladder.js");
const { certifyDriver } = await load("certify-driver.js");
const { searchSchedules } = await load("search.js");
const { priorityChange } = await load("schedulers/priority-change.js");
const { partialOrderSampling } = await load("schedulers/partial-order-sampling.js");
const { selectiveUniform, uniformWalk } = await load("schedulers/selective-uniform.js");

const { runtimes } = await discoverRuntimes();
const runtime = runtimes.find(({ implementation, freeThreaded, version }) => implementation === "cpython" && !freeThreaded && version >= "3.11") ?? runtimes[0];
const programs = JSON.parse(execFileSync(runtime.executable, [inRepository("bench", "cases", "programs.py"), "--json"], { encoding: "utf8" }));
const subject = { specification: "cases", root: "/", importPaths: ["/"], instrument: [] };
const session = new Session(subject, runtime, { launch: launchAgent });
const limits = () => ({ schedules: most, deadline: performance.now() + 60_000 });

/** Schedules until the first failure, as text; a bracket when there was none. */
async function hits(search) {
  let found = false;
  const onFailure = () => ((found = true), Promise.resolve("stop"));
  const played = await search(onFailure);
  return { found, played };
}

async function measure(name, source) {
  const preparation = await prepareDriver(session, { name, source });
  if (preparation.kind !== "ready") return [name, preparation.reason];
  const { prepared } = preparation;
  const sites = prepared.sites.filter(({ conflict }) => conflict).map(({ key }) => key);
  const serial = prepared.serial.outcomes.map(({ id }) => id);
  const { trace } = await prepared.player.name(
    sites,
    prepared.steps.map((_, thread) => [thread, null]),
  );
  const lengths = prepared.steps.map((_, thread) => trace.filter((event) => event.thread === thread).length);
  const writes = prepared.sites.filter(({ conflict, access }) => conflict && access !== "read" && access !== "check").map(({ key }) => key);
  const writeCounts = prepared.steps.map((_, thread) => trace.filter((event) => event.thread === thread && writes.includes(event.site)).length);
  const draw = (scheduler) =>
    hits(async (onFailure) => (await searchSchedules(prepared.player, { sites, scheduler, serial, steps: prepared.steps, onFailure }, limits())).schedules);
  let traces = "";
  const results = [
    await hits(async (onFailure) => {
      const { rungs } = await climbLadder(prepared, { sites, over: "", bound: defaultBudget.bound, drawn: 0, onFailure }, "", limits());
      return rungs.reduce((sum, { schedules }) => sum + schedules, 0);
    }),
    await draw(priorityChange(2, most, lengths)),
    await draw(priorityChange(3, most, lengths)),
    await draw(partialOrderSampling(most)),
    await draw(uniformWalk(most, lengths)),
    await draw(selectiveUniform(most, writes, writeCounts)),
    await hits(async (onFailure) => {
      const first = await certifyDriver(prepared, { sites, lengths, onFailure }, limits());
      const whole = await certifyDriver(prepared, { sites, lengths, onFailure: () => Promise.resolve("go on") }, limits());
      traces =
        whole === undefined
          ? "too large"
          : whole.isComplete
            ? `${whole.traces}`
            : whole.strategy.includes("given up")
              ? whole.strategy.replace(/.*\(given up: |\)$/g, "")
              : `> ${whole.traces}`;
      return first?.traces ?? 0;
    }),
  ];
  return [
    name,
    String(lengths.length),
    String(lengths.reduce((sum, one) => sum + one, 0)),
    ...results.map(({ found, played }) => (found ? `${played}` : `(${played})`)),
    traces,
  ];
}

const heads = ["program", "threads", "switch points", "bounds 0-2", "PCT 2", "PCT 3", "POS", "URW", "SURW (writes)", "DPOR", "all traces"];
process.stdout.write(`| ${heads.join(" | ")} |\n|${"---|".repeat(heads.length)}\n`);
for (const [name, source] of Object.entries(programs)) {
  if (only !== undefined && !name.includes(only)) continue;
  process.stdout.write(`| ${(await measure(name, source)).join(" | ")} |\n`);
}
await session.dispose();
