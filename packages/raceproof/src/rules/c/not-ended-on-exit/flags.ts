// Fields that say "in use" while a function works: set to one and back to nothing, or counted up and down.
// What enters: a function. What leaves: each raise with the places that take it back.
import { originKey } from "../../../vocabulary/index.ts";
import type { NativeAccess, NativeEvent, NativeFunction } from "../../../vocabulary/index.ts";
import { contains } from "../event-order.ts";
import type { Begun } from "./rule.ts";

const up = /^(1|true|TRUE|True)$/;
const down = /^(0|false|FALSE|False)$/;

export function flagsRaised({ events, branches }: NativeFunction): Begun[] {
  const accesses = events.filter(isOfObject);
  return accesses.filter(isRaise).flatMap((event): Begun[] => {
    const isEnd = (other: NativeAccess): boolean =>
      other.order > event.order && other.location === event.location && originKey(other.base) === originKey(event.base) && isFall(other);
    const ends = accesses.filter(isEnd);
    // What is only taken back under some condition is a state, and no mark of being at work.
    const isMark = ends.some((end) =>
      branches.every(({ whenTrue, whenFalse }) => [whenTrue, whenFalse].every((way) => !contains(way, end) || contains(way, event))),
    );
    return isMark ? [{ event, name: event.location, severity: "deadlock", ends, results: [] }] : [];
  });
}

function isOfObject(event: NativeEvent): event is NativeAccess {
  return event.kind === "access" && event.mode !== "read" && event.holds === "number" && event.base.root.kind === "parameter" && !event.debugOnly;
}

function isRaise({ mode, stored, text }: NativeAccess): boolean {
  return mode === "write" ? up.test(stored?.constant ?? "") : /\+\+|\+=\s*1\b/.test(text);
}

function isFall({ mode, stored, text }: NativeAccess): boolean {
  return mode === "write" ? down.test(stored?.constant ?? "") : /--|-=\s*1\b/.test(text);
}
