// An extracted program and an engine in; out, the modules that work with it, and all modules of a package that is built on it.
import type { OneThreadEngineRow } from "../../models/index.ts";
import { builtOnShare, worksWithShare } from "../../models/index.ts";
import type { ExtractedFunction } from "../module-facts.ts";
import type { ExtractedProgram } from "./extracted-program.ts";
import { lastNameOf } from "./own-names.ts";

export function modulesOn(engine: OneThreadEngineRow, program: Pick<ExtractedProgram, "functions" | "externals">): ReadonlySet<string> {
  const { functions } = program;
  const working = functionsWith(engine, program);
  const users = countModules([...working].map((id) => functions[id] as ExtractedFunction));
  if (users.size === 0) return new Set();
  const sizes = countModules(functions);
  const own = [...users].flatMap(([module, count]) => (count >= worksWithShare * (sizes.get(module) ?? 0) ? [module] : []));
  return new Set(own.length >= builtOnShare * sizes.size ? sizes.keys() : own);
}

/** Numbers of the functions that call the engine or that it looks for. */
function functionsWith({ callee, hook }: OneThreadEngineRow, { functions, externals }: Pick<ExtractedProgram, "functions" | "externals">): ReadonlySet<number> {
  const found = new Set<number>();
  if (callee) for (const [external, callers] of externals) if (callee.test(external)) for (const id of callers) found.add(id);
  if (hook) functions.forEach((fn, id) => void (hook.test(lastNameOf(fn)) && found.add(id)));
  return found;
}

function countModules(functions: readonly ExtractedFunction[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { module } of functions) counts.set(module, (counts.get(module) ?? 0) + 1);
  return counts;
}
