// Function facts in, transitive effects out: which locations a call may check, read, write or restructure.
// Source: summaries composed bottom-up over the call graph (RacerD), here by iteration to a fixpoint, nearest effects first.
import { argumentMutators, containerMethods, mutates } from "../../models/index.ts";
import type { AccessFact, EffectSummary, FunctionFact } from "../../vocabulary/index.ts";

/** Effects further down than this many calls are left out: what is so far away is no part of what a call is for. */
const deepestEffect = 6;

const depthOfOwn = 0;
type Part = "checks" | "reads" | "writes" | "mutations" | "removals";

interface Entry {
  readonly part: Part;
  readonly key: string;
}

const nothing = new Map<string, number>();
const noEntries: readonly Entry[] = [];

/** What one function does itself and through calls. Most do little: a map is made when something enters it. */
class Effects implements EffectSummary {
  checks: Map<string, number> = nothing;
  reads: Map<string, number> = nothing;
  writes: Map<string, number> = nothing;
  mutations: Map<string, number> = nothing;
  removals: Map<string, number> = nothing;
  /** What entered in the round before: all that callers have yet to hear of. */
  newest: readonly Entry[] = noEntries;
  private entering: Entry[] | undefined;

  add(entry: Entry, depth: number): void {
    const { part, key } = entry;
    if (this[part].has(key)) return;
    if (this[part] === nothing) this[part] = new Map();
    this[part].set(key, depth);
    if (this.entering) this.entering.push(entry);
    else this.entering = [entry];
  }

  /** True when callers have something to hear of. */
  endRound(): boolean {
    this.newest = this.entering ?? noEntries;
    this.entering = undefined;
    return this.newest.length > 0;
  }
}

export function summarizeEffects(functions: readonly FunctionFact[]): (functionId: number) => EffectSummary {
  const effects = functions.map(ownEffects);
  const callees = functions.map((fn) => calleesOf(functions, fn));
  const callers = reversed(callees);
  let grown = functions.flatMap(({ id }) => ((effects[id] as Effects).endRound() ? [id] : []));
  // Round n brings in what is n calls away; only callers of functions that have just grown are looked at again.
  for (let depth = 1; depth <= deepestEffect && grown.length > 0; depth++) {
    const open = new Set(grown.flatMap((id) => callers[id] ?? noCalls));
    for (const id of open) {
      const own = effects[id] as Effects;
      for (const callee of callees[id] ?? noCalls) for (const entry of (effects[callee] as Effects).newest) own.add(entry, depth);
    }
    for (const id of grown) if (!open.has(id)) (effects[id] as Effects).endRound();
    grown = [...open].filter((id) => (effects[id] as Effects).endRound());
  }
  return (functionId) => effects[functionId] as Effects;
}

const noCalls: readonly number[] = [];

/** Functions whose effects others may see: construction and calls on objects nobody else has are left out. */
function calleesOf(functions: readonly FunctionFact[], fn: FunctionFact): readonly number[] {
  let found: Set<number> | undefined;
  for (const { sharing, targets } of fn.calls) {
    if (sharing === "fresh") continue;
    for (const target of targets) if (functions[target]?.phase !== "construction") (found ??= new Set()).add(target);
  }
  return found ? [...found] : noCalls;
}

function reversed(callees: readonly (readonly number[])[]): readonly (readonly number[] | undefined)[] {
  const callers: number[][] = [];
  callees.forEach((targets, caller) => {
    for (const target of targets) {
      const known = callers[target];
      if (known) known.push(caller);
      else callers[target] = [caller];
    }
  });
  return callers;
}

function ownEffects(fn: FunctionFact): Effects {
  const own = new Effects();
  for (const access of fn.accesses) {
    if (access.sharing !== "shared") continue;
    for (const part of partsOf(access)) if (!own[part].has(access.location.key)) own.add({ part, key: access.location.key }, depthOfOwn);
  }
  return own;
}

function partsOf(access: AccessFact): readonly Part[] {
  switch (access.kind) {
    case "check":
    case "iterate":
      return looking;
    case "read":
      return access.operation === "[]" ? looking : reading;
    case "write":
    case "update":
      return partsOfChange(access);
    case "call":
      return changesStructure(access.operation) ? partsOfChange(access) : reading;
  }
}

const looking: readonly Part[] = ["checks", "reads"];
const reading: readonly Part[] = ["reads"];
const rebinding: readonly Part[] = ["writes"];
const changing: readonly Part[] = ["writes", "mutations"];
const emptying: readonly Part[] = ["writes", "mutations", "removals"];
const takingAway: readonly Part[] = ["writes", "removals"];

function partsOfChange(access: AccessFact): readonly Part[] {
  const takes = takesAway(access);
  if (changesStructure(access.operation)) return takes ? emptying : changing;
  return takes ? takingAway : rebinding;
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
