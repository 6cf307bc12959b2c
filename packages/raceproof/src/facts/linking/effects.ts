// Function facts in, transitive effects out: which locations a call may check, read, write or restructure.
// Source: summaries composed bottom-up over the call graph (RacerD), here by iteration to a fixpoint, nearest effects first.
import { argumentMutators, containerMethods, mutates } from "../../models/index.ts";
import type { AccessFact, EffectSummary, FunctionFact } from "../../vocabulary/index.ts";

/** Effects further down than this many calls are left out: what is so far away is no part of what a call is for. */
const deepestEffect = 6;

const depthOfOwn = 0;
/** Parts of a summary by number. */
const part = { checks: 0, reads: 1, writes: 2, mutations: 3, removals: 4 } as const;
const partCount = 5;

const nothing: number[] = [];

/**
 * What one function does itself and through calls, as numbers: an effect is a location's number and a part. Hundreds of thousands pass
 * from function to function; a summary with names is made of those that somebody asks for.
 */
class Effects {
  all: number[] = nothing;
  /** Of each effect, how many calls away it is. */
  depths: number[] = nothing;
  /** What entered in the round before stands from here to there: all that callers have yet to hear of. */
  newestFrom = 0;
  newestTo = 0;

  add(effect: number, depth: number): void {
    // Most functions do little: lists are made when something enters them.
    if (this.all === nothing) {
      this.all = [];
      this.depths = [];
    }
    this.all.push(effect);
    this.depths.push(depth);
  }

  /** True when callers have something to hear of. */
  endRound(): boolean {
    this.newestFrom = this.newestTo;
    this.newestTo = this.all.length;
    return this.newestTo > this.newestFrom;
  }
}

/** Of all functions, as plain data: those of function n stand from starts[n] to starts[n + 1]. */
export interface ProgramEffects {
  readonly starts: Int32Array;
  readonly all: Int32Array;
  readonly depths: Uint8Array;
}

/** `places`: how many locations there are. `placeOf`: by access, the number of its location. */
export function summarizeEffects(functions: readonly FunctionFact[], places: number, placeOf: Int32Array): ProgramEffects {
  const seen = new Marks(places * partCount);
  const effects = functions.map((fn) => ownEffects(fn, placeOf, seen));
  const met = new Marks(functions.length);
  const callees = functions.map((fn) => calleesOf(functions, fn, met));
  const callers = reversed(callees);
  let grown = functions.flatMap(({ id }) => ((effects[id] as Effects).endRound() ? [id] : []));
  // Round n brings in what is n calls away; only callers of functions that have just grown are looked at again.
  for (let depth = 1; depth <= deepestEffect && grown.length > 0; depth++) {
    const open = new Set<number>();
    for (const id of grown) for (const caller of callers[id] ?? noCalls) open.add(caller);
    for (const id of open) {
      const own = effects[id] as Effects;
      seen.start(own.all);
      for (const callee of callees[id] ?? noCalls) hearOf(own, effects[callee] as Effects, { depth, seen });
    }
    for (const id of grown) if (!open.has(id)) (effects[id] as Effects).endRound();
    grown = [...open].filter((id) => (effects[id] as Effects).endRound());
  }
  return joined(effects);
}

function joined(effects: readonly Effects[]): ProgramEffects {
  const starts = new Int32Array(effects.length + 1);
  effects.forEach(({ all }, id) => (starts[id + 1] = (starts[id] as number) + all.length));
  const all = new Int32Array(starts[effects.length] as number);
  const depths = new Uint8Array(all.length);
  effects.forEach((own, id) => {
    all.set(own.all, starts[id]);
    depths.set(own.depths, starts[id]);
  });
  return { starts, all, depths };
}

/** By function, nothing for one that came later; `keyAt` gives the key of a location by its number. */
export function effectsWithNames({ starts, all, depths }: ProgramEffects, keyAt: (place: number) => string): (functionId: number) => EffectSummary {
  const summaries: EffectSummary[] = [];
  const ofFunction = (id: number): EffectSummary => {
    const from = starts[id] ?? 0;
    const to = starts[id + 1] ?? 0;
    return new NamedEffects({ all: all.subarray(from, to), depths: depths.subarray(from, to) }, keyAt);
  };
  return (id) => (summaries[id] ??= ofFunction(id));
}

