// What a traverse function shows to the collector: the fields of self that visits lead to, its own and those of what it calls.
// What enters: a function's effects. What leaves: visits with their path and conditions.
import { withoutReferences } from "../../vocabulary/index.ts";
import type { RustEffect, RustFunction, RustProgram, RustScope, RustStruct } from "../../vocabulary/index.ts";

export interface Visit {
  readonly effect: RustEffect;
  /** Fields from self; elements of containers do not count. */
  readonly path: readonly string[];
  /** Conditions of the traverse function around it, from the outside. */
  readonly conditions: readonly RustScope[];
}

export function visitsOf(fn: RustFunction): Visit[] {
  return fn.effects
    .filter(({ kind, place }) => kind === "visits" && place.root.kind === "self")
    .map((effect) => ({ effect, path: effect.place.path.filter((part) => !part.startsWith("[")), conditions: conditionsAround(fn, effect) }));
}

function conditionsAround(fn: RustFunction, { order }: RustEffect): RustScope[] {
  const found: RustScope[] = [];
  for (let scope = fn.scopes[fn.events[order]?.scope ?? -1]; scope !== undefined; scope = fn.scopes[scope.parent])
    if (scope.condition !== undefined && scope.kind !== "loop") found.unshift(scope);
  return found;
}

/** One leads to the other. */
export function isSamePath(left: readonly string[], right: readonly string[]): boolean {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index++) if (left[index] !== right[index]) return false;
  return true;
}

export function structOf({ structs }: RustProgram, { owner }: RustFunction): RustStruct | undefined {
  return owner === undefined ? undefined : structs[withoutReferences(owner).declaration ?? -1];
}

/** A macro that is not read, or a visitor that goes where nobody can follow. */
export function isOpaque(program: RustProgram, fn: RustFunction): boolean {
  return fn.effects.some(({ kind, place }) => kind === "visits" && place.root.kind === "self" && place.path.length === 0) || hasUnreadMacro(program, fn);
}

function hasUnreadMacro({ functions }: RustProgram, fn: RustFunction): boolean {
  const reached = [fn, ...fn.effects.map(({ function: id }) => functions[id] as RustFunction)];
  return reached.some(({ events, parameters }) => {
    const visitor = parameters.find(({ type }) => withoutReferences(type).name === "PyVisit")?.name;
    return visitor !== undefined && events.some(({ kind, text }) => kind === "macro-text" && text.includes(visitor));
  });
}
