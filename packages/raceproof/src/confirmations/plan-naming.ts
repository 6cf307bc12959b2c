// Puts schedules in portable words and back. Enters: schedules counted in switch points. Leaves: plans anchored in the source.
import type { Plan, PlanStep, Schedule, ScheduleSegment, TraceEvent } from "../vocabulary/index.ts";
import type { ActiveSites, NameReply } from "./agent-messages.ts";
import type { Player, ToldOfAccesses } from "./player.ts";
import type { PreparedDriver } from "./prepare-driver.ts";

/**
 * Names a schedule that may kill the process: each stop is named in an execution with one preemption less, which was survived
 * when the bounds are searched in order.
 */
export async function nameFatalSchedule(player: Player, sites: ActiveSites, schedule: Schedule): Promise<Plan> {
  const plan: PlanStep[] = [];
  for (const [index, [thread, until]] of schedule.entries()) {
    if (until === null) {
      plan.push({ thread, until: null });
      continue;
    }
    const others = schedule.slice(index + 1).map(([other]) => other);
    const survived: Schedule = [...schedule.slice(0, index), ...[...new Set([thread, ...others])].map((other): ScheduleSegment => [other, null])];
    const { trace } = await player.name(sites, survived);
    const event = trace.filter((one) => one.thread === thread)[until - 1];
    if (event === undefined) throw new Error(`thread ${thread} makes no access ${until}`);
    plan.push({ thread, until: { site: event.site, occurrence: occurrenceOf(trace, event) } });
  }
  return plan;
}

/**
 * Plays a plan with more switch points watched than it names, for a trace that shows what happened around its stops.
 * Undefined when the plan cannot be followed there.
 */
async function traceWidely(
  player: Player,
  { sites, told }: { readonly sites: ActiveSites; readonly told: ToldOfAccesses },
  plan: Plan,
): Promise<NameReply | undefined> {
  const segments: ScheduleSegment[] = [];
  for (const { thread, until } of plan) {
    if (until === null) {
      segments.push([thread, null]);
      continue;
    }
    const { trace } = await player.name(sites, [...segments, [thread, null]]);
    const own = trace.filter((event) => event.thread === thread);
    const position = own.filter((event) => event.site === until.site)[until.occurrence - 1];
    if (position === undefined) return undefined;
    segments.push([thread, own.indexOf(position) + 1]);
  }
  return player.name(sites, segments, told);
}

const MOST_TRACE_EVENTS = 2000;

/** The execution with every conflicting access watched, and those `active`: what happened around the stops. Undefined as above. */
export async function traceAround(
  { player, sites }: PreparedDriver,
  plan: Plan,
  told: ToldOfAccesses,
  active: readonly string[] = [],
): Promise<NameReply | undefined> {
  const watched = [...new Set([...sites.filter(({ conflict }) => conflict).map(({ key }) => key), ...active])];
  const wide = await traceWidely(player, { sites: watched, told }, plan);
  return wide === undefined ? undefined : { ...wide, trace: wide.trace.slice(0, MOST_TRACE_EVENTS) };
}

/** The accesses of one thread while a plan is played, as stops. */
export async function accessesOf(prepared: PreparedDriver, plan: Plan, thread: number): Promise<readonly NonNullable<PlanStep["until"]>[]> {
  const events = ((await traceAround(prepared, plan, "places"))?.trace ?? []).filter((event) => event.thread === thread);
  const seen = new Map<string, number>();
  return events.map(({ site }) => {
    const occurrence = (seen.get(site) ?? 0) + 1;
    seen.set(site, occurrence);
    return { site, occurrence };
  });
}

function occurrenceOf(trace: readonly TraceEvent[], event: TraceEvent): number {
  return trace.slice(0, trace.indexOf(event) + 1).filter(({ thread, site }) => thread === event.thread && site === event.site).length;
}
