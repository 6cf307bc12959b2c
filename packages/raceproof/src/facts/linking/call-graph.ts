// Extracted functions in; callers, phases (import, construction, ordinary) and locks held on entry out, by fixpoint over the call graph.
// Misses: functions reached through callbacks look uncalled; a private function nobody calls is taken to be an entry point.
import { intersectLocksets, joinLocksets, noLocks } from "../../vocabulary/index.ts";
import type { FunctionFact, Lockset } from "../../vocabulary/index.ts";
import type { ExtractedCall, ExtractedFunction } from "../module-facts.ts";
import type { ExtractedProgram } from "./extracted-program.ts";

export interface CallSite {
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
  /** Calls that may run the function, those of a base's method that it replaces included. */
  sitesOf(id: number): readonly CallSite[];
  numberOf(key: string): number | undefined;
  /** Only calls inside the program reach it: private, and never given away. */
  isInner(fn: ExtractedFunction): boolean;
}

/** By function id: the calls that may run it, callers in their order. */
type Callers = readonly (readonly CallSite[] | undefined)[];

export interface IndirectCalls {
  /** Methods of subclasses that may run instead of a method, by its key. */
  readonly overrides: ReadonlyMap<string, readonly string[]>;
  /** Functions that run in threads or at moments of their own, by key. */
  readonly entries: ReadonlyMap<string, string>;
}

const noCallers: readonly number[] = [];
const noSites: readonly CallSite[] = [];

export function buildCallGraph(program: ExtractedProgram, { overrides, entries }: IndirectCalls): CallGraph {
  const { functions, idOf } = program;
  const callers = callSites(program);
  const possible = withOverrides(callers, overrides, idOf);
  // A private function that is given away may be called by anybody.
  const given = new Set([...entries.keys(), ...program.passed]);
  const isInner = (fn: ExtractedFunction): boolean => !fn.public && !given.has(fn.key);
  const phases = solvePhases(functions, possible, isInner);
  const running = possible.map((sites) => sites?.filter((site) => isRunByThreads(site, phases)));
  const locks = solveEntryLocks(functions, running, isInner);
  return {
    callersOf: (id) => callersIn(callers[id]),
    phaseOf: (id) => phases[id] ?? "ordinary",
    entryLocksOf: (id) => locks[id] ?? noLocks,
    callerLocksOf: (id) => meetOverSites(running[id] ?? noSites, locks) ?? noLocks,
    sitesOf: (id) => possible[id] ?? noSites,
    numberOf: (key) => idOf.get(key),
    isInner,
  };
}

/** Sites come in the order of their callers, so equal ones stand together. */
function callersIn(sites: readonly CallSite[] | undefined): readonly number[] {
  if (!sites) return noCallers;
  const callers: number[] = [];
  for (const { caller } of sites) if (caller !== callers.at(-1)) callers.push(caller);
  return callers;
}

function callSites({ functions, targets }: ExtractedProgram): Callers {
  const callers: (CallSite[] | undefined)[] = functions.map(() => undefined);
  functions.forEach(({ calls }, caller) => {
    const targetsOfCalls = targets[caller] as readonly (readonly number[])[];
    for (let index = 0; index < calls.length; index++) {
      const ids = targetsOfCalls[index] as readonly number[];
      if (ids.length === 0) continue;
      const call = calls[index] as ExtractedCall;
      const site = { caller, call };
      for (const id of ids) {
        const known = callers[id];
        if (known) known.push(site);
        else callers[id] = [site];
      }
    }
  });
  return callers;
}

/** A call of a method may run what a subclass puts in its place. */
function withOverrides(callers: Callers, overrides: IndirectCalls["overrides"], idOf: ReadonlyMap<string, number>): Callers {
  const possible = [...callers];
  for (const [replaced, methods] of overrides) {
    const sites = (callers[idOf.get(replaced) as number] ?? noSites).filter(({ call }) => !call.text.startsWith("super("));
    if (sites.length === 0) continue;
    for (const method of methods) {
      const id = idOf.get(method) as number;
      possible[id] = [...(possible[id] ?? noSites), ...sites];
    }
  }
  return possible;
}

type Phase = FunctionFact["phase"];

/** Text of a call on the object under construction itself. */
const onReceiver = /^((self|cls)\b|super\(\))/;

/** By function id; undefined where nothing says so. */
type Phases = readonly (Phase | undefined)[];

/** A private function has the phase all its callers share; construction needs the object under construction as receiver. */
function solvePhases(functions: readonly ExtractedFunction[], callers: Callers, isInner: (fn: ExtractedFunction) => boolean): Phases {
  const phases = functions.map(knownPhase);
  let open = [...functions.keys()].filter((id) => phases[id] === undefined && callers[id] !== undefined && isInner(functions[id] as ExtractedFunction));
  for (let before = -1; before !== open.length;) {
    before = open.length;
    open = open.filter((id) => {
      const others = (callers[id] ?? noSites).filter((site) => site.caller !== id);
      const fn = functions[id] as ExtractedFunction;
      const madeHere = fn.role !== "class-method" || others.every(({ caller }) => makesClass(functions[caller] as ExtractedFunction));
      const phase = madeHere || phases[others[0]?.caller ?? -1] === "import" ? commonPhase(fn, others, phases) : undefined;
      if (phase) phases[id] = phase;
      return phase === undefined;
    });
  }
  return phases;
}

function knownPhase({ role, isConstructor }: ExtractedFunction): Phase | undefined {
  if (role === "module" || role === "class-body") return "import";
  return isConstructor ? "construction" : undefined;
}

/** `__init_subclass__` and what it calls build a class; constructors of instances find it built. */
function makesClass({ role, qualifiedName }: ExtractedFunction): boolean {
  return role === "class-method" && !qualifiedName.endsWith(".__new__");
}

function commonPhase(fn: ExtractedFunction, sites: readonly CallSite[], phases: Phases): Phase | undefined {
  const first = sites[0] && phases[sites[0].caller];
  if (!first || !sites.every((site) => phases[site.caller] === first)) return undefined;
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
  running: Callers,
  isInner: (fn: ExtractedFunction) => boolean,
): readonly (Lockset | undefined)[] {
  // undefined stands for "all locks", the top of the lattice.
  const entry = functions.map((fn, id): Lockset | undefined => (!isInner(fn) || (running[id] ?? noSites).length === 0 ? noLocks : undefined));
  let open = [...functions.keys()].filter((id) => entry[id] === undefined);
  for (let changed = true; changed;) {
    changed = false;
    for (const id of open) {
      const before = entry[id];
      const after = meetOverSites(running[id] ?? noSites, entry);
      if (after === undefined || (before !== undefined && after.length === before.length)) continue;
      entry[id] = after;
      changed = true;
    }
    open = open.filter((id) => entry[id]?.length !== 0);
  }
  return entry.map((locks) => locks ?? noLocks);
}

function isRunByThreads({ caller, call }: CallSite, phases: Phases): boolean {
  switch (phases[caller]) {
    case "import":
      return false;
    case "construction":
      return !/^(self|super\(\))\.\w+$/.test(call.text);
    default:
      return true;
  }
}

function meetOverSites(sites: readonly CallSite[], entry: readonly (Lockset | undefined)[]): Lockset | undefined {
  let met: Lockset | undefined;
  for (const { caller, call } of sites) {
    const held = entry[caller];
    if (held === undefined) continue;
    const atSite = joinLocksets(held, call.ownLockset);
    met = met === undefined ? atSite : intersectLocksets(met, atSite);
  }
  return met;
}
