// A nested function in, how a user gets hold of it out: the public function that makes it, and how often what is returned is called
// with a function before it is the one: never for a factory, once for a decorator with arguments.
// Misses: functions that methods make; functions handed on through containers.
import type { FunctionFact, Program } from "../../vocabulary/index.ts";

export interface Making {
  readonly maker: FunctionFact;
  readonly applications: number;
}

const mostCallers = 4;

export function makingOf(program: Program, fn: FunctionFact): Making | undefined {
  const outer = fn.role === "nested" ? outermostOf(program, fn) : undefined;
  if (outer === undefined) return undefined;
  const inside = depthOf(fn) - 1;
  if (outer.public) return { maker: outer, applications: inside };
  let frontier = [outer];
  const seen = new Set([outer.id]);
  for (let steps = 0; steps < mostCallers && frontier.length > 0; steps++) {
    frontier = frontier
      .flatMap(({ callers }) => callers)
      .flatMap((id) => {
        if (seen.has(id)) return [];
        seen.add(id);
        return program.functions[id] ?? [];
      });
    for (const caller of frontier) {
      const maker = caller.role === "nested" ? outermostOf(program, caller) : caller;
      if (maker?.role === "function" && maker.public) return { maker, applications: inside + (caller.role === "nested" ? depthOf(caller) : 0) };
    }
  }
  return undefined;
}

/** The module-level function around it; undefined inside a class. */
function outermostOf(program: Program, { module, qualifiedName }: FunctionFact): FunctionFact | undefined {
  const [first] = qualifiedName.split(".");
  return program.functions.find((each) => each.module === module && each.qualifiedName === first && each.role === "function");
}

function depthOf({ qualifiedName }: FunctionFact): number {
  return qualifiedName.split(".").length - 1;
}
