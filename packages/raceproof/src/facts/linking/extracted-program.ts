// Module facts in, everything that was extracted in one hand out: functions by number, classes by key, calls by the numbers they may run.
import type { ExtractedCall, ExtractedClass, ExtractedFunction, ModuleFacts, ThreadStart } from "../module-facts.ts";

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
  /** By function: its calls with functions of the program among their arguments. */
  readonly passing: ReadonlyMap<number, readonly ExtractedCall[]>;
  /** Callees outside the program, with the numbers of the functions that call them. */
  readonly externals: ReadonlyMap<string, readonly number[]>;
  /** By function: how many of its calls lead nowhere known. */
  readonly unresolved: Int32Array;
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
  const passing = new Map<number, ExtractedCall[]>();
  const externals = new Map<string, number[]>();
  const unresolved = new Int32Array(functions.length);
  for (let id = 0; id < functions.length; id++) {
    const ofFunction: (readonly number[])[] = [];
    for (const call of (functions[id] as ExtractedFunction).calls) {
      ofFunction.push(numbersOf(call.targetKeys, idOf));
      if (call.starts) starts.push(call.starts);
      if (call.passedKeys.length > 0) addTo(passing, id, call);
      if (call.external !== undefined) addTo(externals, call.external, id);
      else if (call.targetKeys.length === 0) unresolved[id] = (unresolved[id] as number) + 1;
    }
    targets.push(ofFunction);
  }
  const passed = new Set([...passing.values()].flatMap((calls) => calls.flatMap(({ passedKeys }) => passedKeys)));
  return { targets, starts, passed, passing, externals, unresolved };
}

function addTo<K, T>(groups: Map<K, T[]>, key: K, each: T): void {
  const known = groups.get(key);
  if (known) known.push(each);
  else groups.set(key, [each]);
}

const none: readonly number[] = [];

export function numbersOf(keys: readonly string[], idOf: Pick<ReadonlyMap<string, number>, "get">): readonly number[] {
  return keys.length === 0 ? none : keys.map((key) => idOf.get(key) as number);
}
