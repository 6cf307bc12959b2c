// A function in, its waits on a condition that come after one question under an `if`, and after which it goes on without a second look out:
// between the notification and the moment the thread has the lock again, others may have changed the state back.
// Source: docs.python.org/3/library/threading.html#condition-objects ("wait() can return after an arbitrary long time, and the condition which prompted
// the notify() call may no longer hold true"). Misses: states that are changed back in other ways than by constants and by taking.
import type { AccessFact, AcquisitionFact, CallFact, FunctionFact, Program, TestFact } from "../../../vocabulary/index.ts";
import { removes } from "../container-operations.ts";
import { controls, isInCondition } from "../controlled-by.ts";
import { indexOf } from "../program-index.ts";

export interface OnceAskedWait {
  readonly fn: FunctionFact;
  readonly wait: CallFact;
  /** The condition that is waited on. */
  readonly condition: AccessFact;
  readonly question: AccessFact;
  /** What changes the answer back. */
  readonly undone: AccessFact;
}

/** At most one for each time the lock is taken. */
export function onceAskedWaitsIn(program: Program, fn: FunctionFact): OnceAskedWait[] {
  if (fn.asynchronous || fn.tests.length === 0) return [];
  return fn.acquisitions.flatMap((taken) => {
    const wait = fn.calls.find(({ text, order }) => text === `${taken.text}.wait` && order > taken.order && order < taken.until);
    const condition = wait && fn.accesses.find(({ order, text }) => order === wait.order && text === taken.text);
    const test = wait && questionAround(fn, taken, wait);
    if (!wait || !condition || !test || !goesOn(fn, test)) return [];
    const found = fn.accesses.filter(({ order, sharing }) => sharing === "shared" && isInCondition(order, test));
    for (const question of found) {
      const undone = undoing(program, fn, question, wait);
      if (undone) return [{ fn, wait, condition, question, undone }];
    }
    return [];
  });
}

/** The one `if` inside the lock that decides whether to wait; a loop around it asks again. */
function questionAround(fn: FunctionFact, taken: AcquisitionFact, wait: CallFact): TestFact | undefined {
  const around = fn.tests.filter((test) => test.condition[0] > taken.order && controls(test, wait.order));
  const [test] = around;
  return around.length === 1 && test?.kind === "if" && !test.trueLeaves && isWithin(wait.order, test.whenTrue) ? test : undefined;
}

const isWithin = (order: number, [from, to]: readonly [number, number]): boolean => order >= from && order < to;

/** It does something after the wait. */
function goesOn(fn: FunctionFact, { whenTrue, whenFalse }: TestFact): boolean {
  const end = Math.max(whenTrue[1], whenFalse[1]);
  return fn.calls.some(({ order }) => order >= end) || fn.accesses.some(({ order }) => order >= end);
}

function undoing(program: Program, fn: FunctionFact, question: AccessFact, wait: CallFact): AccessFact | undefined {
  const later = fn.accesses.filter((access) => access.location.key === question.location.key && access.order > wait.order);
  if (later.some(({ kind }) => kind === "check")) return undefined;
  const taking = later.find(takes);
  if (taking && fn.public && fn.threadEntry === undefined) return taking;
  const switches = indexOf(program)
    .reachable(question.location.key)
    .filter((access) => access.functionId !== fn.id && access.operation === "=" && access.stored === "constant" && access.container === "boolean");
  const values = new Map(switches.map((access) => [program.sourceOf(access.statement).split("=").at(-1)?.trim(), access]));
  const asksFor = program.sourceOf(question.statement).includes(`not ${question.text}`) ? "False" : "True";
  const back = values.get(asksFor);
  return values.size === 2 ? back : undefined;
}

/** Several threads that were woken take one element, or one value. */
function takes({ kind, operation, stored }: AccessFact): boolean {
  return operation !== "clear" && (removes(operation) || (kind === "write" && operation === "=" && stored === "none"));
}
