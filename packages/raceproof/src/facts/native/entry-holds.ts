// What every caller holds when it calls a function: a helper called only inside a section is protected by it.
// What enters: functions with their events. What leaves: the same with callers and the holds common to all calls, from the callers down.
import { originKey, reachedFrom } from "../../vocabulary/index.ts";
import type { NativeCall, NativeFunction, NativeHold, NativeOrigin } from "../../vocabulary/index.ts";
import { impossibleCalls } from "./argument-tuples.ts";

interface CallAt {
  readonly caller: NativeFunction;
  readonly call: NativeCall;
}

/** Longer chains of helpers than this are not followed. */
const mostRounds = 12;

export function holdAtEntry(functions: readonly NativeFunction[]): NativeFunction[] {
  const calls = new Map<number, CallAt[]>();
  const isImpossible = impossibleCalls(functions);
  const withOthers = reachedFrom(functions, companionable(functions));
  for (const caller of functions) {
    if (!withOthers.has(caller.id)) continue;
    for (const event of caller.events) {
      if (event.kind !== "call" || event.debugOnly || isImpossible(caller, event)) continue;
      for (const target of event.targets) calls.set(target, [...(calls.get(target) ?? []), { caller, call: event }]);
    }
  }
  let held: ReadonlyMap<number, readonly NativeHold[]> = new Map();
  for (let round = 0; round < mostRounds; round++) {
    const next = new Map(functions.map((fn) => [fn.id, commonHolds(fn, calls.get(fn.id) ?? [], held)]));
    const settled = functions.every(({ id }) => sameHolds(next.get(id) ?? [], held.get(id) ?? []));
    held = next;
    if (settled) break;
  }
  return functions.map((fn) => ({ ...fn, entryHeld: held.get(fn.id) ?? [] }));
}

/** Functions that may meet others at work: ordinary entries, what can be called again, and what nobody is known to call. */
function companionable(functions: readonly NativeFunction[]): NativeFunction[] {
  const called = new Set(functions.flatMap(({ events }) => events.flatMap((event) => (event.kind === "call" ? event.targets : []))));
  return functions.filter(({ id, entries }) =>
    entries.length === 0 ? !called.has(id) : entries.some(({ company }) => company === "ordinary" || company === "initialization"),
  );
}

function commonHolds(fn: NativeFunction, calls: readonly CallAt[], held: ReadonlyMap<number, readonly NativeHold[]>): readonly NativeHold[] {
  if (fn.entries.length > 0 || calls.length === 0) return [];
  const [first, ...rest] = calls.map(({ caller, call }) => translated([...(held.get(caller.id) ?? []), ...call.held], call));
  return (first ?? []).filter((hold) => rest.every((others) => others.some((other) => sameHold(hold, other))));
}

/** Holds of the caller in the callee's terms; those on objects that are not passed are lost. */
function translated(holds: readonly NativeHold[], call: NativeCall): NativeHold[] {
  const attached = holds.findLastIndex(({ kind }) => kind === "attached");
  return holds.flatMap((hold, at) => {
    if (hold.kind === "attached" || (hold.kind === "detached" && at < attached)) return [];
    const objects = hold.objects.flatMap((object): NativeOrigin[] => {
      if (object.root.kind === "static") return [object];
      const index = call.arguments.findIndex((argument) => originKey(argument) === originKey(object));
      const direct = index < 0 ? [] : [{ argument: index, path: [] }];
      return [...direct, ...call.passed.filter(({ value }) => originKey(value) === originKey(object))].map(({ argument, path }): NativeOrigin => ({
        root: { kind: "parameter", index: argument },
        path,
        interior: false,
        ownerDepth: path.length,
      }));
    });
    return objects.length === 0 && hold.kind !== "detached" ? [] : [{ ...hold, objects, since: -1 }];
  });
}

function sameHold(a: NativeHold, b: NativeHold): boolean {
  return a.kind === b.kind && a.objects.map(originKey).join() === b.objects.map(originKey).join();
}

function sameHolds(a: readonly NativeHold[], b: readonly NativeHold[]): boolean {
  return a.length === b.length && a.every((hold, index) => sameHold(hold, b[index] as NativeHold));
}
