// Races of one trace: pairs of transitions that could come in the other order, and which threads could begin that order.
// Happens-before is the program order of each thread plus the order of dependent transitions, kept as vector clocks.
// Source: Abdulla and others, POPL 2014, definitions 3.1 to 3.3 and section 4.
import type { Transition } from "../agent-messages.ts";

export interface Race {
  /** Number of the earlier transition: the other order branches off right before it. */
  readonly at: number;
  /** Threads that can make the first step of an order in which the later transition comes first. */
  readonly initials: readonly number[];
}

type Clock = readonly number[];

interface Stamped {
  readonly transition: Transition;
  /** Position in the trace. */
  readonly at: number;
  /** How many transitions of its thread came before, plus one. */
  readonly own: number;
  readonly clock: Clock;
}

/** Whether swapping two neighboring transitions could be seen. Too much is safe, too little is not. */
export function dependent(one: Transition, other: Transition): boolean {
  return one.touches.some(([object, part, writes]) =>
    other.touches.some(
      ([otherObject, otherPart, otherWrites]) => object === otherObject && (writes || otherWrites) && overlap(part, otherPart, writes && otherWrites),
    ),
  );
}

/** Two writes to keys of one container change its order; an attribute may be an entry of a dictionary that is used as one. */
function overlap(part: string | null, other: string | null, bothWrite: boolean): boolean {
  if (part === null || other === null || part === other) return true;
  return isAttribute(part) === isAttribute(other) ? bothWrite && !isAttribute(part) : true;
}

function isAttribute(part: string): boolean {
  return part.startsWith(".");
}

/** `waiting`: transitions that did not happen because their locks were never free. */
export function findRaces(events: readonly Transition[], waiting: readonly Transition[]): Race[] {
  const trace: Stamped[] = [];
  const races: Race[] = [];
  const clocks = new Map<number, Clock>();
  for (const transition of events) {
    const before = clocks.get(transition.thread) ?? [];
    const predecessors = trace.filter((earlier) => isLater(transition, earlier));
    races.push(...racesWith(transition, { before, predecessors, trace }));
    const own = (before[transition.thread] ?? 0) + 1;
    const clock = [...predecessors.reduce<Clock>((merged, { clock: earlier }) => join(merged, earlier), before)];
    clock[transition.thread] = own;
    clocks.set(transition.thread, clock);
    trace.push({ transition, at: trace.length, own, clock });
  }
  for (const transition of waiting) {
    const predecessors = trace.filter((earlier) => isLater(transition, earlier));
    races.push(...racesWith(transition, { before: clocks.get(transition.thread) ?? [], predecessors, trace }));
  }
  return races;
}

function isLater(transition: Transition, { transition: earlier }: Stamped): boolean {
  return earlier.thread !== transition.thread && dependent(earlier, transition);
}

interface Past {
  /** What the thread knew before the transition. */
  readonly before: Clock;
  /** Dependent transitions of other threads. */
  readonly predecessors: readonly Stamped[];
  readonly trace: readonly Stamped[];
}

function racesWith(transition: Transition, { before, predecessors, trace }: Past): Race[] {
  const unordered = predecessors.filter((earlier) => !isBefore(earlier, before) && canSwap(earlier.transition, transition));
  return unordered
    .filter((earlier) => !unordered.some((between) => between !== earlier && isBefore(earlier, between.clock)))
    .map((earlier) => ({ at: earlier.at, initials: initialsOf(transition, earlier, { before, predecessors, trace }) }));
}

function canSwap(earlier: Transition, later: Transition): boolean {
  return !(earlier.kind === "release" && later.kind === "acquire");
}

/** Threads of the first transitions among those after `earlier` that do not depend on it, and then `transition`. */
function initialsOf(transition: Transition, earlier: Stamped, { before, predecessors, trace }: Past): number[] {
  const rest = trace.slice(earlier.at + 1).filter((event) => !isBefore(earlier, event.clock));
  const initials = rest.filter((event) => !rest.some((one) => one !== event && isBefore(one, event.clock))).map((event) => event.transition.thread);
  const needed = (event: Stamped): boolean => isBefore(event, before) || predecessors.includes(event);
  if (!rest.some((event) => event.transition.thread === transition.thread || needed(event))) initials.unshift(transition.thread);
  return initials;
}

function isBefore({ transition, own }: Stamped, clock: Clock): boolean {
  return (clock[transition.thread] ?? 0) >= own;
}

function join(one: Clock, other: Clock): Clock {
  return Array.from({ length: Math.max(one.length, other.length) }, (_, thread) => Math.max(one[thread] ?? 0, other[thread] ?? 0));
}
