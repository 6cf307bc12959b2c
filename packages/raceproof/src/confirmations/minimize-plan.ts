// Makes a failing plan as small and as portable as it gets. Enters: a plan. Leaves: a plan that still fails in the same way.
// First steps are dropped one after the other (delta debugging with granularity one: Zeller and Hildebrandt, TSE 2002), then each
// stop slides to the smallest occurrence that still fails, because high counts depend on hash functions and versions.
import type { Plan } from "../vocabulary/index.ts";

/** Plays a plan once; true when it was reached and fails in the same way. */
export type StillFails = (plan: Plan) => Promise<boolean>;

/** Beyond this the stop is in a loop, and one more or less occurrence says nothing. */
const MOST_OCCURRENCES_TRIED = 64;

export async function minimizePlan(plan: Plan, stillFails: StillFails): Promise<Plan> {
  return slideStops(await dropSteps(plan, stillFails), stillFails);
}

async function dropSteps(plan: Plan, stillFails: StillFails): Promise<Plan> {
  let current = plan;
  let index = 0;
  while (index < current.length && current.length > 1) {
    const shorter = mergeNeighbors(current.filter((_, other) => other !== index));
    if (await stillFails(shorter)) {
      current = shorter;
      index = 0;
    } else index += 1;
  }
  return current;
}

/** Two steps of one thread in a row: the first stop is no switch. */
function mergeNeighbors(plan: Plan): Plan {
  return plan.filter((step, index) => plan[index + 1]?.thread !== step.thread);
}

async function slideStops(plan: Plan, stillFails: StillFails): Promise<Plan> {
  let current = plan;
  for (const [index, step] of plan.entries()) {
    if (step.until === null) continue;
    const { site, occurrence } = step.until;
    for (let earlier = 1; earlier < Math.min(occurrence, MOST_OCCURRENCES_TRIED); earlier += 1) {
      const candidate = current.with(index, { thread: step.thread, until: { site, occurrence: earlier } });
      if (await stillFails(candidate)) {
        current = candidate;
        break;
      }
    }
  }
  return current;
}
