// Raw functions in; callers, phases (import, construction, ordinary) and locks held on entry out, by fixpoint over the call graph.
// Misses: functions reached through callbacks look uncalled; a private function nobody calls is taken to be an entry point.
import { intersectLocksets, joinLocksets, noLocks } from "../vocabulary/index.ts";
import type { FunctionFact, Lockset } from "../vocabulary/index.ts";
import type { FunctionDeclaration } from "./declarations.ts";
import { isConstructor } from "./extract-function.ts";
import type { RawCall, RawFunction } from "./raw-facts.ts";

interface CallSite {
  readonly caller: FunctionDeclaration;
  readonly call: RawCall;
}

export interface CallGraph {
  readonly callers: ReadonlyMap<number, readonly CallSite[]>;
  phaseOf(fn: FunctionDeclaration): FunctionFact["phase"];
  entryLocksOf(fn: FunctionDeclaration): Lockset;
}

/** Callable by users of the library: no part of the name is private; dunder methods are called by the language. */
export function isPublic(fn: FunctionDeclaration): boolean {
  return fn.qualifiedName.split(".").every((part) => !part.startsWith("_") || /^__\w+__$/.test(part)) && fn.role !== "nested";
}

export function buildCallGraph(functions: readonly RawFunction[]): CallGraph {
  const callers = new Map<number, CallSite[]>();
  for (const { declaration, calls } of functions) {
    for (const call of calls) {
      for (const target of call.target.functions) {
        const sites = callers.get(target.id);
        if (sites) sites.push({ caller: declaration, call });
        else callers.set(target.id, [{ caller: declaration, call }]);
      }
    }
  }
  const phases = solvePhases(functions, callers);
  const locks = solveEntryLocks(functions, callers, phases);
  return {
    callers,
    phaseOf: (fn) => phases.get(fn.id) ?? "ordinary",
    entryLocksOf: (fn) => locks.get(fn.id) ?? noLocks,
  };
}

type Phase = FunctionFact["phase"];

/** A private function has the phase all its callers share; construction needs the object under construction as receiver. */
function solvePhases(functions: readonly RawFunction[], callers: ReadonlyMap<number, readonly CallSite[]>): Map<number, Phase> {
  const phases = new Map<number, Phase>();
  let open: FunctionDeclaration[] = [];
  for (const { declaration: fn } of functions) {
    if (fn.role === "module" || fn.role === "class-body") phases.set(fn.id, "import");
    else if (isConstructor(fn)) phases.set(fn.id, "construction");
    else if (callers.has(fn.id) && !isPublic(fn)) open.push(fn);
  }
  for (let before = -1; before !== open.length;) {
    before = open.length;
    open = open.filter((fn) => {
      const phase = commonPhase(fn, callers.get(fn.id) ?? [], phases);
      if (phase) phases.set(fn.id, phase);
      return phase === undefined;
    });
  }
  return phases;
}

function commonPhase(fn: FunctionDeclaration, sites: readonly CallSite[], phases: ReadonlyMap<number, Phase>): Phase | undefined {
  const others = sites.filter((site) => site.caller !== fn);
  const first = others[0] && phases.get(others[0].caller.id);
  if (!first || !others.every((site) => phases.get(site.caller.id) === first)) return undefined;
  if (first === "construction" && !others.every((site) => fn.owner !== undefined && /^(self|cls|super\(\))\b/.test(site.call.target.text))) {
    return undefined;
  }
  return first;
}

/**
 * Locks every caller of a private function holds: intersection over call sites (RacerD's caller-held locks).
 * Calls from module bodies and from constructors of the same object do not count: nobody else is there yet.
 */
function solveEntryLocks(
  functions: readonly RawFunction[],
  callers: ReadonlyMap<number, readonly CallSite[]>,
  phases: ReadonlyMap<number, Phase>,
): Map<number, Lockset> {
  const sitesOf = (fn: FunctionDeclaration): CallSite[] => (callers.get(fn.id) ?? []).filter((site) => isRunByThreads(site, phases));
  // undefined stands for "all locks", the top of the lattice.
  const entry = new Map<number, Lockset | undefined>();
  let open: FunctionDeclaration[] = [];
  for (const { declaration: fn } of functions) {
    const isEntry = isPublic(fn) || sitesOf(fn).length === 0;
    entry.set(fn.id, isEntry ? noLocks : undefined);
    if (!isEntry) open.push(fn);
  }
  for (let changed = true; changed;) {
    changed = false;
    for (const fn of open) {
      const before = entry.get(fn.id);
      const after = meetOverSites(sitesOf(fn), entry);
      if (after === undefined || (before !== undefined && after.length === before.length)) continue;
      entry.set(fn.id, after);
      changed = true;
    }
    open = open.filter((fn) => entry.get(fn.id)?.length !== 0);
  }
  return new Map([...entry].map(([id, locks]) => [id, locks ?? noLocks]));
}

function isRunByThreads({ caller, call }: CallSite, phases: ReadonlyMap<number, Phase>): boolean {
  switch (phases.get(caller.id)) {
    case "import":
      return false;
    case "construction":
      return !/^(self|super\(\))\.\w+$/.test(call.target.text);
    default:
      return true;
  }
}

function meetOverSites(sites: readonly CallSite[], entry: ReadonlyMap<number, Lockset | undefined>): Lockset | undefined {
  let met: Lockset | undefined;
  for (const { caller, call } of sites) {
    const held = entry.get(caller.id);
    if (held === undefined) continue;
    const atSite = joinLocksets(held, call.locks);
    met = met === undefined ? atSite : intersectLocksets(met, atSite);
  }
  return met;
}
