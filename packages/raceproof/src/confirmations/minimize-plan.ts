// Makes a failing plan as small and as portable as it gets. Enters: a plan. Leaves: a plan that still fails in the same way.
// First steps are dropped one after the other (delta debugging with granularity one: Zeller and Hildebrandt, TSE 2002), then each
// stop slides to the smallest occurrence that still fails, of its own access and then of any in the window around it in which stopping
// fails, because high counts depend on hash functions and versions.
import type { Plan, PlanStep } from "../vocabulary/index.ts";

/** Plays a plan once; true when it was reached and fails in the same way. */
export type StillFails = (plan: Plan) => Promise<boolean>;

/** Beyond this the stop is in a loop, and one more or less occurrence says nothing. */
const MOST_OCCURRENCES_TRIED = 64;

/** The accesses of one thread while the plan is played, in order. */
export type AccessesOf = (plan: Plan, thread: number) => Promise<readonly Stop[]>;
type Stop = NonNullable<PlanStep["until"]>;

const WIDEST_WINDOW = 24;

/** A driver that takes long to play gets a plan that is longer than need be. */
const MOST_MILLISECONDS = 3000;

export async function minimizePlan(plan: Plan, fails: StillFails, accessesOf: AccessesOf): Promise<Plan> {
  const until = performance.now() + MOST_MILLISECONDS;
  const stillFails: StillFails = async (each) => performance.now() < until && fails(each);
  const slid = await slideStops(await dropSteps(plan, stillFails), stillFails);
  let current = slid;
  for (const [index, { thread, until: stop }] of slid.entries()) {
    if (stop === null || stop.occurrence === 1 || performance.now() >= until) continue;
    const window = await failingWindow(current, index, await accessesOf(current, thread), stillFails);
    const [first] = window.toSorted((a, b) => a.occurrence - b.occurrence);
    if (first !== undefined && first.occurrence < stop.occurrence) current = current.with(index, { thread, until: first });
  }
  return current;
}

/** Stops beside this one that fail as well, in both directions as far as they do without a gap; the nearest first. */
async function failingWindow(plan: Plan, index: number, accesses: readonly Stop[], stillFails: StillFails): Promise<readonly Stop[]> {
  const step = plan[index];
  const position = accesses.findIndex(({ site, occurrence }) => site === step?.until?.site && occurrence === step.until.occurrence);
  if (step === undefined || position < 0) return [];
  const failing: Stop[] = [];
  for (const side of [accesses.slice(0, position).toReversed(), accesses.slice(position + 1)]) {
    for (const until of side.slice(0, WIDEST_WINDOW)) {
      if (!(await stillFails(plan.with(index, { thread: step.thread, until })))) break;
      failing.push(until);
    }
  }
  return failing;
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
