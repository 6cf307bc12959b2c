// Order of events inside one C function: what can run between two of them.
// Branches that leave count as leaving; a loop brings its end back to its beginning.
import type { NativeBranch, NativeCall, NativeEvent, NativeFunction, NativeJump, NativeLoop } from "../../vocabulary/index.ts";

/** Can control come from `first` to `later`? Both in the order they stand in, or around a loop that contains both. */
export function canFollow(fn: NativeFunction, first: NativeEvent, later: NativeEvent): boolean {
  if (later.order > first.order) return !isCutOff(fn, first, later);
  return fn.loops.some((loop) => loop.from <= later.order && first.order < loop.to && !leavesLoop(fn, loop, first));
}

/** What follows `first` in its branch ends the loop's rounds: it returns, breaks out, or jumps elsewhere. */
function leavesLoop({ branches, events }: NativeFunction, loop: NativeLoop, first: NativeEvent): boolean {
  return branches.some(({ whenTrue, whenFalse, trueLeaves, falseLeaves }) => {
    const range = trueLeaves && contains(whenTrue, first) ? whenTrue : falseLeaves && contains(whenFalse, first) ? whenFalse : undefined;
    if (range === undefined || range.from < loop.from || range.to > loop.to) return false;
    const jumps = events.slice(first.order + 1, range.to).filter(isJump);
    return jumps.length > 0 && jumps.every((jump) => endsRounds(events, loop, jump));
  });
}

function endsRounds(events: readonly NativeEvent[], loop: NativeLoop, { kind, within, label }: NativeJump): boolean {
  if (kind === "return") return true;
  if (kind === "goto") return !events.some((event) => event.kind === "label" && event.label === label && contains(loop, event));
  return kind === "break" && within === loop.from;
}

function isJump(event: NativeEvent): event is NativeJump {
  return event.kind === "return" || event.kind === "goto" || event.kind === "break" || event.kind === "continue";
}

/** `first` stands in a branch that leaves before it would reach `later`, or the two are alternatives. */
function isCutOff(fn: NativeFunction, first: NativeEvent, later: NativeEvent): boolean {
  return fn.branches.some((branch) => {
    const { whenTrue, whenFalse, trueLeaves, falseLeaves } = branch;
    if (contains(whenTrue, first)) return (trueLeaves && !contains(whenTrue, later)) || contains(whenFalse, later) || isInOtherCase(fn, branch, later);
    return contains(whenFalse, first) && ((falseLeaves && !contains(whenFalse, later)) || contains(whenTrue, later));
  });
}

/** The branch is a case that ends with a break, and `later` stands in another case of the same switch. */
function isInOtherCase({ branches, events }: NativeFunction, { condition, whenTrue }: NativeBranch, later: NativeEvent): boolean {
  return (
    events[whenTrue.to - 1]?.kind === "break" &&
    branches.some((other) => other.condition === condition && other.whenTrue !== whenTrue && contains(other.whenTrue, later))
  );
}

export function contains({ from, to }: { readonly from: number; readonly to: number }, { order }: NativeEvent): boolean {
  return from <= order && order < to;
}

export function callsOf({ events }: NativeFunction): NativeCall[] {
  return events.filter((event): event is NativeCall => event.kind === "call" && !event.debugOnly);
}

/** What a call can set off, in words. */
export function reasonOf({ callee, effect }: NativeCall): string {
  return effect === "runs-python" ? `${callee} can run Python code` : `${callee} can block or let go of the thread's sections`;
}
