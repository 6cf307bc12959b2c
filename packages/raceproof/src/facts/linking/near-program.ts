// The state of a linked program, facts of its modules and some modules to look at in; out, the same program as rules see it, with bodies and
// locations that are made when somebody asks for them. Who goes through all functions, classes or locations meets those of the modules to
// look at; who asks for one gets it, wherever it stands.
import type { AccessFact, ClassFact, FunctionFact, LocationFact, Program } from "../../vocabulary/index.ts";
import type { ModuleFacts } from "../module-facts.ts";
import { DistantFunction } from "./distant-function.ts";
import type { Distance } from "./distant-function.ts";
import { effectsWithNames } from "./effects.ts";
import { numbersOf } from "./extracted-program.ts";
import { functionLinker } from "./link-functions.ts";
import { kindOf } from "./link-program.ts";
import { moduleOfFunctions } from "./linked-state.ts";
import type { LinkedState } from "./linked-state.ts";
import type { StateIndex } from "./state-index.ts";

export interface NearModules {
  /** Positions of modules. */
  readonly near: ReadonlySet<number>;
  readonly factsOf: (module: number) => ModuleFacts;
  /** Modules with an access of the location, in order. */
  readonly modulesAt: (key: string) => readonly number[];
  readonly textOf: Program["textOf"];
}

/** No module has so many accesses, or calls. */
const roomForModule = 2 ** 24;

export function nearProgram(state: LinkedState, index: StateIndex, modules: NearModules): Program {
  const bodies = new Bodies(state, index, modules);
  const near = [...modules.near].toSorted((a, b) => a - b);
  const functions = bodies.functions(near);
  const places = new NearLocations(bodies, near, modules);
  const classes = new Map(state.classes);
  for (const module of near) for (const { key, span } of modules.factsOf(module).classes) classes.set(key, { ...(classes.get(key) as ClassFact), span });
  const { textOf } = modules;
  return {
    functions,
    classes,
    locations: places,
    effectsOf: effectsWithNames(state.effects, (place) => index.placeKeys[place] as string),
    sourceOf: (span) => textOf(span).replaceAll(/\s+/g, " "),
    textOf,
    lineageOf: (key) => {
      const cls = classes.get(key);
      return cls ? [cls, ...cls.bases.flatMap((base) => classes.get(base) ?? [])] : [];
    },
  };
}

class Bodies implements Distance {
  readonly state: LinkedState;
  readonly names: readonly string[];
  readonly #index: StateIndex;
  readonly #modules: NearModules;
  readonly #moduleOf: Int32Array;
  readonly #link: ReturnType<typeof functionLinker>;
  readonly #linked = new Map<number, readonly FunctionFact[]>();
  /** Functions that were not there when the program was linked get numbers behind all others. */
  #newcomers = 0;

  constructor(state: LinkedState, index: StateIndex, modules: NearModules) {
    this.state = state;
    this.#index = index;
    this.names = index.functionNames;
    this.#modules = modules;
    this.#moduleOf = moduleOfFunctions(state.modules, this.names.length);
    this.#link = functionLinker(state.values, index.idOf);
  }

  moduleOf(id: number): LinkedState["modules"][number] {
    return this.state.modules[this.#moduleOf[id] as number] as LinkedState["modules"][number];
  }

  whole(id: number): FunctionFact {
    const found = this.of(this.#moduleOf[id] as number).find((fn) => fn.id === id);
    if (!found) throw new Error(`function ${id} is not where it was`);
    return found;
  }

  /** Of one module, in order. */
  of(module: number): readonly FunctionFact[] {
    let functions = this.#linked.get(module);
    if (!functions) this.#linked.set(module, (functions = this.#linkModule(module)));
    return functions;
  }

  #linkModule(module: number): readonly FunctionFact[] {
    let access = module * roomForModule;
    let call = access;
    return this.#modules.factsOf(module).functions.map((extracted) => {
      const targets = extracted.calls.map(({ targetKeys }) => numbersOf(targetKeys, this.#index.idOf));
      const id = this.#index.idOf.get(extracted.key) ?? this.names.length + this.#newcomers++;
      const linked = this.#link(extracted, { id, firstAccess: access, firstCall: call, targets });
      access += extracted.accesses.length;
      call += extracted.calls.length;
      return linked;
    });
  }

  /** All by number; going through them meets those of `near` alone. */
  functions(near: readonly number[]): readonly FunctionFact[] {
    const all: FunctionFact[] = this.names.map((_, id) => new DistantFunction(id, this));
    const met = near.flatMap((module) => this.of(module));
    for (const fn of met) all[fn.id] = fn;
    for (const way of ["filter", "find", "flatMap", "forEach", "map", "some", Symbol.iterator] as const) {
      Object.defineProperty(all, way, { value: (met[way] as () => unknown).bind(met) });
    }
    return all;
  }
}

class NearLocations implements ReadonlyMap<string, LocationFact> {
  readonly #bodies: Bodies;
  readonly #modules: NearModules;
  readonly #near: ReadonlySet<string>;
  readonly #made = new Map<string, LocationFact | undefined>();
  readonly #accesses = new Map<number, ReadonlyMap<string, readonly AccessFact[]>>();

  constructor(bodies: Bodies, near: readonly number[], modules: NearModules) {
    this.#bodies = bodies;
    this.#modules = modules;
    this.#near = new Set(near.flatMap((module) => bodies.of(module).flatMap(({ accesses }) => accesses.map(({ location }) => location.key))));
  }

  get size(): number {
    return this.#near.size;
  }

  get(key: string): LocationFact | undefined {
    if (!this.#made.has(key)) this.#made.set(key, this.#make(key));
    return this.#made.get(key);
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  *entries(): MapIterator<[string, LocationFact]> {
    for (const key of this.#near) yield [key, this.get(key) as LocationFact];
  }

  keys(): MapIterator<string> {
    return new Map([...this.#near].map((key) => [key, undefined])).keys();
  }

  *values(): MapIterator<LocationFact> {
    for (const key of this.#near) yield this.get(key) as LocationFact;
  }

  [Symbol.iterator](): MapIterator<[string, LocationFact]> {
    return this.entries();
  }

  forEach(visit: (value: LocationFact, key: string, map: ReadonlyMap<string, LocationFact>) => void): void {
    for (const [key, value] of this.entries()) visit(value, key, this);
  }

  #make(key: string): LocationFact | undefined {
    const accesses = this.#modules.modulesAt(key).flatMap((module) => this.#in(module).get(key) ?? []);
    const [first] = accesses;
    return first && { location: first.location, container: kindOf(accesses), accesses };
  }

  #in(module: number): ReadonlyMap<string, readonly AccessFact[]> {
    const known = this.#accesses.get(module);
    if (known) return known;
    const found = new Map<string, AccessFact[]>();
    for (const { accesses } of this.#bodies.of(module)) {
      for (const access of accesses) {
        const list = found.get(access.location.key);
        if (list) list.push(access);
        else found.set(access.location.key, [access]);
      }
    }
    this.#accesses.set(module, found);
    return found;
  }
}
