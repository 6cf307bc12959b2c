// Are witnesses as steady as they say? Enters: witnesses of one subject and an interpreter. Leaves, for each: replays in two fresh
// processes, whether both told the same trace, and replays under other hash seeds. All share each process: importing costs most.
import type { RecheckRow, TraceEvent, Witness } from "../../vocabulary/index.ts";
import { replayInSession, type WitnessReplay } from "../replay-witness.ts";
import { launchAgent } from "../runtimes/launch-agent.ts";
import { type LaunchAgent, Session } from "../session.ts";
import { SessionsByModel } from "../sessions-by-model.ts";
import type { RecheckSetting } from "./recheck-setting.ts";

/** Half of the replays in each of two processes; under each other hash seed a tenth of them. Never rejects for what the subject does. */
export async function recheckWitnesses(
  witnesses: readonly Witness[],
  setting: RecheckSetting,
  launch: LaunchAgent = launchAgent,
): Promise<readonly RecheckRow[]> {
  if (witnesses.length === 0) return [];
  const { subject, runtime, times, hashSeeds } = setting;
  const playAll = async (count: number, hashSeed: number): Promise<readonly WitnessReplay[]> => {
    const sessions = new SessionsByModel((model) => new Session(subject, runtime, { launch, hashSeed, model }));
    try {
      const replays: WitnessReplay[] = [];
      for (const witness of witnesses) replays.push(await replayInSession(sessions.for(witness), witness, count));
      return replays;
    } finally {
      await sessions.dispose();
    }
  };
  const halves = [await playAll(Math.ceil(times / 2), 0), await playAll(Math.max(1, Math.floor(times / 2)), 0)];
  const seeded: (readonly WitnessReplay[])[] = [];
  for (let hashSeed = 1; hashSeed <= hashSeeds; hashSeed += 1) seeded.push(await playAll(Math.max(1, Math.ceil(times / 10)), hashSeed));
  const of = (plays: readonly (readonly WitnessReplay[])[], index: number): WitnessReplay[] => plays.flatMap((replays) => replays[index] ?? []);
  return witnesses.map((_, index) => ({ runtime: runtime.id, ...summarize(of(halves, index), of(seeded, index)) }));
}

function summarize(halves: readonly WitnessReplay[], seeded: readonly WitnessReplay[]): Omit<RecheckRow, "runtime"> {
  const traces = new Set(halves.flatMap(({ seen }) => (seen === undefined ? [] : [JSON.stringify(seen.trace.map(nameEvent))])));
  const problems = [
    ...halves.filter((replay) => !isSteady(replay)).map(({ verdict, reason }) => `${verdict}, ${reason}`),
    ...(traces.size > 1 ? ["two processes told different traces"] : []),
    ...seeded.flatMap((replay, index) => (isSteady(replay) ? [] : [`hash seed ${index + 1}: ${replay.verdict}, ${replay.reason}`])),
  ];
  return {
    replays: { good: sum(halves.map(({ reproduced }) => reproduced)), all: sum(halves.map(({ times }) => times)) },
    hashSeeds: { good: seeded.filter(isSteady).length, all: seeded.length },
    // A witness that ends its process leaves no trace to compare.
    traces: { good: traces.size === 1 ? 1 : 0, all: traces.size === 0 ? 0 : 1 },
    problems: problems.slice(0, MOST_PROBLEMS),
  };
}

const MOST_PROBLEMS = 3;

function isSteady({ reproduced, times }: WitnessReplay): boolean {
  return reproduced === times;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

/** What was accessed in which order; values may hold what the outcome leaves out. */
export function nameEvent({ thread, site, object, name }: TraceEvent): readonly unknown[] {
  return [thread, site, object, name];
}
