// A function in, whether it belongs to the program's own start out: main functions and commands, where the process is theirs.
import type { FunctionFact, Program } from "../../vocabulary/index.ts";

/** Commands call helpers, which call helpers: this far a helper is told from a function of the library. */
const furthestCommand = 3;

const commandDecorator = /(^|\.)(command|group|callback)(\(|$)/;

/** `main`, commands of a command line, and private functions that nothing else calls. */
export function isProgramEntry(program: Program, fn: FunctionFact, depth = 0): boolean {
  if (/(^|\.)_?_?main(_|$)/.test(fn.qualifiedName) || /(^|\.)__main__$/.test(fn.module)) return true;
  if (fn.decorators.some((text) => commandDecorator.test(text))) return true;
  if (fn.oneThread !== undefined) return true;
  if (fn.callers.length === 0 || depth >= furthestCommand) return false;
  return fn.callers.every((id) => {
    const caller = program.functions[id];
    return caller !== undefined && caller.id !== fn.id && (caller.role === "module" || isProgramEntry(program, caller, depth + 1));
  });
}
