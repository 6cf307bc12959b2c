// The program in, the little of it that has to do with locks out: several rules look at nothing else, and most code holds none.
import type { CallFact, FunctionFact, Program } from "../../vocabulary/index.ts";

export interface LockUsage {
  /** Functions that take a lock themselves. */
  readonly takers: readonly FunctionFact[];
  /** Calls made while a lock is held, also by a caller. */
  readonly calls: readonly CallFact[];
}

const memo = new WeakMap<Program, LockUsage>();

export function lockUsageOf(program: Program): LockUsage {
  const known = memo.get(program);
  if (known) return known;
  const takers: FunctionFact[] = [];
  const calls: CallFact[] = [];
  for (const fn of program.functions) {
    if (fn.acquisitions.length > 0) takers.push(fn);
    else if (fn.entryLockset.length === 0 && !mayHoldOtherwise(fn)) continue;
    for (const call of fn.calls) if (call.lockset.length > 0) calls.push(call);
  }
  const usage = { takers, calls };
  memo.set(program, usage);
  return usage;
}

/** A decorator or a base class may hold a lock around the whole function: then its first call shows it. */
function mayHoldOtherwise({ calls }: FunctionFact): boolean {
  return calls[0] !== undefined && calls[0].lockset.length > 0;
}
