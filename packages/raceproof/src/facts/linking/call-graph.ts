// Extracted functions in; callers, phases (import, construction, ordinary) and locks held on entry out, by fixpoint over the call graph.
// Misses: functions reached through callbacks look uncalled; a private function nobody calls is taken to be an entry point.
import { intersectLocksets, joinLocksets, noLocks } from "../../vocabulary/index.ts";
import type { FunctionFact, Lockset } from "../../vocabulary/index.ts";
import type { ExtractedCall, ExtractedFunction } from "../module-facts.ts";

interface CallSite {
  /** Number of the calling function. */
  readonly caller: number;
  readonly call: ExtractedCall;
}

/** Everything by the numbers that linking gives to functions: their positions in the list. */
export interface CallGraph {
  callersOf(id: number): readonly number[];
  phaseOf(id: number): FunctionFact["phase"];
  entryLocksOf(id: number): Lockset;
  /** Locks that every call inside the program holds, also where users might call without. */
  callerLocksOf(id: number): Lockset;
}

type Callers = ReadonlyMap<number, readonly CallSite[]>;

export interface IndirectCalls {
  /** Methods of subclasses that may run instead of a method, by its key. */
  readonly overrides: ReadonlyMap<string, readonly string[]>;
  /** Functions that run in threads or at moments of their own, by key. */
  readonly entries: ReadonlyMap<string, string>;
}

export function buildCallGraph(functions: readonly ExtractedFunction[], idOf: ReadonlyMap<string, number>, { overrides, entries }: IndirectCalls): CallGraph {
  const callers = callSites(functions, idOf);
  const possible = withOverrides(callers, overrides, idOf);
  // A private function that is given away may be called by anybody.
  const given = new Set([...entries.keys(), ...functions.flatMap((fn) => fn.calls.flatMap((call) => call.passes))]);
  const isInner = (fn: ExtractedFunction): boolean => !fn.public && !given.has(fn.key);
  const phases = solvePhases(functions, possible, isInner);
  const locks = solveEntryLocks(functions, { callers: possible, phases, isInner });
  return {
    callersOf: (id) => [...new Set((callers.get(id) ?? []).map((site) => site.caller))],
    phaseOf: (id) => phases.get(id) ?? "ordinary",
    entryLocksOf: (id) => locks.get(id) ?? noLocks,
    callerLocksOf: (id) =>
      meetOverSites(
        (possible.get(id) ?? []).filter((site) => isRunByThreads(site, phases)),
        locks,
      ) ?? noLocks,
  };
}

function callSites(functions: readonly ExtractedFunction[], idOf: ReadonlyMap<string, number>): Map<number, CallSite[]> {
  const callers = new Map<number, CallSite[]>();
  functions.forEach(({ calls }, caller) => {
    for (const call of calls) {
      for (const target of call.targets) {
        const id = idOf.get(target) as number;
        const sites = callers.get(id);
        if (sites) sites.push({ caller, call });
        else callers.set(id, [{ caller, call }]);
      }
    }
  });
  return callers;
}

/** A call of a method may run what a subclass puts in its place. */
function withOverrides(callers: Callers, overrides: IndirectCalls["overrides"], idOf: ReadonlyMap<string, number>): Callers {
  const possible = new Map(callers);
  for (const [replaced, methods] of overrides) {
    const sites = (callers.get(idOf.get(replaced) as number) ?? []).filter(({ call }) => !call.text.startsWith("super("));
    if (sites.length === 0) continue;
    for (const method of methods) {
      const id = idOf.get(method) as number;
      possible.set(id, [...(possible.get(id) ?? []), ...sites]);
    }
  }
  return possible;
}

type Phase = FunctionFact["phase"];

/** Text of a call on the object under construction itself. */
const onReceiver = /^((self|cls)\b|super\(\))/;

