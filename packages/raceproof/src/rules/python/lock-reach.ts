// The program in, which locks a call of each function may wait for out: its own acquisitions and those of what it calls.
// Source: the lock summaries of RacerD's Starvation checker (Gorogiannis, O'Hearn, Sergey, 2019), bounded in depth.
// Misses: locks behind callbacks and operators, and below more calls than followed.
import type { AcquisitionFact, CallFact, FunctionFact, Program } from "../../vocabulary/index.ts";

/** A lock that a function may wait for. */
export interface ReachedLock {
  readonly acquisition: AcquisitionFact;
  /** Calls from the function down to the one that acquires; empty when it does so itself. */
  readonly path: readonly CallFact[];
}

type Reach = ReadonlyMap<string, ReachedLock>;

/** Deeper chains of calls are mostly wrong guesses of who is called. */
const deepestPath = 4;

const nothing: Reach = new Map();
const memo = new WeakMap<Program, ReadonlyMap<number, Reach>>();

/** By lock name; nearest first when there are several ways. */
export function locksReachedBy(program: Program, functionId: number): Reach {
  let reaches = memo.get(program);
  if (!reaches) memo.set(program, (reaches = computeReach(program)));
  return reaches.get(functionId) ?? nothing;
}

/** Calling it runs its body: not true of generators and coroutines. */
function runsWhenCalled({ generator, contextManager, asynchronous }: FunctionFact): boolean {
  return !asynchronous && (!generator || contextManager);
}

function computeReach(program: Program): Map<number, Map<string, ReachedLock>> {
  const all = new Map<number, Map<string, ReachedLock>>();
  let newest = new Map<number, Map<string, ReachedLock>>();
  for (const fn of program.functions) {
    for (const acquisition of fn.acquisitions) {
      if (acquisition.blocks && acquisition.ownerKind !== "call" && runsWhenCalled(fn)) note(newest, fn.id, { acquisition, path: [] });
    }
  }
  for (let depth = 0; newest.size > 0; depth++) {
    for (const [id, reach] of newest) for (const reached of reach.values()) note(all, id, reached);
    newest = depth < deepestPath ? oneCallFurther(program, newest, all) : new Map();
  }
  return all;
}

function oneCallFurther(program: Program, newest: ReadonlyMap<number, Reach>, all: ReadonlyMap<number, Reach>): Map<number, Map<string, ReachedLock>> {
  const next = new Map<number, Map<string, ReachedLock>>();
  const callers = new Set([...newest.keys()].flatMap((id) => program.functions[id]?.callers ?? []));
  for (const id of callers) {
    const fn = program.functions[id];
    if (!fn || !runsWhenCalled(fn)) continue;
    for (const call of fn.calls) {
      for (const target of call.targets) {
        for (const [lock, { acquisition, path }] of newest.get(target) ?? nothing) {
          if (all.get(id)?.has(lock) !== true) note(next, id, { acquisition, path: [call, ...path] });
        }
      }
    }
  }
  return next;
}

function note(into: Map<number, Map<string, ReachedLock>>, id: number, reached: ReachedLock): void {
  const known = into.get(id);
  const { lock } = reached.acquisition;
  if (!known) into.set(id, new Map([[lock, reached]]));
  else if (!known.has(lock)) known.set(lock, reached);
}

/** Acquisitions of a function that hold their lock at an offset of its text. */
export function heldAt(fn: FunctionFact, order: number): AcquisitionFact[] {
  return fn.acquisitions.filter((acquisition) => acquisition.order < order && order < acquisition.until);
}

/** Every step stays with one object: `self.step()`. */
export function staysWithReceiver(path: readonly CallFact[]): boolean {
  return path.every(({ text, targets }) => targets.length === 1 && /^(self|cls|super\(\))\.\w+$/.test(text));
}
