// What a replay says about its witness. Enters: the agent's reply, the outcomes it judged, sources then and now. Leaves: one of five
// answers, never two: a plan that was not reached says nothing about the failure, and neither does one that went wrong in another way.
import type { Plan } from "../vocabulary/index.ts";
import type { ReplayReply } from "./agent-messages.ts";

/**
 * passed: reached, or kept from it by a wait that is new, and every outcome was that of a serial order. stale: the plan can no longer
 * be followed because the source changed. not-reached: it could not be followed, and the source is the same or unknown.
 */
export type ReplayVerdict = "reproduced" | "passed" | "stale" | "not-reached" | "inconclusive";

export interface ReplayAnswer {
  readonly verdict: ReplayVerdict;
  /** Executions that failed in the recorded way. */
  readonly reproduced: number;
  /** Executions in which every step of the plan was reached. */
  readonly reached: number;
  readonly times: number;
  /** One sentence: what happened instead, or which anchor is gone. */
  readonly reason: string;
}

/** How the executions ended that did not fail in the recorded way. */
export interface ReplayTally {
  readonly reproduced: number;
  readonly times: number;
  /** What else happened, each once; the outcomes of serial orders are not among them. */
  readonly otherwise: readonly string[];
}

/** `drifted`: modules whose source is another one now. */
export function judgeReplay(reply: ReplayReply, tally: ReplayTally, plan: Plan, drifted: readonly string[]): ReplayAnswer {
  const { reproduced, times, otherwise } = tally;
  const answer = (verdict: ReplayVerdict, reason: string): ReplayAnswer => ({ verdict, reproduced, reached: reply.reached, times, reason });
  const prevented = reply.prevented ?? 0;
  if (reply.missingSites.length > 0) return answer(isKnownToDiffer(drifted), `${sayDrift(drifted)}there is no ${reply.missingSites.join(" and no ")}`);
  if (reproduced > 0) return answer("reproduced", reproduced === times ? "it fails every time" : otherwise.join("; ") || "the other outcomes are serial");
  if (reply.reached + prevented < times) {
    const why = `${sayDrift(drifted)}the plan was reached in ${reply.reached} of ${times} executions${sayMissed(reply, plan)}`;
    return answer(isKnownToDiffer(drifted), why);
  }
  if ((reply.uncontrolled ?? 0) > 0) return answer("inconclusive", "a thread was blocked outside the scheduler");
  if (otherwise.length > 0) return answer("inconclusive", otherwise.join("; "));
  const waits = prevented > 0 ? `in ${prevented} of ${times} executions a thread had to wait where the plan would go on; ` : "";
  return answer("passed", `${waits}the outcome is that of a serial order`);
}

export function notReached(times: number, reason: string): ReplayAnswer {
  return { verdict: "not-reached", reproduced: 0, reached: 0, times, reason };
}

/** Modules of a plan or trace, by the names of its sites. */
export function modulesOf(sites: readonly string[]): readonly string[] {
  return [...new Set(sites.filter((site) => !site.startsWith("@")).map((site) => site.slice(0, site.indexOf(":"))))];
}

function isKnownToDiffer(drifted: readonly string[]): "stale" | "not-reached" {
  return drifted.length > 0 ? "stale" : "not-reached";
}

function sayDrift(drifted: readonly string[]): string {
  return drifted.length === 0 ? "" : `the source of ${drifted.join(", ")} has changed since it was recorded, and `;
}

function sayMissed({ missed = {} }: ReplayReply, plan: Plan): string {
  const [index] = Object.entries(missed).toSorted(([, a], [, b]) => b - a)[0] ?? [];
  const until = index === undefined ? null : plan[Number(index)]?.until;
  return until === null || until === undefined ? "" : `: no stop before ${until.site}, number ${until.occurrence}`;
}
