// Does a driver do the same whenever it is scheduled the same? Enters: drivers and an interpreter. Leaves, for each: how many of a sample of its
// schedules told the same plan, outcome and trace three times: twice in one process, once more in another.
import { createHash } from "node:crypto";
import type { DriverText, PlayableSchedule, RecheckRow } from "../../vocabulary/index.ts";
import { AgentFailure, describeAgentFailure } from "../agent-failure.ts";
import { prepareDriver, type PreparedDriver } from "../prepare-driver.ts";
import { launchAgent } from "../runtimes/launch-agent.ts";
import { type LaunchAgent, Session } from "../session.ts";
import type { RecheckSetting } from "./recheck-setting.ts";
import { nameEvent } from "./recheck-witnesses.ts";

const STOPS_PER_THREAD = 6;
const DRAWN = 6;

/** Never rejects for what the subject does. All drivers share both processes: importing costs most. */
export async function recheckDrivers(
  drivers: readonly DriverText[],
  setting: RecheckSetting,
  launch: LaunchAgent = launchAgent,
): Promise<readonly RecheckRow[]> {
  const once = await playSamples(drivers, setting, launch);
  const again = await playSamples(drivers, setting, launch);
  return drivers.map((_, index) => ({ runtime: setting.runtime.id, ...compare(once[index] ?? [], again[index] ?? []) }));
}

/** Per schedule, a digest for each time it was played; or why nothing could be. */
type Sample = readonly (readonly string[])[] | string;

function compare(once: Sample, again: Sample): Omit<RecheckRow, "runtime"> {
  const row = { replays: { good: 0, all: 0 }, hashSeeds: { good: 0, all: 0 } };
  if (typeof once === "string" || typeof again === "string")
    return { ...row, traces: { good: 0, all: 1 }, problems: [typeof once === "string" ? once : String(again)] };
  const same = once.filter((digests, index) => new Set([...digests, ...(again[index] ?? [])]).size === 1);
  const problems = same.length < once.length ? [`${once.length - same.length} schedules told something else when they were played again`] : [];
  return { ...row, traces: { good: same.length, all: once.length }, problems };
}

async function playSamples(drivers: readonly DriverText[], { subject, runtime }: RecheckSetting, launch: LaunchAgent): Promise<readonly Sample[]> {
  const session = new Session(subject, runtime, { launch });
  try {
    const samples: Sample[] = [];
    for (const driver of drivers) samples.push(await playSample(session, driver));
    return samples;
  } finally {
    await session.dispose();
  }
}

async function playSample(session: Session, driver: DriverText): Promise<Sample> {
  try {
    const preparation = await prepareDriver(session, driver);
    if (preparation.kind !== "ready") return preparation.reason;
    const { prepared } = preparation;
    const digests: string[][] = [];
    for (const schedule of sampleSchedules(prepared)) digests.push([await digestOf(prepared, schedule), await digestOf(prepared, schedule)]);
    return digests;
  } catch (error) {
    if (!(error instanceof AgentFailure)) throw error;
    return describeAgentFailure(error.reason);
  }
}

async function digestOf({ player, sites }: PreparedDriver, schedule: PlayableSchedule): Promise<string> {
  const watched = sites.filter(({ conflict }) => conflict).map(({ key }) => key);
  const { plan, outcome, trace } = await player.name(watched, schedule);
  return createHash("sha256")
    .update(JSON.stringify([plan, outcome.id, trace.map(nameEvent)]))
    .digest("hex");
}

/** Each thread stopped at a few places, and drawn ones. */
function sampleSchedules({ steps }: PreparedDriver): readonly PlayableSchedule[] {
  const stopped = steps.flatMap((count, thread) => {
    const others = steps.flatMap((_, other): [number, null][] => (other === thread ? [] : [[other, null]]));
    const stops = new Set(Array.from({ length: STOPS_PER_THREAD }, (_, index) => 1 + Math.floor((index * count) / STOPS_PER_THREAD)));
    return [...stops].map((until): PlayableSchedule => [[thread, until], ...others, [thread, null]]);
  });
  return [...stopped, ...Array.from({ length: DRAWN }, (_, seed): PlayableSchedule => ({ kind: "pos", seed }))];
}
