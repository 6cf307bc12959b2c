// What functions do to threads and the collector, their own events first, then through the functions they call until nothing changes.
// What enters: walked functions. What leaves: effects per function, and kinds per call. Closures that another thread runs do not count for the function.
import { effectsOfCall, isVisitor } from "../../models/index.ts";
import { noRustOrigin, withoutReferences } from "../../vocabulary/index.ts";
import type { RustAccess, RustCall, RustEffect, RustEffectKind, RustEvent, RustOrigin, RustType } from "../../vocabulary/index.ts";
import { methodOwner } from "./follow-methods.ts";
import type { PythonHoldings } from "./python-holdings.ts";
import type { WalkedFunction } from "./walk-function.ts";

/** Paths of calls longer than this say nothing more. */
const longestChain = 6;
/** Per function: a dispatcher over a large program has more than anybody reads. */
const mostEffects = 200;

export interface ProgramEffects {
  readonly effects: readonly (readonly RustEffect[])[];
  /** By function and order. */
  readonly ofCalls: readonly ReadonlyMap<number, readonly RustEffectKind[]>[];
}

export function collectEffects(functions: readonly WalkedFunction[], holdings: PythonHoldings): ProgramEffects {
  const ofCalls = functions.map(() => new Map<number, RustEffectKind[]>());
  const effects = functions.map((fn, id) => {
    const context = { id, holdings, calls: ofCalls[id] as Map<number, RustEffectKind[]> };
    const own = fn.events.flatMap((event) => ownEffects(fn, event, context));
    return [...own, ...throughLocalClosures(fn, own)];
  });
  const known = effects.map((list) => new Set(list.map(keyOf)));
  const callers = callersOf(functions);
  const pending = new Set(functions.keys());
  for (const id of pending) {
    pending.delete(id);
    for (const { caller, event } of callers.get(id) ?? []) {
      const kinds = ofCalls[caller] as Map<number, RustEffectKind[]>;
      let grew = false;
      for (const effect of effects[id] as RustEffect[]) {
        const own = kinds.get(event.order) ?? [];
        if (!own.includes(effect.kind)) kinds.set(event.order, [...own, effect.kind]);
        grew =
          addEffect(functions[caller] as WalkedFunction, event, effect, { list: effects[caller] as RustEffect[], known: known[caller] as Set<string> }) || grew;
      }
      if (grew) pending.add(caller);
    }
  }
  return { effects, ofCalls };
}

/** `let f = |x| ...; f(&self.a)`: what the closure does to its parameters happens to what it is called with. */
function throughLocalClosures({ events }: WalkedFunction, own: readonly RustEffect[]): RustEffect[] {
  return events.flatMap((event) => {
    const closure = event.kind === "call" && event.form === "value" ? event.receiver?.closure : undefined;
    if (event.kind !== "call" || closure === undefined) return [];
    return own.flatMap((effect): RustEffect[] => {
      const { root, path, through } = effect.place;
      const given = root.kind === "closure" && root.scope === closure ? event.arguments[root.index]?.origin : undefined;
      if (given === undefined) return [];
      return [{ ...effect, place: { root: given.root, path: [...given.path, ...path], through: [...given.through, ...through] }, order: event.order }];
    });
  });
}

interface CallSite {
  readonly caller: number;
  readonly event: RustCall;
}

function callersOf(functions: readonly WalkedFunction[]): ReadonlyMap<number, readonly CallSite[]> {
  const found = new Map<number, CallSite[]>();
  for (const [caller, { events }] of functions.entries()) {
    for (const event of events) {
      if (event.kind !== "call") continue;
      for (const target of event.targets) {
        const sites = found.get(target);
        if (sites === undefined) found.set(target, [{ caller, event }]);
        else sites.push({ caller, event });
      }
    }
  }
  return found;
}

/** @returns whether it was new */
function addEffect(
  caller: WalkedFunction,
  event: RustCall,
  effect: RustEffect,
  { list, known }: { readonly list: RustEffect[]; readonly known: Set<string> },
): boolean {
  if (isElsewhere(caller, event) || effect.calls.length >= longestChain || list.length >= mostEffects) return false;
  const place = translate(effect.place, event);
  // What a callee does to memory of its own is nobody's business.
  if (effect.kind === "mutates" && place.root.kind === "none") return false;
  const added: RustEffect = { ...effect, place, calls: [event.span, ...effect.calls], order: event.order };
  const key = keyOf(added);
  if (known.has(key)) return false;
  known.add(key);
  list.push(added);
  return true;
}

