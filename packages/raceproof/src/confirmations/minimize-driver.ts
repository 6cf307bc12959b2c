// Makes the driver of a caught failure smaller: fewer operations first, then plainer arguments. Enters: a driver and what was caught.
// Leaves: the smallest text found that fails in the same way at the same stops. Zeller and Hildebrandt (TSE 2002), one piece at a time.
import type { DriverText, Plan } from "../vocabulary/index.ts";
import { AgentFailure } from "./agent-failure.ts";
import { smallerDrivers } from "./drivers/smaller-drivers.ts";
import { judgeStability } from "./oracles/stability.ts";
import type { Player } from "./player.ts";
import type { CaughtFailure } from "./prove-failure.ts";
import { now } from "./search.ts";

export interface CaughtDriver {
  readonly driver: DriverText;
  readonly caught: CaughtFailure;
}

const MOST_TRIED = 40;
const MOST_MILLISECONDS = 1500;

/** Makes a driver the one that plays. */
export type OpenDriver = (driver: DriverText) => Promise<Player>;

/** Opens nothing when there is nothing smaller to try. */
export async function minimizeDriver(open: OpenDriver, original: CaughtDriver): Promise<CaughtDriver> {
  const tried = new Set<string>();
  const deadline = now() + MOST_MILLISECONDS;
  let smallest = original;
  for (let next: CaughtDriver | undefined = original; next !== undefined; next = await oneSmaller(open, smallest, { tried, deadline })) smallest = next;
  return smallest;
}

async function oneSmaller(
  open: OpenDriver,
  { driver, caught }: CaughtDriver,
  { tried, deadline }: { readonly tried: Set<string>; readonly deadline: number },
): Promise<CaughtDriver | undefined> {
  for (const { source, withoutThread } of smallerDrivers(driver.source)) {
    if (tried.has(source)) continue;
    if (tried.size >= MOST_TRIED || now() > deadline) return undefined;
    tried.add(source);
    const plan = withoutThread === undefined ? caught.plan : planWithout(caught.plan, withoutThread);
    const candidate = { driver: { ...driver, source }, caught: { ...caught, plan } };
    if (plan.length > 1 && (await failsAlike(open, candidate))) return candidate;
  }
  return undefined;
}

function planWithout(plan: Plan, gone: number): Plan {
  return plan.filter(({ thread }) => thread !== gone).map((step) => (step.thread > gone ? { ...step, thread: step.thread - 1 } : step));
}

/** Twice, by the very words of the failure: a smaller driver must not show another one. */
async function failsAlike(open: OpenDriver, { driver, caught: { plan, signature } }: CaughtDriver): Promise<boolean> {
  try {
    const player = await open(driver);
    if (judgeStability(await player.serialOnce()).kind !== "judgeable") return false;
    const { outcomes, reached } = await player.replay(plan, 2);
    const judgments = Object.keys(outcomes).map((id) => player.judge(id));
    return (
      reached === 2 &&
      judgments.every((each) => each.kind === "failure" && each.signature.kind === signature.kind && each.signature.summary === signature.summary)
    );
  } catch (error) {
    if (error instanceof AgentFailure) return false;
    throw error;
  }
}
