// Module facts in, everything that was extracted in one hand out: functions by number, classes by key, calls by the numbers they may run.
import type { ExtractedClass, ExtractedFunction, ModuleFacts, ThreadStart } from "../module-facts.ts";

export interface ExtractedProgram extends Calls {
  readonly modules: readonly ModuleFacts[];
  /** A function's number is its position. */
  readonly functions: readonly ExtractedFunction[];
  readonly idOf: ReadonlyMap<string, number>;
  readonly classes: ReadonlyMap<string, ExtractedClass>;
}

interface Calls {
  /** By function and by call, in their order: numbers of the functions that the call may run. */
  readonly targets: readonly (readonly (readonly number[])[])[];
  /** Functions that calls run in threads, or at moments of their own. */
  readonly starts: readonly ThreadStart[];
  /** Keys of functions that stand among the arguments of calls. */
  readonly passed: ReadonlySet<string>;
}

export function gatherProgram(modules: readonly ModuleFacts[]): ExtractedProgram {
  const functions = modules.flatMap((module) => module.functions);
  const idOf = new Map<string, number>();
  for (const [id, { key }] of functions.entries()) idOf.set(key, id);
  const classes = new Map<string, ExtractedClass>();
  for (const module of modules) for (const cls of module.classes) classes.set(cls.key, cls);
  return { modules, functions, idOf, classes, ...readCalls(functions, idOf) };
}

/** In one pass: reaching for a call costs more than what is done with it. */
function readCalls(functions: readonly ExtractedFunction[], idOf: ReadonlyMap<string, number>): Calls {
  const targets: (readonly number[])[][] = [];
  const starts: ThreadStart[] = [];
  const passed = new Set<string>();
  for (const { calls } of functions) {
    const ofFunction: (readonly number[])[] = [];
    for (const call of calls) {
      ofFunction.push(numbersOf(call.targets, idOf));
      if (call.starts) starts.push(call.starts);
      for (const key of call.passes) passed.add(key);
    }
    targets.push(ofFunction);
  }
  return { targets, starts, passed };
}

const none: readonly number[] = [];

export function numbersOf(keys: readonly string[], idOf: ReadonlyMap<string, number>): readonly number[] {
  return keys.length === 0 ? none : keys.map((key) => idOf.get(key) as number);
}