/** A private function has the phase all its callers share; construction needs the object under construction as receiver. */
function solvePhases(functions: readonly ExtractedFunction[], callers: Callers, isInner: (fn: ExtractedFunction) => boolean): Map<number, Phase> {
  const phases = new Map<number, Phase>();
  let open: number[] = [];
  functions.forEach((fn, id) => {
    if (fn.role === "module" || fn.role === "class-body") phases.set(id, "import");
    else if (fn.isConstructor) phases.set(id, "construction");
    else if (callers.has(id) && isInner(fn)) open.push(id);
  });
  for (let before = -1; before !== open.length;) {
    before = open.length;
    open = open.filter((id) => {
      const others = (callers.get(id) ?? []).filter((site) => site.caller !== id);
      const fn = functions[id] as ExtractedFunction;
      const madeHere = fn.role !== "class-method" || others.every(({ caller }) => makesClass(functions[caller] as ExtractedFunction));
      const phase = madeHere || phases.get(others[0]?.caller ?? -1) === "import" ? commonPhase(fn, others, phases) : undefined;
      if (phase) phases.set(id, phase);
      return phase === undefined;
    });
  }
  return phases;
}

/** `__init_subclass__` and what it calls build a class; constructors of instances find it built. */
function makesClass({ role, qualifiedName }: ExtractedFunction): boolean {
  return role === "class-method" && !qualifiedName.endsWith(".__new__");
}

function commonPhase(fn: ExtractedFunction, sites: readonly CallSite[], phases: ReadonlyMap<number, Phase>): Phase | undefined {
  const first = sites[0] && phases.get(sites[0].caller);
  if (!first || !sites.every((site) => phases.get(site.caller) === first)) return undefined;
  if (first === "construction" && !sites.every((site) => fn.owner !== undefined && onReceiver.test(site.call.text))) {
    return undefined;
  }
  return first;
}

/**
 * Locks every caller of a private function holds: intersection over call sites (RacerD's caller-held locks).
 * Calls from module bodies and from constructors of the same object do not count: nobody else is there yet.
 */
function solveEntryLocks(
  functions: readonly ExtractedFunction[],
  { callers, phases, isInner }: { readonly callers: Callers; readonly phases: ReadonlyMap<number, Phase>; isInner(fn: ExtractedFunction): boolean },
): Map<number, Lockset> {
  const sitesOf = (id: number): CallSite[] => (callers.get(id) ?? []).filter((site) => isRunByThreads(site, phases));
  // undefined stands for "all locks", the top of the lattice.
  const entry = new Map<number, Lockset | undefined>();
  let open: number[] = [];
  functions.forEach((fn, id) => {
    const isEntry = !isInner(fn) || sitesOf(id).length === 0;
    entry.set(id, isEntry ? noLocks : undefined);
    if (!isEntry) open.push(id);
  });
  for (let changed = true; changed;) {
    changed = false;
    for (const id of open) {
      const before = entry.get(id);
      const after = meetOverSites(sitesOf(id), entry);
      if (after === undefined || (before !== undefined && after.length === before.length)) continue;
      entry.set(id, after);
      changed = true;
    }
    open = open.filter((id) => entry.get(id)?.length !== 0);
  }
  return new Map([...entry].map(([id, locks]) => [id, locks ?? noLocks]));
}

function isRunByThreads({ caller, call }: CallSite, phases: ReadonlyMap<number, Phase>): boolean {
  switch (phases.get(caller)) {
    case "import":
      return false;
    case "construction":
      return !/^(self|super\(\))\.\w+$/.test(call.text);
    default:
      return true;
  }
}

function meetOverSites(sites: readonly CallSite[], entry: ReadonlyMap<number, Lockset | undefined>): Lockset | undefined {
  let met: Lockset | undefined;
  for (const { caller, call } of sites) {
    const held = entry.get(caller);
    if (held === undefined) continue;
    const atSite = joinLocksets(held, call.lockset);
    met = met === undefined ? atSite : intersectLocksets(met, atSite);
  }
  return met;
}