/** One way to each place is enough. */
function keyOf({ kind, span, place, order }: RustEffect): string {
  return `${kind}|${span.file}:${span.line}:${span.column}|${place.root.kind}.${place.path.join(".")}|${order}`;
}

function isElsewhere({ scopes }: WalkedFunction, { scope }: RustEvent): boolean {
  return scopes[scope]?.otherThread === true;
}

/** A callee's place in the caller's origins. */
function translate(place: RustOrigin, call: RustCall): RustOrigin {
  const { root } = place;
  if (root.kind === "static") return place;
  const given =
    root.kind === "self" ? (call.receiver ?? call.arguments[0]) : root.kind === "parameter" ? call.arguments[root.index - (call.receiver ? 1 : 0)] : undefined;
  if (given === undefined || given.origin.root.kind === "none") return noRustOrigin;
  const { origin } = given;
  return { root: origin.root, path: [...origin.path, ...place.path], through: [...origin.through, ...place.through] };
}

interface OwnContext {
  readonly id: number;
  readonly holdings: PythonHoldings;
  readonly calls: Map<number, RustEffectKind[]>;
}

function ownEffects(fn: WalkedFunction, event: RustEvent, context: OwnContext): RustEffect[] {
  const kinds = kindsOf(event, context);
  if (kinds.length === 0 || isElsewhere(fn, event)) return [];
  const { span, text, order } = event;
  return kinds.map(({ kind, place }): RustEffect => ({ kind, span, text, function: context.id, place, calls: [], order }));
}

interface PlacedKind {
  readonly kind: RustEffectKind;
  readonly place: RustOrigin;
}

function kindsOf(event: RustEvent, { holdings, calls }: OwnContext): readonly PlacedKind[] {
  switch (event.kind) {
    case "call": {
      const kinds = event.targets.length > 0 ? [] : kindsOfCall(event, holdings);
      if (kinds.length > 0) calls.set(event.order, [...new Set(kinds.map(({ kind }) => kind))]);
      return kinds.filter(({ kind, place }) => kind !== "mutates" || isLasting(place));
    }
    case "access":
      return kindsOfStore(event, holdings).map((kind) => ({ kind, place: event.place }));
    case "drop":
      return [{ kind: "drops-python", place: event.value.origin }];
    case "operation":
      return event.operation === "arithmetic" ? [] : [{ kind: "panics", place: event.operand.origin }];
    default:
      return [];
  }
}

function kindsOfCall(event: RustCall, holdings: PythonHoldings): PlacedKind[] {
  const { receiver, arguments: given } = event;
  const place = (receiver ?? given[0])?.origin ?? noRustOrigin;
  const kinds = effectsOfEvent(event, holdings).map((kind): PlacedKind => ({ kind, place: kind === "visits" ? (given[0]?.origin ?? noRustOrigin) : place }));
  if (!given.some(({ type }) => isVisitor(withoutReferences(type)))) return kinds;
  // Whoever gets the visitor is taken to visit all it gets with it.
  return [...kinds, ...[...(receiver ? [receiver] : []), ...given].map(({ origin }): PlacedKind => ({ kind: "visits", place: origin }))];
}

function kindsOfStore({ mode, place, type }: RustAccess, holdings: PythonHoldings): RustEffectKind[] {
  if (mode === "read") return [];
  const drops = mode === "write" && holdings.of(withoutReferences(type)).length > 0;
  return [...(isLasting(place) ? (["mutates"] as const) : []), ...(drops ? (["drops-python"] as const) : [])];
}

function isLasting({ root }: RustOrigin): boolean {
  return root.kind === "self" || root.kind === "parameter" || root.kind === "static";
}

function effectsOfEvent(event: RustCall, holdings: PythonHoldings): RustEffectKind[] {
  const { form, name, path } = event;
  const given = form === "method" ? event.receiver?.type : event.arguments[0]?.type;
  // `cloned` clones what an Option or iterator refers to.
  const subject: RustType | undefined = name === "cloned" ? given && withoutReferences(given).arguments[0] : given;
  const outer = subject && withoutReferences(subject);
  const owns = outer !== undefined && holdings.of(outer).length > 0;
  const receiver = event.receiver && methodOwner(event.receiver.type);
  return effectsOfCall({ form, name, path, receiver, outer, owns, argumentCount: event.arguments.length });
}
