// Where a failure can show: a model of a kind of interpreter, and what playing schedules under it said.
import type { RuntimeFamily } from "./runtime.ts";

/** Other switch points for the same scheduler. any: before every access, as CPython up to 3.9 does. The others are named for their family. */
export type RuntimeModelName = "any" | Exclude<RuntimeFamily, "gil-3.9">;

export const runtimeModelNames: readonly RuntimeModelName[] = ["any", "gil", "free-threaded", "pypy"];

export function modelOfFamily(family: RuntimeFamily): RuntimeModelName {
  return family === "gil-3.9" ? "any" : family;
}

export function familyOfModel(model: RuntimeModelName): RuntimeFamily {
  return model === "any" ? "gil-3.9" : model;
}

/**
 * What the model of a family says of one failure. reached: it failed in this way. excluded: it did not in any schedule within the bound.
 * not-reached: it did not in the schedules that were played. untried: the model could not be played.
 */
export interface FamilyReach {
  readonly family: RuntimeFamily;
  readonly verdict: "reached" | "excluded" | "not-reached" | "untried";
  /** replay: the witness's own plan. search: schedules of the same driver under the model. */
  readonly by: "replay" | "search";
  /** Executions, and those of them that failed in this way. */
  readonly schedules: number;
  readonly hits: number;
  /** Preemptions up to which every schedule was played; for excluded. */
  readonly bound?: number;
  /** For excluded: so many traces cover every interleaving of the driver's accesses under the model, with any number of preemptions (DPOR). */
  readonly traces?: number;
  /** The interpreter that played the model; a model needs no interpreter of its family. */
  readonly runtime?: string;
  /** Why untried. */
  readonly note?: string;
}
