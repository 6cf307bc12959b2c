// What a function's callers need to know of it, and how it reads at a call: facts in terms of its parameters, translated by what is passed.
// Composition bottom-up over the call graph as in RacerD (Blackshear, Gorogiannis, O'Hearn, Sergey, 2018), with identified locks.
import { isKnownOrigin, noOrigin, originKey, translateOrigin } from "../../vocabulary/index.ts";
import type { NativeEffect, NativeHold, NativeOrigin, SourceSpan } from "../../vocabulary/index.ts";
import type { CallEffect } from "../../models/index.ts";
import { unknownType } from "./type-table.ts";
import type { NativeType } from "./type-table.ts";

export interface PointerStore {
  readonly target: NativeOrigin;
  readonly value: NativeOrigin;
  readonly object: string | undefined;
}

export interface NativeSummary {
  readonly effects: readonly NativeEffect[];
  /** Pointers it stores into memory its caller gave it, in order. */
  readonly stores: readonly PointerStore[];
  readonly returned: readonly NativeOrigin[];
  /** When it returns memory of its own: the struct, and what its fields hold. */
  readonly made:
    | { readonly struct: string | undefined; readonly fields: readonly { readonly path: readonly string[]; readonly value: NativeOrigin }[] }
    | undefined;
  /** Declared type of what it returns. */
  readonly type: NativeType;
  readonly effect: CallEffect;
  /** Parameters it uses as strings. */
  readonly strings: readonly number[];
}

export const emptySummary: NativeSummary = { effects: [], stores: [], returned: [], made: undefined, type: unknownType, effect: "none", strings: [] };

/** More accesses of one function than this say nothing new. */
const mostEffects = 400;
const mostStores = 100;

export function worseEffect(a: CallEffect, b: CallEffect): CallEffect {
  if (a === "runs-python" || b === "runs-python") return "runs-python";
  return a === "suspends" || b === "suspends" ? "suspends" : "none";
}

export interface CallSite {
  readonly arguments: readonly NativeOrigin[];
  /** Locations the arguments were loaded from. */
  readonly loadedFrom: readonly (string | undefined)[];
  readonly held: readonly NativeHold[];
  readonly span: SourceSpan;
  /** The caller's name for memory of its own. */
  resolve(origin: NativeOrigin): NativeOrigin;
}

/** An origin of the callee as its caller sees it. */
export function originAtCall(origin: NativeOrigin, site: CallSite): NativeOrigin {
  if (origin.root.kind === "static") return origin;
  if (origin.root.kind !== "parameter") return noOrigin;
  return site.resolve(translateOrigin(origin, site.arguments[origin.root.index] ?? noOrigin));
}

/** Where the callee stores something, as its caller sees it, before anything is looked up. */
export function targetAtCall(target: NativeOrigin, site: CallSite): NativeOrigin {
  return target.root.kind === "parameter" ? translateOrigin(target, site.arguments[target.root.index] ?? noOrigin) : noOrigin;
}

export function holdAtCall(hold: NativeHold, site: CallSite): NativeHold {
  return { ...hold, objects: hold.objects.map((object) => originAtCall(object, site)) };
}

/** The callee's effects as the caller's, without those on memory that only the caller knows. */
export function effectsAtCall(effects: readonly NativeEffect[], site: CallSite): NativeEffect[] {
  return effects.flatMap((effect) => {
    const base = originAtCall(effect.base, site);
    if (!isVisible(base)) return [];
    return [
      {
        ...effect,
        base,
        location: freedLocation(effect, site),
        held: [...site.held, ...effect.held.map((hold) => holdAtCall(hold, site))],
        calls: [site.span, ...effect.calls],
      },
    ];
  });
}

/** What is freed is named by where the caller had it from. */
function freedLocation({ mode, location, base }: NativeEffect, site: CallSite): string {
  if (mode !== "free" || location !== "*" || base.root.kind !== "parameter" || base.path.length > 0) return location;
  return site.loadedFrom[base.root.index] ?? location;
}

/** Memory somebody else may know. */
export function isVisible(origin: NativeOrigin): boolean {
  return isKnownOrigin(origin) && origin.root.kind !== "local" && origin.root.kind !== "fresh";
}

/** Each once: the shortest way there stays. */
export function distinctEffects(effects: readonly NativeEffect[]): NativeEffect[] {
  const kept = new Map<string, NativeEffect>();
  for (const effect of effects) {
    const holds = effect.held.map(({ kind, objects }) => `${kind}(${objects.map(originKey).join()})`).toSorted();
    const key = `${effect.mode}|${effect.location}|${originKey(effect.base)}|${holds.join()}|${effect.debugOnly}|${effect.constant}`;
    const known = kept.get(key);
    if (known === undefined || known.calls.length > effect.calls.length) kept.set(key, effect);
  }
  return [...kept.values()].slice(0, mostEffects);
}

/** Each once, where it came last: through calls of virtual methods the same store comes back by every way. */
export function distinctStores(stores: readonly PointerStore[]): PointerStore[] {
  const kept = new Map<string, PointerStore>();
  for (const store of stores) {
    const key = `${originKey(store.target)}|${originKey(store.value)}|${store.object}`;
    kept.delete(key);
    kept.set(key, store);
  }
  return [...kept.values()].slice(-mostStores);
}
