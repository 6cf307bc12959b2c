// A function in, the object with an identity that a `cached_property` makes on first use out: a lock, a connection, a pool.
// functools.cached_property has no lock since Python 3.12. Equal values are left out: making them twice costs time only.
import { identityConstructors } from "../../../models/index.ts";
import type { AccessFact, CallFact, FunctionFact } from "../../../vocabulary/index.ts";

export interface CachedProperty {
  /** The property, seen as a store of what it keeps. */
  readonly store: AccessFact;
  readonly made: string;
}

export function cachedPropertyIn(fn: FunctionFact): CachedProperty | undefined {
  if (fn.owner === undefined || !fn.decorators.some((text) => text === "cached_property" || text === "functools.cached_property")) return undefined;
  const maker = fn.calls.find((call) => fn.returned.includes(`call@${call.order}`) && identityConstructors.has(call.external ?? ""));
  return maker && { store: storeBy(fn, fn.owner, maker), made: maker.external ?? maker.text };
}

function storeBy(fn: FunctionFact, owner: string, maker: CallFact): AccessFact {
  const path = fn.qualifiedName.split(".").at(-1) ?? "";
  const className = owner.slice(owner.indexOf(":") + 1);
  return {
    id: -1 - maker.id,
    functionId: fn.id,
    function: fn.qualifiedName,
    kind: "write",
    operation: "=",
    location: { key: `instance:${owner}:${path}`, ownerKind: "instance", owner, path, display: `${className}.${path}` },
    order: maker.order,
    span: maker.span,
    statement: maker.statement,
    lockset: maker.lockset,
    text: `self.${path}`,
    sharing: "shared",
    container: "object",
    key: undefined,
    origins: maker.origins,
    handled: maker.handled,
    stored: "fresh-object",
    guessed: false,
  };
}
