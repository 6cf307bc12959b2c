// What is ever stored in a field: whether it can hold an object that refers to others.
// What enters: a program and a location. What leaves: yes or no. Misses: values stored by the argument parser.
import { makesLeaf } from "../../models/index.ts";
import type { NativeAccess, NativeCall, NativeEvent, NativeProgram } from "../../vocabulary/index.ts";

/** Every store to it is of a new string, number or the like, or of nothing. */
export function holdsOnlyLeaves({ functions }: NativeProgram, location: string): boolean {
  const stores = functions.flatMap(({ events }) =>
    events.filter(isAccess).flatMap((event) => (event.location === location && event.mode === "write" ? [{ event, events }] : [])),
  );
  const values = stores.filter(({ event }) => event.stored?.constant === undefined);
  return values.length > 0 && values.every(({ event, events }) => makesLeaf(makerOf(event, events) ?? ""));
}

function isAccess(event: NativeEvent): event is NativeAccess {
  return event.kind === "access";
}

function makerOf({ stored }: NativeAccess, events: readonly NativeEvent[]): string | undefined {
  const root = stored?.origin.root;
  if (root?.kind !== "fresh" && root?.kind !== "result") return undefined;
  const made = events.find((event): event is NativeCall => event.kind === "call" && event.order === root.call);
  return made?.callee;
}
