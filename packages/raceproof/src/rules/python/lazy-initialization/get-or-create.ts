// A function in, its look-ups of an entry followed by making a missing one out: `d.get(k)` or a caught KeyError, then `d[k] = Thing()`.
// Look-ups by `in` are what check-then-act is about; weak values have a rule of their own.
import type { AccessFact, CallFact, FunctionFact, Program } from "../../../vocabulary/index.ts";
import type { Doubt } from "../confidence.ts";
import { addsOrRemoves } from "../container-operations.ts";
import { controls } from "../controlled-by.ts";
import { makersOf, whyIdentityMatters } from "../made-identity.ts";

export interface GetOrCreate {
  readonly lookup: AccessFact;
  readonly store: AccessFact;
  /** What makes the object. */
  readonly made: string;
  readonly doubt: Doubt | undefined;
}

export function getOrCreatesIn(program: Program, fn: FunctionFact): GetOrCreate[] {
  const stores = fn.accesses.filter((access) => access.operation === "[]=" && isOpen(access));
  const out = new Map<string, GetOrCreate>();
  for (const store of stores) {
    if (out.has(store.location.key)) continue;
    const lookup = fn.accesses.find((access) => looksUp(access) && isSameEntry(access, store) && access.order < store.order && leadsTo(fn, access, store));
    const making = lookup && makingOf(program, fn, store);
    if (lookup && making) out.set(store.location.key, { lookup, store, ...making });
  }
  return [...out.values()];
}

function isOpen({ sharing, lockset, location, container }: AccessFact): boolean {
  return sharing === "shared" && lockset.length === 0 && location.path !== "<items>" && container !== "weak-values";
}

function looksUp(access: AccessFact): boolean {
  return isOpen(access) && (access.operation === "get" || isTried(access));
}

function isTried(access: AccessFact): boolean {
  return access.operation === "[]" && access.kind === "read" && access.handled.some((name) => /(^|\.)(KeyError|LookupError)$/.test(name));
}

function isSameEntry(lookup: AccessFact, store: AccessFact): boolean {
  return lookup.location.key === store.location.key && lookup.key === store.key && lookup.text === store.text;
}

/** The answer decides whether the store is reached: a test of it, or the exception that is caught. */
function leadsTo(fn: FunctionFact, lookup: AccessFact, store: AccessFact): boolean {
  if (isTried(lookup)) return true;
  const answer = `call@${lookup.order}`;
  return fn.tests.some((test) => test.origins.includes(answer) && controls(test, store.order));
}

/** What is made, where it matters that two threads may make it. A descriptor keeps whatever others let it make: locks and connections too. */
function makingOf(program: Program, fn: FunctionFact, store: AccessFact): { made: string; doubt: Doubt | undefined } | undefined {
  const maker = makersOf(program, fn, store).findLast((call) => !call.text.endsWith(".get"));
  const made = maker?.text ?? "a new one";
  if (whyIdentityMatters(program, fn, store) !== undefined) return { made, doubt: undefined };
  if (store.location.path === "__dict__" && maker) return { made, doubt: undefined };
  if (isFilledThroughName(program, fn, store)) return { made, doubt: undefined };
  if (store.stored === "fresh-container") return isFilledLater(program, store) ? { made, doubt: undefined } : undefined;
  const doubt = doubtAboutObject(store, maker);
  return doubt && { made, doubt };
}

/** undefined: nothing says that an object is made. */
function doubtAboutObject(store: AccessFact, maker: CallFact | undefined): Doubt | undefined {
  const isOwn = store.stored === "fresh-object";
  if (!isOwn && !makesForeignObject(maker)) return undefined;
  const isCache = !isOwn || store.location.ownerKind === "instance" || /cache|memo/i.test(store.location.path);
  return { steps: isCache ? 2 : 1, because: "harmless when the two objects are equal and nobody compares identities" };
}

/** By its name the callee is a class: `ctypes.CDLL(path)`. */
function makesForeignObject(maker: CallFact | undefined): boolean {
  return maker?.external !== undefined && /(^|\.)[A-Z]\w*$/.test(maker.external);
}

/** What one thread puts into a container that the other replaces is lost. */
function isFilledLater(program: Program, store: AccessFact): boolean {
  const inside = program.locations.get(`${store.location.key}[]`)?.accesses ?? [];
  return inside.some((access) => access.sharing === "shared" && addsOrRemoves(access.operation));
}

/** `group = []`, `d[k] = group`, `group.append(x)`. */
function isFilledThroughName(program: Program, fn: FunctionFact, store: AccessFact): boolean {
  const name = program.sourceOf(store.statement).split("=").at(-1)?.trim() ?? "";
  if (!/^\w+$/.test(name)) return false;
  return fn.calls.some(({ text, order }) => order > store.order && text.startsWith(`${name}.`) && addsOrRemoves(text.slice(name.length + 1)));
}
