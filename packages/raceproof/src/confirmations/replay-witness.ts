// Plays a witness again in a fresh process. Enters: a witness, a subject, a runtime. Leaves: how often it failed in the same way.
// Three answers, never two: a plan that was not reached says nothing about the failure.
import type { Runtime, Witness } from "../vocabulary/index.ts";
import { AgentFailure, describeAgentFailure } from "./agent-failure.ts";
import type { ReplayReply } from "./agent-messages.ts";
import type { TestedSubject } from "./confirmation-options.ts";
import { judgeDeath } from "./oracles/crash.ts";
import { isSameFailure } from "./oracles/serial-order.ts";
import { prepareDriver, type PreparedDriver } from "./prepare-driver.ts";
import { launchAgent } from "./runtimes/launch-agent.ts";
import { type LaunchAgent, Session } from "./session.ts";

export interface ReplaySetting {
  readonly subject: TestedSubject;
  readonly runtime: Runtime;
  readonly times: number;
  /** PYTHONHASHSEED of the process; 0 when left out. */
  readonly hashSeed?: number;
}

export interface WitnessReplay {
  readonly verdict: "reproduced" | "not-reproduced" | "not-reached";
  /** Executions that failed in the recorded way. */
  readonly reproduced: number;
  /** Executions in which every step of the plan was reached. */
  readonly reached: number;
  readonly times: number;
  /** One sentence: what happened instead, or which site is gone. */
  readonly reason: string;
}

/** Compares exceptions by type and place, other failures by kind, against the serial orders of this very process. Never rejects for what the subject does. */
export async function replayWitness(witness: Witness, setting: ReplaySetting, launch: LaunchAgent = launchAgent): Promise<WitnessReplay> {
  const { runtime, times, hashSeed = 0 } = setting;
  const session = new Session({ ...setting.subject, instrument: witness.instrument }, runtime, { launch, hashSeed });
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
    const preparation = await prepareDriver(session, witness.driver);
    return preparation.kind === "ready" ? await play(preparation.prepared) : notReached(times, preparation.reason);
  } catch (error) {
    if (!(error instanceof AgentFailure)) throw error;
    return notReached(times, describeAgentFailure(error.reason));
  }
}

async function replayOutcomes({ plan, failure }: Witness, times: number, { player }: PreparedDriver): Promise<WitnessReplay> {
  const reply = await player.replay(plan, times);
  let reproduced = 0;
  const instead = new Set<string>();
  for (const [id, count] of Object.entries(reply.outcomes)) {
    const judgment = player.judge(id);
    if (judgment.kind === "failure" && isSameFailure(judgment.signature, failure)) reproduced += count;
    else if (judgment.kind === "serial") instead.add("the outcome is that of a serial order");
    else instead.add(judgment.kind === "failure" ? `it fails in another way: ${judgment.signature.summary}` : judgment.reason);
  }
  return summarize(reply, { reproduced, times, instead: [...instead].join("; ") });
}

function summarize(
  { reached, missingSites }: ReplayReply,
  { reproduced, times, instead }: { reproduced: number; times: number; instead: string },
): WitnessReplay {
  if (missingSites.length > 0) return notReached(times, `the source has no ${missingSites.join(", no ")} any more`);
  if (reproduced > 0) return { verdict: "reproduced", reproduced, reached, times, reason: reproduced === times ? "it fails every time" : instead };
  if (reached < times) return { verdict: "not-reached", reproduced, reached, times, reason: `the plan was reached in ${reached} of ${times} executions` };
  return { verdict: "not-reproduced", reproduced, reached, times, reason: instead };
}

/** A crash takes its process along: every repetition has its own. */
async function replayCrash(session: Session, witness: Witness, times: number): Promise<WitnessReplay> {
  let total: WitnessReplay = { verdict: "not-reached", reproduced: 0, reached: 0, times, reason: "" };
  for (let repetition = 0; repetition < times; repetition += 1) {
    await session.dispose();
    const one = await playPrepared(session, witness, 1, (prepared) => replayFatalPlan(witness, prepared));
    const isBetter = one.verdict === "reproduced" || (one.verdict === "not-reproduced" && total.verdict === "not-reached");
    total = {
      ...total,
      verdict: isBetter ? one.verdict : total.verdict,
      reproduced: total.reproduced + one.reproduced,
      reached: total.reached + one.reached,
      reason: one.reason,
    };
    if (one.verdict === "not-reached") break;
  }
  return total;
}

async function replayFatalPlan(witness: Witness, prepared: PreparedDriver): Promise<WitnessReplay> {
  try {
    return summarize(await prepared.player.replay(witness.plan, 1), { reproduced: 0, times: 1, instead: "the process survived" });
  } catch (error) {
    if (!(error instanceof AgentFailure)) throw error;
    const judgment = judgeDeath(error.reason);
    const isSame = judgment.kind === "failure" && isSameFailure(judgment.signature, witness.failure);
    return { verdict: isSame ? "reproduced" : "not-reproduced", reproduced: isSame ? 1 : 0, reached: 1, times: 1, reason: describeAgentFailure(error.reason) };
  }
}

function notReached(times: number, reason: string): WitnessReplay {
  return { verdict: "not-reached", reproduced: 0, reached: 0, times, reason };
}
