// Calls made while a lock is held in, those that wait for another thread that needs the same lock out.
// Misses: waits with a timeout, threads started outside the program.
import { waitingMethods } from "../../../models/index.ts";
import type { WaitingRow } from "../../../models/index.ts";
import type { CallFact, FunctionFact, Program } from "../../../vocabulary/index.ts";
import { locksReachedBy } from "../lock-reach.ts";

export interface Wait {
  readonly call: CallFact;
  readonly lock: string;
  /** Who has to go on for the wait to end, and takes the lock on the way. */
  readonly needer: FunctionFact;
}

/** What every wait of a program is judged by, computed once. */
export interface OtherSides {
  /** Functions that run in threads of their own. */
  readonly threads: readonly FunctionFact[];
  /** Calls by method name and receiver's last name: "put _queue". */
  readonly calls: ReadonlyMap<string, readonly CallFact[]>;
}

const endings: ReadonlySet<string> = new Set([...waitingMethods.values()].flatMap(({ endedBy }) => endedBy));

export function otherSidesOf(program: Program): OtherSides {
  const calls = new Map<string, CallFact[]>();
  const threads: FunctionFact[] = [];
  for (const fn of program.functions) {
    if (fn.threadEntry !== undefined) threads.push(fn);
    for (const call of fn.calls) {
      const [receiver, method] = partsOf(call.text);
      if (!endings.has(method)) continue;
      const key = `${method} ${receiver}`;
      const known = calls.get(key);
      if (known) known.push(call);
      else calls.set(key, [call]);
    }
  }
  return { threads, calls };
}

/** "self._jobs.get" -> ["_jobs", "get"] */
function partsOf(text: string): readonly [receiver: string, method: string] {
  const parts = text.split(".");
  return [parts.at(-2) ?? "", parts.at(-1) ?? ""];
}

export function waitOf(program: Program, call: CallFact, sides: OtherSides): Wait | undefined {
  if (call.targets.length > 0 || call.external !== undefined) return undefined;
  const [receiver, method] = partsOf(call.text);
  const row = waitingMethods.get(method);
  if (!row || receiver === "" || !program.sourceOf(call.span).endsWith(`.${method}()`)) return undefined;
  // Waiting for a condition lets go of its lock.
  if (isCondition(program, call, receiver) || (method === "get" && !/queue|inbox|jobs|tasks|work|pending/i.test(receiver))) return undefined;
  for (const lock of call.lockset) {
    const needer = neederOf(program, { call, row, receiver, lock }, sides);
    if (needer) return { call, lock, needer };
  }
  return undefined;
}

function isCondition(program: Program, { functionId, order, lockset }: CallFact, receiver: string): boolean {
  if (program.functions[functionId]?.accesses.some((access) => access.order === order && access.container === "lock") === true) return true;
  return /cond|lock|mutex|cv$|not_(empty|full)|ready$|^_?all_/i.test(receiver) || lockset.some((lock) => lock.endsWith(`.${receiver}`));
}

interface Question {
  readonly call: CallFact;
  readonly row: WaitingRow;
  readonly receiver: string;
  readonly lock: string;
}

function neederOf(program: Program, { call, row, receiver, lock }: Question, sides: OtherSides): FunctionFact | undefined {
  const waiter = program.functions[call.functionId];
  const ends = row.endedBy.flatMap((method) => sides.calls.get(`${method} ${receiver}`) ?? []);
  const ending = ends.find((end) => end.lockset.includes(lock));
  if (ending) return program.functions[ending.functionId];
  if (!row.needsThread) return undefined;
  return sides.threads.find((thread) => thread.id !== waiter?.id && isNear(thread, waiter) && locksReachedBy(program, thread.id).has(lock));
}

/** A thread of the same class or module: another one's end is not what is waited for. */
function isNear(thread: FunctionFact, waiter: FunctionFact | undefined): boolean {
  return waiter !== undefined && thread.module === waiter.module;
}
