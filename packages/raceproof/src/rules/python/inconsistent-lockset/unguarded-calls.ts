// The program in, method calls on what a field refers to out, where other functions make such calls under a lock and this one does not.
// The field itself need never change: it is the object behind it that two threads change together.
// Misses: objects passed on as arguments. Over-reports: objects that are safe by themselves and whose class is not in the program.
import type { AccessFact, CallFact, FunctionFact, LocationFact, Program } from "../../../vocabulary/index.ts";
import { isElement } from "../../../vocabulary/index.ts";
import { underLock } from "../activity.ts";
import { mutatesElements } from "../container-operations.ts";
import { methodCalledOn, worksOnObject } from "../object-methods.ts";
import { indexOf } from "../program-index.ts";

export interface UnguardedCall {
  readonly fn: FunctionFact;
  readonly main: AccessFact;
  readonly method: string;
  readonly guard: string;
  readonly guarded: readonly AccessFact[];
  /** known: both calls touch the same state of the object. teardown: it ends what the others work with. same: the same call elsewhere. */
  readonly because: "known" | "teardown" | "same";
}

interface Use {
  readonly access: AccessFact;
  readonly fn: FunctionFact;
  readonly call: CallFact;
  readonly method: string;
}

export function unguardedCallsIn(program: Program): UnguardedCall[] {
  return indexOf(program)
    .locationsDoing(underLock)
    .flatMap((fact) => (mayNeedLock(fact) ? unguardedCallsOf(program, fact) : []));
}

const safeKinds: ReadonlySet<string> = new Set([
  "lock",
  "queue",
  "thread-local",
  "context-variable",
  "text",
  "integer",
  "float",
  "boolean",
  "immutable",
  "counter",
]);

function mayNeedLock({ location, container, accesses }: LocationFact): boolean {
  if (location.ownerKind === "process" || isElement(location) || location.path.includes(".") || safeKinds.has(container)) return false;
  return accesses.some(({ lockset, operation }) => lockset.length > 0 && operation === "read");
}

function unguardedCallsOf(program: Program, { location, accesses }: LocationFact): UnguardedCall[] {
  const uses = accesses.flatMap((access) => useOf(program, access) ?? []);
  const guard = usualLock(uses);
  // Calls of the lock itself.
  if (guard === undefined || guard.endsWith(`.${location.path}`)) return [];
  const guarded = uses.filter(({ access }) => access.lockset.includes(guard));
  const out = new Map<number, UnguardedCall>();
  for (const use of uses) {
    const { access: main, fn, method } = use;
    if (main.lockset.length > 0 || fn.callerLocks.includes(guard) || out.has(fn.id)) continue;
    const because = reasonFor(program, use, guarded);
    if (because !== undefined) out.set(fn.id, { fn, main, method, guard, guarded: guarded.map(({ access }) => access), because });
  }
  // Where most go without, the lock is held for something else.
  return out.size > new Set(guarded.map(({ fn }) => fn.id)).size ? [] : [...out.values()];
}

function useOf(program: Program, access: AccessFact): Use | undefined {
  if (access.operation !== "read" || access.sharing !== "shared" || !/^(self|cls)\.\w+$/.test(access.text)) return undefined;
  const fn = program.functions[access.functionId] as FunctionFact;
  if (fn.phase !== "ordinary") return undefined;
  const method = methodCalledOn(fn, access);
  const call = method === undefined ? undefined : fn.calls.find(({ order, text }) => order === access.order && text === `${access.text}.${method}`);
  return call && method !== undefined && worksOnObject(method) ? { access, fn, call, method } : undefined;
}

/** Held by the most functions that call something on the object. */
function usualLock(uses: readonly Use[]): string | undefined {
  const holders = new Map<string, Set<number>>();
  for (const { access, fn } of uses) {
    for (const lock of access.lockset) holders.set(lock, (holders.get(lock) ?? new Set()).add(fn.id));
  }
  return [...holders].toSorted(([first, a], [second, b]) => b.size - a.size || (first < second ? -1 : 1))[0]?.[0];
}

function reasonFor(program: Program, use: Use, guarded: readonly Use[]): UnguardedCall["because"] | undefined {
  if (use.call.targets.length > 0) {
    const others = guarded.filter(({ fn, call }) => fn.id !== use.fn.id && call.targets.length > 0);
    return others.some((other) => collide(program, use.call, other.call)) ? "known" : undefined;
  }
  const others = guarded.filter(({ fn, call }) => fn.id !== use.fn.id && call.targets.length === 0);
  const isSame = others.some(({ method }) => method === use.method);
  if (isTeardown(use.fn) && (isSame ? !signals.has(use.method) : others.some(({ method }) => !safeMethods.has(method)) && !safeMethods.has(use.method)))
    return "teardown";
  return isSame && !safeMethods.has(use.method) ? "same" : undefined;
}

/** Methods of locks, events, threads, futures: they may be called at any time, and that is what they are for. */
const signals: ReadonlySet<string> = new Set([
  "set",
  "wait",
  "notify",
  "notify_all",
  "notifyAll",
  "acquire",
  "release",
  "start",
  "join",
  "cancel",
  "fire",
  "emit",
  "poll",
  "send_signal",
  "debug",
  "info",
  "warning",
  "warn",
  "error",
  "exception",
  "critical",
  "log",
]);

/** And those of queues and executors, which only what else is done in the same critical section may need the lock for. */
const safeMethods: ReadonlySet<string> = new Set([...signals, "submit", "put", "put_nowait", "get_nowait", "task_done"]);

function isTeardown({ qualifiedName }: FunctionFact): boolean {
  return /\.(stop|close|shutdown|terminate|dispose|disconnect)$/.test(qualifiedName);
}

/** Both touch one attribute of the object without a lock of its own, and one of them changes it. */
function collide(program: Program, one: CallFact, two: CallFact): boolean {
  const [a, b] = [statesOf(program, one), statesOf(program, two)];
  for (const [key, changes] of a) {
    const other = b.get(key);
    if (other !== undefined && (changes || other)) return true;
  }
  return false;
}

/** Attributes of the object that the called methods touch themselves, with whether they change them. */
function statesOf(program: Program, { targets }: CallFact): Map<string, boolean> {
  const out = new Map<string, boolean>();
  for (const access of targets.flatMap((target) => program.functions[target]?.accesses ?? [])) {
    if (access.sharing !== "shared" || access.lockset.length > 0 || !access.text.startsWith("self.")) continue;
    const changes = access.kind === "write" || access.kind === "update" || (access.kind === "call" && mutatesElements(access.operation));
    out.set(access.location.key, changes || (out.get(access.location.key) ?? false));
  }
  return out;
}
