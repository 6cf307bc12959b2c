// Types that the garbage collector knows, with the functions that visit, clear and free their instances; and what those do to fields.
// What enters: a program. What leaves: types by their tables, and fields as origins rooted in the instance. Misses: slots inherited from a base.
import { noOrigin, originKey, translateOrigin } from "../../vocabulary/index.ts";
import type { NativeCall, NativeFunction, NativeOrigin, NativeProgram } from "../../vocabulary/index.ts";

export interface CollectedType {
  readonly table: string;
  /** Made from a spec at run time: instances own a reference to it. */
  readonly heap: boolean;
  readonly traverse: NativeFunction | undefined;
  readonly clear: NativeFunction | undefined;
  readonly dealloc: NativeFunction | undefined;
}

export function collectedTypes({ functions, heapTypeTables }: NativeProgram): CollectedType[] {
  const slots = new Map<string, Map<string, NativeFunction>>();
  for (const fn of functions.filter(({ generated }) => !generated)) {
    for (const { kind, name, table } of fn.entries) {
      if (kind === "slot") slots.set(table, (slots.get(table) ?? new Map<string, NativeFunction>()).set(name, fn));
    }
  }
  return [...slots].map(([table, filled]) => ({
    table,
    heap: heapTypeTables.has(table),
    traverse: filled.get("tp_traverse"),
    clear: filled.get("tp_clear"),
    dealloc: filled.get("tp_dealloc"),
  }));
}

/** A call of the function itself or of one it calls, with its first argument in the function's own terms. */
export interface FieldCall {
  readonly call: NativeCall;
  readonly within: NativeFunction;
  readonly field: NativeOrigin;
}

const deepest = 4;

/** Calls by name, in the function and what it calls, that are handed a field of its first parameter. */
export function fieldCalls({ functions }: NativeProgram, fn: NativeFunction, named: RegExp): FieldCall[] {
  const search = (within: NativeFunction, depth: number): FieldCall[] =>
    within.events.flatMap((event): FieldCall[] => {
      if (event.kind !== "call" || event.debugOnly) return [];
      if (named.test(event.callee) && event.targets.length === 0) return [{ call: event, within, field: event.arguments[0] ?? noOrigin }];
      if (depth >= deepest) return [];
      return event.targets.flatMap((target) =>
        search(functions[target] as NativeFunction, depth + 1).map((found) => ({ ...found, field: inCaller(found.field, event) })),
      );
    });
  return search(fn, 0);
}

function inCaller(field: NativeOrigin, call: NativeCall): NativeOrigin {
  return field.root.kind === "parameter" ? translateOrigin(field, call.arguments[field.root.index] ?? noOrigin) : noOrigin;
}

export const visiting: RegExp = /^(Py_VISIT|visit)$/;
export const dropping: RegExp = /^Py_(X?DECREF|CLEAR|X?SETREF)$/;

/** A field of the instance, not the instance itself. */
export function isFieldOfSelf({ root, path }: NativeOrigin): boolean {
  return root.kind === "parameter" && root.index === 0 && path.length > 0 && path[0] !== "ob_base" && path.at(-1) !== "ob_type";
}

/** Elements of an array count as the array. */
export function fieldKey(field: NativeOrigin): string {
  return originKey({ ...field, path: field.path.filter((step) => step !== "[]"), interior: false });
}