function hearOf(own: Effects, { all, newestFrom, newestTo }: Effects, { depth, seen }: { readonly depth: number; readonly seen: Marks }): void {
  for (let at = newestFrom; at < newestTo; at++) {
    const effect = all[at] as number;
    if (seen.isNew(effect)) own.add(effect, depth);
  }
}

/** A set of numbers that is emptied at once and makes no objects. */
class Marks {
  private readonly marks: Int32Array;
  private round = 0;

  constructor(size: number) {
    this.marks = new Int32Array(size);
  }

  start(members: readonly number[]): void {
    this.round++;
    for (const member of members) this.marks[member] = this.round;
  }

  /** Adds the number. */
  isNew(member: number): boolean {
    if (this.marks[member] === this.round) return false;
    this.marks[member] = this.round;
    return true;
  }
}

/** Most who ask want one part: the others are not made. */
class NamedEffects implements EffectSummary {
  private readonly effects: Pick<ProgramEffects, "all" | "depths">;
  private readonly keyAt: (place: number) => string;
  private readonly made: (ReadonlyMap<string, number> | undefined)[] = [];

  constructor(effects: Pick<ProgramEffects, "all" | "depths">, keyAt: (place: number) => string) {
    this.effects = effects;
    this.keyAt = keyAt;
  }

  get checksAnything(): boolean {
    return this.effects.all.some((effect) => effect % partCount === part.checks);
  }

  get checks(): ReadonlyMap<string, number> {
    return this.named(part.checks);
  }

  get reads(): ReadonlyMap<string, number> {
    return this.named(part.reads);
  }

  get writes(): ReadonlyMap<string, number> {
    return this.named(part.writes);
  }

  get mutations(): ReadonlyMap<string, number> {
    return this.named(part.mutations);
  }

  get removals(): ReadonlyMap<string, number> {
    return this.named(part.removals);
  }

  private named(wanted: number): ReadonlyMap<string, number> {
    return (this.made[wanted] ??= this.make(wanted));
  }

  private make(wanted: number): ReadonlyMap<string, number> {
    const { all, depths } = this.effects;
    const named = new Map<string, number>();
    for (let at = 0; at < all.length; at++) {
      const effect = all[at] as number;
      if (effect % partCount === wanted) named.set(this.keyAt((effect - wanted) / partCount), depths[at] as number);
    }
    return named;
  }
}

const noCalls: readonly number[] = [];

/** Functions whose effects others may see: construction and calls on objects nobody else has are left out. */
function calleesOf(functions: readonly FunctionFact[], { calls }: FunctionFact, seen: Marks): readonly number[] {
  let found: number[] | undefined;
  for (const { sharing, targets } of calls) {
    if (sharing === "fresh") continue;
    for (const target of targets) {
      if (functions[target]?.phase === "construction") continue;
      if (!found) seen.start((found = []));
      if (seen.isNew(target)) found.push(target);
    }
  }
  return found ?? noCalls;
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

function ownEffects(fn: FunctionFact, placeOf: Int32Array, seen: Marks): Effects {
  const own = new Effects();
  seen.start(own.all);
  for (const access of fn.accesses) {
    if (access.sharing !== "shared") continue;
    const first = (placeOf[access.id] as number) * partCount;
    for (const each of partsOf(access)) {
      const effect = first + each;
      if (seen.isNew(effect)) own.add(effect, depthOfOwn);
    }
  }
  return own;
}

function partsOf(access: AccessFact): readonly number[] {
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

const looking: readonly number[] = [part.checks, part.reads];
const reading: readonly number[] = [part.reads];
const rebinding: readonly number[] = [part.writes];
const changing: readonly number[] = [part.writes, part.mutations];
const emptying: readonly number[] = [part.writes, part.mutations, part.removals];
const takingAway: readonly number[] = [part.writes, part.removals];

function partsOfChange(access: AccessFact): readonly number[] {
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
