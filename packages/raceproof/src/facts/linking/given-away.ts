// Extracted functions in; out, the classes whose objects give functions of their own away: who calls those works with the object,
// from whatever thread. `register("done", self.handle)`; a decorator's wrapper, which every caller of the decorated function shares.
// Misses: methods that are stored in attributes of other objects.
import { registrationMethods, registrations } from "../../models/index.ts";
import type { ExtractedCall, ExtractedFunction } from "../module-facts.ts";
import type { ExtractedProgram } from "./extracted-program.ts";

export function classesGivenAway({ functions, passing }: Pick<ExtractedProgram, "functions" | "passing">): ReadonlySet<string> {
  const ownerOf = new Map<string, string>();
  const returning = new Map<string, readonly string[]>();
  for (const { key, owner, module, qualifiedName, returnedNames } of functions) {
    if (owner === undefined) continue;
    ownerOf.set(key, owner);
    if (returnedNames.length > 0) returning.set(`${module}:${qualifiedName}`, returnedNames);
  }
  const gives = (fn: ExtractedFunction, id: number): boolean =>
    (fn.role === "nested" && isWrapper(fn, returning)) ||
    (passing.get(id)?.some((call) => call.passedKeys.some((key) => ownerOf.get(key) === fn.owner) && keepsCallbacks(call)) ?? false);
  const given = new Set<string>();
  for (const [id, fn] of functions.entries()) if (fn.owner !== undefined && !given.has(fn.owner) && gives(fn, id)) given.add(fn.owner);
  return given;
}

/** Returned by the method around it, and works with the object. */
function isWrapper(fn: ExtractedFunction, returning: ReadonlyMap<string, readonly string[]>): boolean {
  const names = fn.qualifiedName.split(".");
  const returned = returning.get(`${fn.module}:${names.slice(0, -1).join(".")}`);
  return returned?.includes(names.at(-1) ?? "") === true && [...fn.calls, ...fn.accesses].some(({ text }) => text.startsWith("self."));
}

function keepsCallbacks({ external, text }: ExtractedCall): boolean {
  const name = text.slice(text.lastIndexOf(".") + 1);
  return registrationMethods.has(name) || name.startsWith("register") || (external !== undefined && registrations.has(external));
}
