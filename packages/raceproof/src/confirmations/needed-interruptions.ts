// Which interruptions a failure needs, found out by playing it with a pair of accesses made whole. Enters: a failing plan with its trace.
// Leaves: whether the failure is gone when the thread stops right before the pair, and also when it stops right after it.
// Misses: pairs of which each alone hides the failure of the other; such a failure is booked to the wider of them only.
import type { Plan, PlanStep, TraceEvent } from "../vocabulary/index.ts";
import type { PreparedDriver } from "./prepare-driver.ts";

/** `between`, of another thread, falls between two accesses of one thread to the same place. */
export interface InterruptedPair {
  readonly before: TraceEvent;
  readonly between: TraceEvent;
  readonly after: TraceEvent;
}

const MOST_TRIED = 12;
/** A driver that is slow to set up must not take the time of the other hazards. */
const MOST_MILLISECONDS = 1000;

/** Whether one of the pairs must be interrupted for the plan to fail. `trace` is that of the plan. */
export async function needsInterruption(
  { player }: PreparedDriver,
  { plan, trace }: { readonly plan: Plan; readonly trace: readonly TraceEvent[] },
  pairs: readonly InterruptedPair[],
): Promise<boolean> {
  const verdicts = new Map<string, boolean>();
  const until = performance.now() + MOST_MILLISECONDS;
  const isCured = async (moved: Plan): Promise<boolean> => {
    const { outcomes, reached } = await player.replay(moved, 1);
    const [id] = Object.keys(outcomes);
    return id !== undefined && reached === 1 && ["serial", "relaxed"].includes(player.judge(id).kind);
  };
  for (const pair of pairs) {
    const moves = wholePlans(plan, trace, pair);
    const key = JSON.stringify(moves);
    if (moves.length === 0 || verdicts.has(key)) continue;
    if (verdicts.size >= MOST_TRIED || performance.now() > until) break;
    let isNeeded = true;
    for (const moved of moves) isNeeded &&= await isCured(moved);
    if (isNeeded) return true;
    verdicts.set(key, isNeeded);
  }
  return false;
}

/** The plan with the stop inside the pair moved to its start, and to its end; none when the plan does not stop there. */
function wholePlans(plan: Plan, trace: readonly TraceEvent[], { before, between, after }: InterruptedPair): Plan[] {
  const { thread } = before;
  const [from, other, to] = [trace.indexOf(before), trace.indexOf(between), trace.indexOf(after)];
  const stop = plan.findIndex((step) => {
    const at = step.thread === thread ? positionOf(trace, step) : -1;
    return other < at && at <= to;
  });
  if (stop < 0 || from < 0) return [];
  const next = trace.find((event, index) => index > to && event.thread === thread);
  return [stopAt(trace, before), next === undefined ? null : stopAt(trace, next)].map((until) => plan.with(stop, { thread, until }));
}

/** Of the access before which the step stops. */
function positionOf(trace: readonly TraceEvent[], { thread, until }: PlanStep): number {
  if (until === null) return -1;
  let seen = 0;
  return trace.findIndex((event) => event.thread === thread && event.site === until.site && ++seen === until.occurrence);
}

function stopAt(trace: readonly TraceEvent[], event: TraceEvent): PlanStep["until"] {
  const same = trace.slice(0, trace.indexOf(event) + 1).filter(({ thread, site }) => thread === event.thread && site === event.site);
  return { site: event.site, occurrence: same.length };
}
