// Calls made while a lock is held in, those that wait for another thread that needs the same lock out.
// Misses: waits with a timeout, threads started outside the program.
import { waitingMethods } from "../../../models/index.ts";
import type { WaitingRow } from "../../../models/index.ts";
import type { CallFact, FunctionFact, Program } from "../../../vocabulary/index.ts";
import { locksReachedBy } from "../lock-reach.ts";
import { indexOf } from "../program-index.ts";

export interface Wait {
  readonly call: CallFact;
  readonly lock: string;
  /** Who has to go on for the wait to end, and takes the lock on the way. */
  readonly needer: FunctionFact;
}

const endings: ReadonlySet<string> = new Set([...waitingMethods.values()].flatMap(({ endedBy }) => endedBy));

/** What every wait of a program is judged by: looked up when the first wait is met, because most programs have none. */
export class OtherSides {
  private readonly program: Program;
  private readonly known = new Map<string, readonly CallFact[]>();

  constructor(program: Program) {
    this.program = program;
  }

  /** Functions of a module that run in threads of their own: another module's are not what is waited for. */
  threadsOf(module: string): FunctionFact[] {
    return this.program.functions.filter((fn) => fn.threadEntry !== undefined && fn.module === module);
  }

  /** Calls in a module that may end a wait. */
  endingsIn(module: string): readonly CallFact[] {
    const before = this.known.get(module);
    if (before) return before;
    const calls = indexOf(this.program)
      .callsNamed(endings)
      .filter(({ functionId }) => this.program.functions[functionId]?.module === module);
    this.known.set(module, calls);
    return calls;
  }
}

/** "self._jobs.get" -> ["_jobs", "get"] */
function partsOf(text: string): readonly [receiver: string, method: string] {
  const parts = text.split(".");
  return [parts.at(-2) ?? "", parts.at(-1) ?? ""];
}

/** It is known to be one, or named like one. */
function isQueue(program: Program, call: CallFact, receiver: string): boolean {
  if (/queue|inbox|jobs|tasks|work|pending/i.test(receiver)) return true;
  return program.functions[call.functionId]?.accesses.some(({ order, container }) => order === call.order && container === "queue") === true;
}

export function waitOf(program: Program, call: CallFact, sides: OtherSides): Wait | undefined {
  if (call.targets.length > 0 || call.external !== undefined) return undefined;
  const [receiver, method] = partsOf(call.text);
  const row = waitingMethods.get(method);
  if (!row || receiver === "" || !program.sourceOf(call.span).endsWith(`.${method}()`)) return undefined;
  // Waiting for a condition lets go of its lock.
  if (isCondition(program, call, receiver) || (method === "get" && !isQueue(program, call, receiver))) return undefined;
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
  const waiter = program.functions[call.functionId] as FunctionFact;
  const ending = sides.endingsIn(waiter.module).find((other) => {
    const [object, method] = partsOf(other.text);
    return object === receiver && row.endedBy.includes(method) && other.lockset.includes(lock);
  });
  if (ending) return program.functions[ending.functionId];
  if (!row.needsThread) return undefined;
  return sides.threadsOf(waiter.module).find((thread) => thread.id !== waiter.id && locksReachedBy(program, thread.id).has(lock));
}
