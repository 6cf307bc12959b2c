// Parameters that are always the tuple of arguments the interpreter made for a call: what is taken for an object of the program's own
// types there never is one. What enters: functions with their entries and calls. What leaves: a test for parameters and for calls.
// Sources: docs.python.org/3/c-api/typeobj.html#c.PyTypeObject.tp_init, tp_new, tp_call ("args" is a tuple).
import type { NativeCall, NativeEffect, NativeEntry, NativeFunction, NativeOrigin } from "../../vocabulary/index.ts";

const slotsWithTuple = new Set(["tp_init", "tp_new", "tp_call"]);
/** Longer chains of helpers than this are not followed. */
const mostRounds = 6;

/** The second parameter of these slots. */
function takesTuple(entries: readonly NativeEntry[]): boolean {
  return entries.length > 0 && entries.every(({ kind, name }) => kind === "slot" && slotsWithTuple.has(name));
}

/** No effect of an entry point can be on a field of the tuple it was given. */
export function isPossibleEffect({ base, location }: NativeEffect, entries: readonly NativeEntry[]): boolean {
  return !(location.includes(".") && base.root.kind === "parameter" && base.root.index === 1 && base.path[0] !== "[]" && takesTuple(entries));
}

/** @returns whether a call hands on such a tuple, or what would be its field, as an object of one of the program's own types */
export function impossibleCalls(functions: readonly NativeFunction[]): (caller: NativeFunction, call: NativeCall) => boolean {
  const tuples = tupleParameters(functions);
  return (caller, call) =>
    call.targets.some((target) =>
      functions[target]?.parameters.some(({ object, type }, index) => object && type !== "PyObject" && isTuple(tuples, caller.id, call.arguments[index])),
    );
}

/** "function parameter", for entries and for helpers that get it from everybody who calls them. */
function tupleParameters(functions: readonly NativeFunction[]): ReadonlySet<string> {
  const tuples = new Set(functions.flatMap(({ id, entries }) => (takesTuple(entries) ? [`${id} 1`] : [])));
  if (tuples.size === 0) return tuples;
  for (let round = 0; round < mostRounds; round++) {
    const passed = new Map<string, boolean>();
    for (const caller of functions) {
      for (const event of caller.events) {
        if (event.kind !== "call") continue;
        for (const target of event.targets) {
          event.arguments.forEach((origin, index) => {
            const key = `${target} ${index}`;
            passed.set(key, passed.get(key) !== false && origin.path.length === 0 && isTuple(tuples, caller.id, origin));
          });
        }
      }
    }
    const before = tuples.size;
    for (const [key, always] of passed) if (always && functions[Number.parseInt(key, 10)]?.entries.length === 0) tuples.add(key);
    if (tuples.size === before) break;
  }
  return tuples;
}

function isTuple(tuples: ReadonlySet<string>, caller: number, origin: NativeOrigin | undefined): boolean {
  return origin?.root.kind === "parameter" && origin.path[0] !== "[]" && tuples.has(`${caller} ${origin.root.index}`);
}
