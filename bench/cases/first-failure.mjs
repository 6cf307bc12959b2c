// Schedules and seconds until a driver fails for the first time. Enters: a driver, its subject, a runtime. Leaves: what was played.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { builtPackage } from "../../scripts/repository.mjs";

const room = join(builtPackage, "confirmations");
if (!existsSync(join(room, "index.js"))) throw new Error("not built yet: npm run build");
const load = (path) => import(pathToFileURL(join(room, path)).href);
export const { discoverRuntimes } = await load("index.js");
const { launchAgent } = await load("runtimes/launch-agent.js");
const { Session } = await load("session.js");
const { prepareDriver } = await load("prepare-driver.js");
const { climbLadder } = await load("climb-ladder.js");
export const { decodeWitness } = await load("index.js");

/** With up to two preemptions, over the conflicting accesses; stops at the first failure. */
export async function firstFailure(driver, subject, runtime, most) {
  const began = performance.now();
  const session = new Session(subject, runtime, { launch: launchAgent });
  try {
    const preparation = await prepareDriver(session, driver);
    if (preparation.kind !== "ready") return { verdict: `no use: ${preparation.reason}`, schedules: 0, seconds: secondsSince(began) };
    const { prepared } = preparation;
    const sites = prepared.sites.filter(({ conflict }) => conflict).map(({ key }) => key);
    let failure;
    const onFailure = async (failing) => {
      failure = failing.signature;
      return "stop";
    };
    const limits = { schedules: most, deadline: performance.now() + 60_000 };
    const climb = await climbLadder(prepared, { sites, over: "all conflicting accesses", bound: 2, onFailure }, runtime.id, limits);
    const schedules = climb.rungs.reduce((sum, rung) => sum + rung.schedules, 0);
    const verdict =
      failure === undefined ? (climb.end.kind === "exhausted" ? "silent, exhausted" : `silent (${climb.end.kind})`) : `${failure.kind}: ${failure.summary}`;
    return { verdict, found: failure !== undefined, uncontrolled: climb.uncontrolled, schedules, seconds: secondsSince(began) };
  } finally {
    await session.dispose();
  }
}

function secondsSince(began) {
  return (performance.now() - began) / 1000;
}
