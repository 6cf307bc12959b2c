// Function facts in, transitive effects out: which locations a call may check, read, write or restructure.
// Source: summaries composed bottom-up over the call graph (RacerD), here by iteration to a fixpoint, nearest effects first.
import { argumentMutators, containerMethods, mutates } from "../../models/index.ts";
import type { AccessFact, EffectSummary, FunctionFact } from "../../vocabulary/index.ts";

/** Effects further down than this many calls are left out: what is so far away is no part of what a call is for. */
const deepestEffect = 6;

const parts = ["checks", "reads", "writes", "mutations", "removals"] as const;

type MutableEffects = { readonly [Part in (typeof parts)[number]]: Map<string, number> };

export function summarizeEffects(functions: readonly FunctionFact[]): (functionId: number) => EffectSummary {
  const effects = functions.map(ownEffects);
  const callees = functions.map((fn) => calleesOf(functions, fn));
  let fresh = functions.map((fn) => fn.id);
  // Round n brings in what is n calls away; only functions whose callees have just grown are looked at again.
  for (let depth = 1; depth <= deepestEffect && fresh.length > 0; depth++) {
    const grown = new Set(fresh);
    fresh = functions.flatMap((fn) => {
      let changed = false;
      for (const callee of callees[fn.id] ?? []) {
        if (grown.has(callee) && addAll(effects[fn.id] as MutableEffects, effects[callee] as MutableEffects, depth)) changed = true;
      }
      return changed ? [fn.id] : [];
    });
  }
  return (functionId) => effects[functionId] as MutableEffects;
}

/** Functions whose effects others may see: construction and calls on objects nobody else has are left out. */
function calleesOf(functions: readonly FunctionFact[], fn: FunctionFact): number[] {
  const targets = fn.calls.filter((call) => call.sharing !== "fresh").flatMap((call) => call.targets);
  return [...new Set(targets)].filter((target) => functions[target] && functions[target].phase !== "construction");
}

function ownEffects(fn: FunctionFact): MutableEffects {
  const own: MutableEffects = { checks: new Map(), reads: new Map(), writes: new Map(), mutations: new Map(), removals: new Map() };
  for (const access of fn.accesses) if (access.sharing === "shared") addAccess(own, access);
  return own;
}

function addAccess(own: MutableEffects, access: AccessFact): void {
  const { key } = access.location;
  switch (access.kind) {
    case "check":
    case "iterate":
      own.checks.set(key, 0);
      own.reads.set(key, 0);
      return;
    case "read":
      own.reads.set(key, 0);
      if (access.operation === "[]") own.checks.set(key, 0);
      return;
    case "write":
    case "update":
      own.writes.set(key, 0);
      if (changesStructure(access.operation)) own.mutations.set(key, 0);
      if (takesAway(access)) own.removals.set(key, 0);
      return;
    case "call":
      if (changesStructure(access.operation)) {
        own.writes.set(key, 0);
        own.mutations.set(key, 0);
        if (takesAway(access)) own.removals.set(key, 0);
      } else own.reads.set(key, 0);
  }
}

function takesAway({ operation, stored }: AccessFact): boolean {
  if (operation === "[]=") return stored === "none";
  if (operation === "del[]" || operation === "del[:]") return true;
  return containerMethods.get(operation) === "removes" || argumentMutators.get(operation) === "removes";
}

/** True for operations that change which elements a container has, or rebind it. */
function changesStructure(operation: string): boolean {
  switch (operation) {
    case "[]=":
    case "del[]":
    case "[:]=":
    case "del[:]":
    case "=":
    case "del":
      return true;
    default:
      return mutates(containerMethods.get(operation)) || argumentMutators.has(operation);
  }
}

/** Adds the callee's effects that are `depth - 1` calls below it; nearer ones have come in earlier rounds. */
function addAll(into: MutableEffects, from: MutableEffects, depth: number): boolean {
  let changed = false;
  for (const part of parts) {
    for (const [key, below] of from[part]) {
      if (below !== depth - 1 || into[part].has(key)) continue;
      into[part].set(key, depth);
      changed = true;
    }
  }
  return changed;
}
