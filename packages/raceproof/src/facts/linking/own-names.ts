// A function in, what its own name tells out.
import type { ExtractedFunction } from "../module-facts.ts";

export function lastNameOf({ qualifiedName }: Pick<ExtractedFunction, "qualifiedName">): string {
  return qualifiedName.slice(qualifiedName.lastIndexOf(".") + 1);
}

/** Calls of a method with a public name may come from where its class is not known, private as the class may be. */
export function isCalledByName(fn: Pick<ExtractedFunction, "qualifiedName" | "owner">): boolean {
  return fn.owner === undefined || lastNameOf(fn).startsWith("_");
}
