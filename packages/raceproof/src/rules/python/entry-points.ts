// A function in, the functions a user's thread would call to reach it out: itself when public, else its nearest public callers.
import type { AccessFact, FunctionFact, Program } from "../../vocabulary/index.ts";
import { makingOf } from "./made-functions.ts";

const maximumCallDepth = 4;

export interface EntryPoint {
  readonly fn: FunctionFact;
  readonly through: "public" | "internal";
}

/** As below, and a private function itself in any case. */
export function entriesWithItself(program: Program, fn: FunctionFact): EntryPoint[] {
  const entries = entryPointsOf(program, fn.id);
  const isThere = entries.some((entry) => entry.fn === fn);
  return isThere || fn.public || !isCallable(fn) ? entries : [...entries, { fn, through: "internal" }];
}

/** Nearest first; a private function with few public callers is its own, internal entry. */
export function entryPointsOf(program: Program, functionId: number, most = 4): EntryPoint[] {
  const start = program.functions[functionId];
  if (!start) return [];
  const out: EntryPoint[] = [];
  const seen = new Set([functionId]);
  let frontier = [start];
  for (let depth = 0; depth <= maximumCallDepth && frontier.length > 0 && out.length < most; depth++) {
    for (const fn of frontier) if (isEntry(fn) || makingOf(program, fn) !== undefined) out.push({ fn, through: "public" });
    frontier = frontier
      .flatMap((fn) => fn.callers)
      .flatMap((id) => {
        if (seen.has(id)) return [];
        seen.add(id);
        return program.functions[id] ?? [];
      });
  }
  if (isCallable(start) && !start.public) out.push({ fn: start, through: "internal" });
  return out.slice(0, most);
}

function isCallable(fn: FunctionFact): boolean {
  return fn.role !== "module" && fn.role !== "class-body" && fn.role !== "nested" && !fn.asynchronous;
}

/** Dunder functions of a module (`__getattr__`) are called by the import system, not by users. */
function isEntry(fn: FunctionFact): boolean {
  return fn.public && isCallable(fn) && !(fn.role === "function" && fn.qualifiedName.startsWith("__"));
}

/** Entry points that reach any of these accesses, each function once; functions that need the fewest arguments first. */
export function entryPointsTo(program: Program, accesses: readonly AccessFact[], most: number): EntryPoint[] {
  const out: EntryPoint[] = [];
  const functions = [...new Set(accesses.map((access) => access.functionId))];
  for (const functionId of functions.toSorted((a, b) => costOf(program, a) - costOf(program, b))) {
    for (const entry of entryPointsOf(program, functionId, 2)) {
      if (!out.some((known) => known.fn.id === entry.fn.id)) out.push(entry);
    }
    if (out.length >= most) break;
  }
  // Functions that touch the location themselves come before those that only lead there.
  const direct = new Set(functions);
  return out.toSorted((a, b) => Number(direct.has(b.fn.id)) - Number(direct.has(a.fn.id))).slice(0, most);
}

function costOf(program: Program, functionId: number): number {
  const fn = program.functions[functionId];
  return fn ? fn.parameters.filter((parameter) => parameter.default === undefined).length + (fn.public ? 0 : 3) : 0;
}
