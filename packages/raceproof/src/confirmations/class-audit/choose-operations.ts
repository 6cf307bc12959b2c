// Footprints of many candidate calls in, the calls worth pairing out: for each entry point the ways through it that differ.
import type { EntryCall, EntryForm } from "../../vocabulary/index.ts";
import type { Footprint } from "../agent-messages.ts";

export interface Candidate {
  readonly form: EntryForm;
  readonly call: EntryCall;
}

export interface Measured extends Candidate {
  readonly footprint: Footprint;
}

export interface Choice {
  readonly operations: readonly Measured[];
  readonly uncalled: readonly { readonly method: string; readonly reason: string }[];
}

/**
 * Calls that return before those that answer with an exception; each way through the code once, by its plainest call; the longer way first.
 * What the class's own threads run is only of use when it returns: most of it waits for ever.
 */
export function chooseOperations(measured: readonly Measured[], mostPerMethod: number): Choice {
  const operations: Measured[] = [];
  const uncalled: { method: string; reason: string }[] = [];
  for (const [method, all] of byMethod(measured)) {
    const usable = all.filter((each) => gradeOf(each) < (isLong(each) || each.form.ownThread ? 1 : UNUSABLE)).toSorted((a, b) => gradeOf(a) - gradeOf(b));
    const routes = new Map<string, Measured>();
    for (const each of usable) if (!routes.has(each.footprint.route)) routes.set(each.footprint.route, each);
    const distinct = [...routes.values()].toSorted((a, b) => gradeOf(a) - gradeOf(b) || lengthOf(b) - lengthOf(a));
    const long = distinct.filter(isLong);
    operations.push(...distinct.filter((each) => !isLong(each) || each === long[0]).slice(0, mostPerMethod));
    if (usable.length === 0 && all.every(({ form }) => !form.ownThread)) uncalled.push({ method, reason: reasonOf(all[0]) });
  }
  return { operations, uncalled };
}

export function byMethod(measured: readonly Measured[]): ReadonlyMap<string, readonly Measured[]> {
  const found = new Map<string, Measured[]>();
  for (const each of measured) found.set(methodOf(each), [...(found.get(methodOf(each)) ?? []), each]);
  return found;
}

const UNUSABLE = 3;
/** What containers answer when something is not there. */
const ordinaryAnswers: ReadonlySet<string> = new Set(["KeyError", "IndexError", "ValueError", "StopIteration"]);

export function methodOf({ form }: Candidate): string {
  return form.method;
}

/** 0 returned, 1 an answer on purpose, 2 blocked alone (a partner may free it), 3 of no use. */
export function gradeOf({ footprint }: Measured): number {
  const [result] = footprint.results;
  if (footprint.ending === "deadlock") return 2;
  if (footprint.ending !== "finished" || result === undefined || result.status === "unfinished") return UNUSABLE;
  if (result.status === "returned") return 0;
  if (result.where === "") return UNUSABLE;
  return result.domain || ordinaryAnswers.has(result.exception) ? 1 : UNUSABLE;
}

/** Every pair with it takes long: one such way of an entry point has to do, and only one that returns. */
function isLong({ footprint }: Measured): boolean {
  return footprint.steps > LONG;
}

const LONG = 5000;

/** Ways that take very long are no better than long ones. */
function lengthOf({ footprint }: Measured): number {
  return Math.min(footprint.steps, 2000) + 4 * footprint.writes.length;
}

function reasonOf(measured: Measured | undefined): string {
  const result = measured?.footprint.results[0];
  if (measured !== undefined && isLong(measured) && gradeOf(measured) < UNUSABLE) return `does not return within ${LONG} accesses`;
  if (measured?.footprint.ending === "hang") return "does not end alone";
  return result?.status === "raised" ? `${result.exception}: ${result.message.slice(0, 80)}` : "does not end alone";
}

export interface Pair {
  readonly left: Measured;
  readonly right: Measured;
}

/** All pairs, each call with itself included, of which one writes what the other reads or writes and not both only raise. */
export function conflictingPairs(operations: readonly Measured[]): Pair[] {
  const touched = operations.map(({ footprint }) => new Set([...footprint.reads, ...footprint.writes]));
  const meets = (writer: number, other: number): boolean => operations[writer]?.footprint.writes.some((location) => touched[other]?.has(location)) === true;
  return operations.flatMap((left, first) =>
    operations
      .slice(first)
      .flatMap((right, distance): Pair[] =>
        !(raises(left) && raises(right)) && (meets(first, first + distance) || meets(first + distance, first)) ? [{ left, right }] : [],
      ),
  );
}

function raises(measured: Measured): boolean {
  return gradeOf(measured) === 1;
}
