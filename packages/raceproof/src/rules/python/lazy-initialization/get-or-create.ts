// A function in, its look-ups of a dict entry followed by making a missing one out: `d.get(k)` or a caught KeyError, then `d[k] = Thing()`.
// Look-ups by `in` are what check-then-act is about.
import { identityConstructors } from "../../../models/index.ts";
import type { AccessFact, CallFact, FunctionFact, Program } from "../../../vocabulary/index.ts";

export interface GetOrCreate {
  readonly lookup: AccessFact;
  readonly store: AccessFact;
  /** The call that makes the object. */
  readonly made: string;
}

export function getOrCreatesIn(program: Program, fn: FunctionFact): GetOrCreate[] {
  const stores = fn.accesses.filter((access) => access.operation === "[]=" && isOpen(access));
  const out = new Map<string, GetOrCreate>();
  for (const store of stores) {
    if (out.has(store.location.key)) continue;
    const lookup = fn.accesses.find((access) => looksUp(access) && isSameEntry(access, store) && access.order < store.order);
    const maker = lookup && makerOf(program, fn, lookup, store);
    if (lookup && maker) out.set(store.location.key, { lookup, store, made: maker.text });
  }
  return [...out.values()];
}

function isOpen({ sharing, lockset, location }: AccessFact): boolean {
  return sharing === "shared" && lockset.length === 0 && location.path !== "<items>";
}

function looksUp(access: AccessFact): boolean {
  if (!isOpen(access)) return false;
  return access.operation === "get" || (access.operation === "[]" && access.handled.some((name) => /(^|\.)(KeyError|LookupError)$/.test(name)));
}

function isSameEntry(lookup: AccessFact, store: AccessFact): boolean {
  return lookup.location.key === store.location.key && lookup.key === store.key && lookup.text === store.text;
}

/** The call between look-up and store that makes an object with an identity: stored directly or through a local. */
function makerOf(program: Program, fn: FunctionFact, lookup: AccessFact, store: AccessFact): CallFact | undefined {
  const value = program.sourceOf(store.statement).split("=").at(-1)?.trim() ?? "";
  return fn.calls.find((call) => {
    if (call.order <= lookup.order || call.span.line > store.statement.endLine || !makesIdentity(program, call)) return false;
    const direct = call.span.line >= store.statement.line && value.startsWith(`${call.text}(`);
    return direct || (/^\w+$/.test(value) && program.sourceOf(call.statement).startsWith(`${value} = ${call.text}(`));
  });
}

function makesIdentity(program: Program, call: CallFact): boolean {
  if (identityConstructors.has(call.external ?? "")) return true;
  return call.targets.some((target) => {
    const fn = program.functions[target];
    const cls = fn?.phase === "construction" && fn.owner !== undefined ? program.classes.get(fn.owner) : undefined;
    return cls !== undefined && !cls.exception && cls.sharedBecause.length > 0;
  });
}
