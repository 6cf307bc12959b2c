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
  const { reason, serial, failing, climb, seconds } = await failuresOf(driver, subject, runtime, { most, onFirst: "stop" });
  if (serial === undefined) return { verdict: `no use: ${reason}`, schedules: 0, seconds };
  const [failure] = failing;
  const schedules = climb.rungs.reduce((sum, rung) => sum + rung.schedules, 0);
  const verdict =
    failure === undefined
      ? climb.end.kind === "exhausted"
        ? "silent, exhausted"
        : `silent (${climb.end.kind})`
      : `${failure.signature.kind}: ${failure.signature.summary}`;
  return { verdict, found: failure !== undefined, uncontrolled: climb.uncontrolled, schedules, seconds };
}

/** The same, with the outcomes: of serial orders, and those that fail. */
export async function failuresOf(driver, subject, runtime, { most, onFirst = "go on" }) {
  const began = performance.now();
  const session = new Session(subject, runtime, { launch: launchAgent });
  try {
    const preparation = await prepareDriver(session, driver);
    if (preparation.kind !== "ready") return { reason: preparation.reason, seconds: secondsSince(began) };
    const { prepared } = preparation;
    const sites = prepared.sites.filter(({ conflict }) => conflict).map(({ key }) => key);
    const failing = [];
    const onFailure = async ({ signature, outcome }) => {
      failing.push({ signature, state: outcome.state });
      return onFirst;
    };
    const limits = { schedules: most, deadline: performance.now() + 60_000 };
    const climb = await climbLadder(prepared, { sites, over: "all conflicting accesses", bound: 2, onFailure }, runtime.id, limits);
    return { serial: prepared.serial.outcomes, failing, climb, seconds: secondsSince(began) };
  } finally {
    await session.dispose();
  }
}

function secondsSince(began) {
  return (performance.now() - began) / 1000;
}
