// Plays a witness again in a fresh process. Enters: a witness, a subject, a runtime. Leaves: how often it failed in the same way, and
// what the accesses read and wrote meanwhile.
import { type Outcome, sourceDigest, type Runtime, type TraceEvent, type Witness } from "../vocabulary/index.ts";
import { AgentFailure, describeAgentFailure } from "./agent-failure.ts";
import type { TestedSubject } from "./confirmation-options.ts";
import { judgeDeath } from "./oracles/crash.ts";
import { isSameFailure } from "./oracles/serial-order.ts";
import { traceAround } from "./plan-naming.ts";
import type { Player } from "./player.ts";
import { prepareDriver, type PreparedDriver } from "./prepare-driver.ts";
import { judgeReplay, notReached, type ReplayAnswer, type ReplayTally } from "./replay-verdict.ts";
import { launchAgent } from "./runtimes/launch-agent.ts";
import { type LaunchAgent, Session } from "./session.ts";

export interface ReplaySetting {
  readonly subject: TestedSubject;
  readonly runtime: Runtime;
  readonly times: number;
  /** PYTHONHASHSEED of the process; 0 when left out. */
  readonly hashSeed?: number;
}

/** One more execution of the plan, looked at closely. */
export interface SeenExecution {
  readonly outcome: Outcome;
  readonly trace: readonly TraceEvent[];
}

export interface WitnessReplay extends ReplayAnswer {
  /** Absent when the plan was not followed or ends the process. */
  readonly seen?: SeenExecution;
}

/** Compares exceptions by type and place, other failures by kind, against the serial orders of this very process. Never rejects for what the subject does. */
export async function replayWitness(witness: Witness, setting: ReplaySetting, launch: LaunchAgent = launchAgent): Promise<WitnessReplay> {
  const { runtime, times, hashSeed = 0 } = setting;
  const session = new Session({ ...setting.subject, instrument: witness.instrument }, runtime, { launch, hashSeed, model: witness.model });
  try {
    return await replayInSession(session, witness, times);
  } finally {
    await session.dispose();
  }
}

/** The same in a session that may have played other drivers of the subject before. */
export async function replayInSession(session: Session, witness: Witness, times: number): Promise<WitnessReplay> {
  return witness.failure.kind === "crash"
    ? replayCrash(session, witness, times)
    : playPrepared(session, witness, times, (prepared) => replayOutcomes(witness, times, prepared));
}

async function playPrepared(
  session: Session,
  witness: Witness,
  times: number,
  play: (prepared: PreparedDriver) => Promise<WitnessReplay>,
): Promise<WitnessReplay> {
  try {
    // Its operations ended when it was recorded: the serial orders need no first look.
    const preparation = await prepareDriver(session, witness.driver, "ends");
    return preparation.kind === "ready" ? await play(preparation.prepared) : notReached(times, preparation.reason);
  } catch (error) {
    if (!(error instanceof AgentFailure)) throw error;
    return notReached(times, describeAgentFailure(error.reason));
  }
}

async function replayOutcomes(witness: Witness, times: number, prepared: PreparedDriver): Promise<WitnessReplay> {
  const { plan, failure } = witness;
  const { player } = prepared;
  const reply = await player.replay(plan, times);
  let reproduced = 0;
  const otherwise = new Set<string>();
  for (const [id, count] of Object.entries(reply.outcomes)) {
    const judgment = player.judge(id);
    if (judgment.kind === "failure" && isSameFailure(judgment.signature, failure)) reproduced += count;
    else if (judgment.kind === "failure") otherwise.add(`it fails in another way: ${judgment.signature.summary}`);
    else if (judgment.kind === "undecided") otherwise.add(judgment.reason);
  }
  const answer = judgeReplay(reply, { reproduced, times, otherwise: [...otherwise] }, plan, await driftedModules(player, witness));
  const seen = reply.reached > 0 ? await traceAround(prepared, plan, "values") : undefined;
  return seen === undefined ? answer : { ...answer, seen };
}

/** Modules whose source is not what it was when the witness was recorded. */
async function driftedModules(player: Player, { sources }: Witness): Promise<readonly string[]> {
  const now = await player.sources(Object.keys(sources));
  return Object.entries(sources)
    .filter(([module, digest]) => sourceDigest(now[module] ?? "") !== digest)
    .map(([module]) => module);
}

/** A crash takes its process along: every repetition has its own. */
async function replayCrash(session: Session, witness: Witness, times: number): Promise<WitnessReplay> {
  let total = notReached(times, "");
  for (let repetition = 0; repetition < times; repetition += 1) {
    await session.dispose();
    const one = await playPrepared(session, witness, 1, (prepared) => replayFatalPlan(witness, prepared));
    const isBetter = one.verdict === "reproduced" || (one.verdict === "passed" && total.verdict !== "reproduced");
    total = {
      ...total,
      verdict: isBetter || repetition === 0 ? one.verdict : total.verdict,
      reproduced: total.reproduced + one.reproduced,
      reached: total.reached + one.reached,
      reason: one.reason,
    };
    if (one.verdict === "not-reached" || one.verdict === "stale") break;
  }
  return total;
}

async function replayFatalPlan(witness: Witness, { player }: PreparedDriver): Promise<WitnessReplay> {
  const drifted = await driftedModules(player, witness);
  const tally: ReplayTally = { reproduced: 0, times: 1, otherwise: [] };
  try {
    const answer = judgeReplay(await player.replay(witness.plan, 1), tally, witness.plan, drifted);
    return answer.verdict === "passed" ? { ...answer, reason: "the process survived" } : answer;
  } catch (error) {
    if (!(error instanceof AgentFailure)) throw error;
    const judgment = judgeDeath(error.reason);
    const isSame = judgment.kind === "failure" && isSameFailure(judgment.signature, witness.failure);
    const reason = describeAgentFailure(error.reason);
    return isSame
      ? { verdict: "reproduced", reproduced: 1, reached: 1, times: 1, reason }
      : { verdict: "inconclusive", reproduced: 0, reached: 1, times: 1, reason };
  }
}
