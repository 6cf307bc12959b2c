// Extracted functions and an engine in; out, the modules that work with it, and all modules of a package that is built on it.
import type { OneThreadEngineRow } from "../../models/index.ts";
import { builtOnShare } from "../../models/index.ts";
import type { ExtractedFunction } from "../module-facts.ts";
import { lastNameOf } from "./own-names.ts";

export function modulesOn({ callee, hook }: OneThreadEngineRow, functions: readonly ExtractedFunction[]): ReadonlySet<string> {
  const all = new Set<string>();
  const own = new Set<string>();
  for (const fn of functions) {
    all.add(fn.module);
    if (own.has(fn.module)) continue;
    const calls = callee !== undefined && fn.calls.some(({ external }) => external !== undefined && callee.test(external));
    if (calls || hook?.test(lastNameOf(fn)) === true) own.add(fn.module);
  }
  return own.size >= builtOnShare * all.size ? all : own;
}
