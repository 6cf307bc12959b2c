// A linked program in, what has to be known of it to link a few of its modules again without the others out: plain data, by number.
import type { ClassFact, FunctionFact } from "../../vocabulary/index.ts";
import type { ModuleFacts } from "../module-facts.ts";
import type { ProgramEffects } from "./effects.ts";
import type { FactCounts } from "./fact-counts.ts";
import type { LinkedProgram } from "./link-program.ts";
import type { LinkValues } from "./link-values.ts";

export interface LinkedState {
  readonly modules: readonly LinkedModule[];
  readonly functions: FunctionColumns;
  readonly places: Places;
  readonly values: LinkValues;
  readonly effects: ProgramEffects;
  readonly classes: ReadonlyMap<string, ClassFact>;
  readonly counts: FactCounts;
}

export interface LinkedModule {
  readonly file: string;
  readonly name: string;
  /** Number of its first function; the others follow. */
  readonly first: number;
}

/** What can be said of a function without its body; by number, except where it says otherwise. */
export interface FunctionColumns {
  /** All in one, with a zero after each: this comes back faster than many. */
  readonly keys: string;
  readonly names: string;
  readonly owners: readonly (string | undefined)[];
  readonly roles: readonly FunctionFact["role"][];
  readonly flags: Uint8Array;
  /** Four numbers each. */
  readonly spans: Int32Array;
}

/** Locations by number. */
export interface Places {
  readonly keys: string;
  /** The module of the first access. */
  readonly firstIn: Int32Array;
  /** Where there are several modules: all of them, in order. */
  readonly shared: ReadonlyMap<number, readonly number[]>;
}

export const flagsOfFunctions = ["public", "generator", "asynchronous", "contextManager", "neverReturns", "predicate", "raises"] as const;

export function separated(texts: readonly string[]): string {
  return texts.map((text) => `${text}\0`).join("");
}

export function split(joined: string): string[] {
  return joined.split("\0").slice(0, -1);
}

/** Undefined for a program that cannot be told by such columns. */
export function linkedStateOf({ program, values, effects, counts }: LinkedProgram, modules: readonly ModuleFacts[]): LinkedState | undefined {
  const { functions, classes, locations } = program;
  const written = modules.flatMap((module) => module.functions);
  const keys = written.map(({ key }) => key);
  if (new Set(keys).size < keys.length || [...locations.keys(), ...keys].some((key) => key.includes("\0"))) return undefined;
  let first = 0;
  const linked = modules.map(({ file, name, functions: own }): LinkedModule => ({ file, name, first: (first += own.length) - own.length }));
  return {
    modules: linked,
    functions: {
      keys: separated(keys),
      names: separated(functions.map(({ qualifiedName }) => qualifiedName)),
      owners: functions.map(({ owner }) => owner),
      roles: functions.map(({ role }) => role),
      flags: Uint8Array.from(functions, (fn) => flagsOfFunctions.reduce((bits, flag, bit) => bits | (fn[flag] ? 1 << bit : 0), 0)),
      spans: Int32Array.from(functions.flatMap(({ span }) => [span.line, span.column, span.endLine, span.endColumn])),
    },
    places: placesOf(program, moduleOfFunctions(linked, functions.length)),
    values,
    effects,
    classes,
    counts,
  };
}

export function moduleOfFunctions(modules: readonly LinkedModule[], functions: number): Int32Array {
  const out = new Int32Array(functions);
  modules.forEach(({ first }, index) => out.fill(index, first));
  return out;
}

function placesOf({ locations }: LinkedProgram["program"], moduleOf: Int32Array): Places {
  const firstIn = new Int32Array(locations.size);
  const shared = new Map<number, number[]>();
  let place = 0;
  for (const { accesses } of locations.values()) {
    let last = moduleOf[accesses[0]?.functionId ?? 0] as number;
    firstIn[place] = last;
    for (const { functionId } of accesses) {
      const module = moduleOf[functionId] as number;
      if (module === last) continue;
      const known = shared.get(place);
      if (known) known.push(module);
      else shared.set(place, [last, module]);
      last = module;
    }
    place++;
  }
  return { keys: separated([...locations.keys()]), firstIn, shared };
}
