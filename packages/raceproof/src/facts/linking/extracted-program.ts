// Module facts in, everything that was extracted in one hand out: functions by number, classes by key, calls by the numbers they may run.
import type { ExtractedClass, ExtractedFunction, ModuleFacts } from "../module-facts.ts";

export interface ExtractedProgram {
  readonly modules: readonly ModuleFacts[];
  /** A function's number is its position. */
  readonly functions: readonly ExtractedFunction[];
  readonly idOf: ReadonlyMap<string, number>;
  readonly classes: ReadonlyMap<string, ExtractedClass>;
  /** By function and by call, in their order: numbers of the functions that the call may run. */
  readonly targets: readonly (readonly (readonly number[])[])[];
}

export function gatherProgram(modules: readonly ModuleFacts[]): ExtractedProgram {
  const functions = modules.flatMap((module) => module.functions);
  const idOf = new Map<string, number>();
  for (const [id, { key }] of functions.entries()) idOf.set(key, id);
  const classes = new Map<string, ExtractedClass>();
  for (const module of modules) for (const cls of module.classes) classes.set(cls.key, cls);
  const targets = functions.map(({ calls }) => calls.map((call) => numbersOf(call.targets, idOf)));
  return { modules, functions, idOf, classes, targets };
}

const none: readonly number[] = [];

export function numbersOf(keys: readonly string[], idOf: ReadonlyMap<string, number>): readonly number[] {
  return keys.length === 0 ? none : keys.map((key) => idOf.get(key) as number);
}
