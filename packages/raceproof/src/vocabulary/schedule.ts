// Schedules: who runs until when. In counts of switch points (fast, one process) and in portable words (witnesses).

/** Run `thread` until it is about to make its `until`-th active access of this execution (from 1); null: to its end. */
export type ScheduleSegment = readonly [thread: number, until: number | null];
export type Schedule = readonly ScheduleSegment[];

/** A schedule that the agent draws while it plays; equal values give equal executions on every interpreter. */
export interface SeededSchedule {
  readonly kind: "pct" | "pos" | "surw" | "urw";
  readonly seed: number;
  /** pct: one more than its changes of priority. */
  readonly depth?: number;
  /** Per thread; pct, urw: switch points, surw: accesses at the interesting sites. */
  readonly counts?: readonly number[];
  /** surw: site keys. */
  readonly interesting?: readonly string[];
}
export type PlayableSchedule = Schedule | SeededSchedule;

export function isSeeded(schedule: PlayableSchedule): schedule is SeededSchedule {
  return "kind" in schedule;
}

/** The same, named by source: site key "module:function:kind:text[#n]" and its occurrence in that thread (from 1). */
export interface PlanStep {
  readonly thread: number;
  readonly until: { readonly site: string; readonly occurrence: number } | null;
}
export type Plan = readonly PlanStep[];

/** Switches away from a thread that could have continued (Musuvathi & Qadeer, PLDI 2007): a segment that stops early. */
export function preemptionsOf(plan: Plan): number {
  return plan.filter((step) => step.until !== null).length;
}
