// Functions and their callers in; out, those that run only as part of tasks of an event loop.
// Two such tasks take turns at an await, never in between (docs.python.org/3/library/asyncio-dev.html#concurrency-and-multithreading).
// Misses: several loops in several threads that share an object.
import { hostEngines } from "../../models/index.ts";
import type { ExtractedFunction } from "../module-facts.ts";
import type { CallGraph } from "./call-graph.ts";
import { modulesOn } from "./engine-modules.ts";
import type { ExtractedProgram } from "./extracted-program.ts";

const reactors = hostEngines.filter(({ callee }) => callee !== undefined);

/** Numbers of functions. `isStarted` tells those that a call starts in a thread of their own. */
export function eventLoopFunctions(
  program: Pick<ExtractedProgram, "functions" | "externals">,
  graph: Pick<CallGraph, "callersOf">,
  isStarted: (key: string) => boolean,
): ReadonlySet<number> {
  const { functions } = program;
  const found = new Set<number>();
  const onReactor = new Set(reactors.flatMap((engine) => [...modulesOn(engine, program)]));
  functions.forEach((fn, id) => void ((fn.asynchronous || (onReactor.has(fn.module) && !isStarted(fn.key))) && found.add(id)));
  if (found.size === 0) return found;
  let open = [...functions.keys()].filter((id) => {
    const fn = functions[id] as ExtractedFunction;
    return !fn.asynchronous && !fn.public && !isStarted(fn.key) && graph.callersOf(id).length > 0;
  });
  for (let before = -1; before !== open.length;) {
    before = open.length;
    open = open.filter((id) => {
      const onLoop = graph.callersOf(id).every((caller) => found.has(caller));
      if (onLoop) found.add(id);
      return !onLoop;
    });
  }
  return found;
}
