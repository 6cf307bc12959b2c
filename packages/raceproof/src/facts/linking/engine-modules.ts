// Extracted functions and an engine in; out, the modules that work with it, and all modules of a package that is built on it.
import type { OneThreadEngineRow } from "../../models/index.ts";
import { builtOnShare, worksWithShare } from "../../models/index.ts";
import type { ExtractedFunction } from "../module-facts.ts";
import { lastNameOf } from "./own-names.ts";

export function modulesOn({ callee, hook }: OneThreadEngineRow, functions: readonly ExtractedFunction[]): ReadonlySet<string> {
  const asks = callee && remembered((external: string) => callee.test(external));
  const sizes = new Map<string, number>();
  const users = new Map<string, number>();
  for (const fn of functions) {
    sizes.set(fn.module, (sizes.get(fn.module) ?? 0) + 1);
    const calls = asks !== undefined && fn.calls.some(({ external }) => external !== undefined && asks(external));
    if (calls || hook?.test(lastNameOf(fn)) === true) users.set(fn.module, (users.get(fn.module) ?? 0) + 1);
  }
  const own = [...users].flatMap(([module, count]) => (count >= worksWithShare * (sizes.get(module) ?? 0) ? [module] : []));
  return new Set(own.length >= builtOnShare * sizes.size ? sizes.keys() : own);
}

/** A program calls the same few functions again and again. */
function remembered(ask: (external: string) => boolean): (external: string) => boolean {
  const answers = new Map<string, boolean>();
  return (external) => {
    let answer = answers.get(external);
    if (answer === undefined) answers.set(external, (answer = ask(external)));
    return answer;
  };
}
