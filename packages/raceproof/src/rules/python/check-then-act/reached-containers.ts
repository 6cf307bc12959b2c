// A program in, what calls reach out: the containers a callee looks into, changes or empties, and whether it fails when something is missing.
import type { CallFact, LocationFact, Program } from "../../../vocabulary/index.ts";
import { needsElement } from "../container-operations.ts";
import { indexOf } from "../program-index.ts";

/** A callee's callees may raise for it; deeper ones mean something else. */
const deepestRaise = 2;
const containers: ReadonlySet<string> = new Set(["dict", "set", "list", "deque"]);

/** What the second of two calls does to the container. */
export type ActEffect = "changes" | "removes" | "reads";

export interface SharedContainer {
  readonly location: LocationFact;
  /** Calls between the function and the container, both ways together. */
  readonly depth: number;
}

/** Lives as long as one run of the rule. */
export class ReachedContainers {
  private readonly program: Program;
  private readonly changes = new Map<number, ReadonlyMap<string, number>>();
  private readonly raising = new Map<number, boolean>();

  constructor(program: Program) {
    this.program = program;
  }

  /** The container that `check` looks into and `act` works on, reached by the fewest calls; none that the check itself changes. */
  sharedBy(check: CallFact, act: CallFact, effect: ActEffect): SharedContainer | undefined {
    let best: SharedContainer | undefined;
    for (const target of act.targets) {
      for (const [key, actDepth] of this.effectsOn(target, effect)) {
        const depth = actDepth + this.lookDepth(check, key);
        if (Number.isFinite(depth) && (!best || depth < best.depth)) {
          const location = this.containerAt(key);
          if (location) best = { location, depth };
        }
      }
    }
    return best;
  }

  /** Calls between the function and the container at `key`; infinite when the call does no such thing to it. */
  depthOf(act: CallFact, key: string, effect: ActEffect): number {
    return Math.min(Number.POSITIVE_INFINITY, ...act.targets.map((target) => this.effectsOn(target, effect).get(key) ?? Number.POSITIVE_INFINITY));
  }

  containerAt(key: string): LocationFact | undefined {
    const location = this.program.locations.get(key);
    return location && containers.has(location.container) ? location : undefined;
  }

  /** Reads something of the program that threads share. */
  looks(call: CallFact): boolean {
    return call.targets.some((target) => this.program.effectsOf(target).checksAnything);
  }

  /** Fails when what it asks for is not there. */
  mayRaise(call: CallFact): boolean {
    return call.targets.some((target) => this.raises(target, 0));
  }

  /** A callee itself takes an element and fails when there is none. */
  needsElementAt(call: CallFact, key: string): boolean {
    const index = indexOf(this.program);
    return call.targets.some((target) => index.accessesIn(target, key).some((access) => needsElement(access.operation) && access.handled.length === 0));
  }

  private effectsOn(target: number, effect: ActEffect): ReadonlyMap<string, number> {
    if (effect === "changes") return this.changesOf(target);
    const effects = this.program.effectsOf(target);
    return effect === "removes" ? effects.removals : effects.checks;
  }

  private changesOf(target: number): ReadonlyMap<string, number> {
    let known = this.changes.get(target);
    if (!known) {
      known = new Map([...this.program.effectsOf(target).mutations].filter(([key]) => this.containerAt(key)));
      this.changes.set(target, known);
    }
    return known;
  }

  /** What changes the container before it looks into it asks nothing about it: both calls just happen to write the same log or cache. */
  private lookDepth(check: CallFact, key: string): number {
    let least = Number.POSITIVE_INFINITY;
    for (const target of check.targets) {
      const effects = this.program.effectsOf(target);
      const depth = effects.checks.get(key);
      const changed = effects.mutations.get(key) ?? Number.POSITIVE_INFINITY;
      if (depth !== undefined && changed > depth) least = Math.min(least, depth);
    }
    return least;
  }

  private raises(id: number, depth: number): boolean {
    const known = this.raising.get(id);
    if (known !== undefined) return known;
    const fn = this.program.functions[id];
    if (!fn) return false;
    this.raising.set(id, false);
    const own = fn.raises || fn.neverReturns || fn.accesses.some((access) => needsElement(access.operation) && access.handled.length === 0);
    const raises = own || (depth < deepestRaise && fn.calls.some((call) => call.targets.some((target) => this.raises(target, depth + 1))));
    this.raising.set(id, raises);
    return raises;
  }
}
