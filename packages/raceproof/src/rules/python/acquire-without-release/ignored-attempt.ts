// A function in, its attempts to take a lock whose answer nobody asks for, though the lock is given back later, out.
// Misses: answers that are kept in a name and never tested; attempts that arguments make.
import type { AcquisitionFact, CallFact, FunctionFact, Program } from "../../../vocabulary/index.ts";

export interface IgnoredAttempt {
  readonly attempt: AcquisitionFact;
  readonly release: CallFact;
}

export function ignoredAttemptsIn(program: Program, fn: FunctionFact): IgnoredAttempt[] {
  return fn.acquisitions.flatMap((attempt) => {
    if (attempt.how !== "acquire" || attempt.blocks || !isWholeStatement(program, attempt)) return [];
    const release = fn.calls.find(({ text, order }) => order > attempt.order && text === `${attempt.text}.release`);
    return release ? [{ attempt, release }] : [];
  });
}

/** `lock.acquire(False)`, `lock.acquire(timeout=1)`: nothing takes the answer. */
function isWholeStatement(program: Program, { text, statement }: AcquisitionFact): boolean {
  const source = program.sourceOf(statement);
  return source.startsWith(`${text}.acquire(`) && /acquire\((?:(?:blocking ?= ?)?(?:False|0)\b|.*\btimeout ?= ?(?!-1)|True, ?\d)/.test(source);
}
