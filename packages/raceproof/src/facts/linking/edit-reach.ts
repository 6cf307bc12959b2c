// The state of a linked program and modules whose facts differ from those it was linked from in; out, whether linking would find out the same,
// and if so, which modules may be seen in another light now, and what has to be at hand to look at them.
import { hostEngines } from "../../models/index.ts";
import type { PublicationFact } from "../../vocabulary/index.ts";
import type { ExtractedFunction, ModuleFacts } from "../module-facts.ts";
import { moduleOfFunctions } from "./linked-state.ts";
import type { LinkedModule, LinkedState } from "./linked-state.ts";
import type { StateIndex } from "./state-index.ts";
import { textWithoutPlaces, visibleText, withoutNewcomers } from "./visible-facts.ts";

export interface EditedModule {
  readonly module: number;
  readonly before: ModuleFacts;
  readonly after: ModuleFacts;
}

/** `named`: calls that are looked for all over the program. */
export function isUnseenByLinking({ before, after }: EditedModule, { values }: LinkedState, named: ReadonlySet<string>): boolean {
  const hosts = new Set(values.oneThread.values());
  const sought = { isNamed: (name: string) => named.has(name), isHosted: hostEngines.some(({ because }) => hosts.has(because)) };
  return visibleText(before, sought) === visibleText(withoutNewcomers(before, after, sought), sought);
}

/** A function in which more than lines has changed, or a new one. */
export interface ChangedFunction {
  /** Position in the module as it was; undefined for a new one. */
  readonly at: number | undefined;
  /** As it was and as it is. */
  readonly forms: readonly ExtractedFunction[];
}

export function changedFunctions({ before, after }: EditedModule): readonly ChangedFunction[] {
  const known = new Map(before.functions.map(({ key }, at) => [key, at]));
  return after.functions.flatMap((now): ChangedFunction[] => {
    const at = known.get(now.key);
    const fn = at === undefined ? undefined : before.functions[at];
    if (!fn) return [{ at, forms: [now] }];
    return textWithoutPlaces(fn) === textWithoutPlaces(now) ? [] : [{ at, forms: [fn, now] }];
  });
}

/** Publications that linking found in what a function calls stand where the function hands the object over. */
export function movedPublications(
  { publications }: LinkedState["values"],
  edited: EditedModule,
  { first }: LinkedModule,
): Map<number, readonly PublicationFact[]> {
  const out = new Map<number, readonly PublicationFact[]>();
  const after = new Map(edited.after.functions.map((fn) => [fn.key, fn]));
  edited.before.functions.forEach((fn, at) => {
    const now = after.get(fn.key) as ExtractedFunction;
    const moved = (publications.get(first + at) ?? []).flatMap((publication): PublicationFact[] => {
      const isHere = ({ order, name }: { readonly order: number; readonly name: string }): boolean => order === publication.order && name === publication.name;
      const place = now.publications[fn.publications.findIndex(isHere)] ?? now.handings[fn.handings.findIndex(isHere)];
      return place ? [{ ...publication, span: place.span, order: place.order }] : [];
    });
    if (moved.length > 0) out.set(first + at, moved);
  });
  return out;
}

export class EditReach {
  readonly #state: LinkedState;
  readonly #index: StateIndex;
  readonly #moduleOf: Int32Array;
  readonly #edited: ReadonlyMap<number, EditedModule>;

  constructor(state: LinkedState, index: StateIndex, edited: readonly EditedModule[]) {
    this.#state = state;
    this.#index = index;
    this.#moduleOf = moduleOfFunctions(state.modules, state.functions.roles.length);
    this.#edited = new Map(edited.map((each) => [each.module, each]));
  }

  /** Modules with an access of the location now, in order. */
  readonly modulesAt = (key: string): readonly number[] => {
    const before = this.#index.modulesAt(key).filter((module) => !this.#edited.has(module));
    const now = [...this.#edited.values()].flatMap(({ module, after }) => (touches(after, key) ? [module] : []));
    return now.length === 0 ? before : [...before, ...now].toSorted((a, b) => a - b);
  };

  /** Modules that call what has changed, touch what it touches, or extend its class. */
  touched(): Set<number> {
    const touched = new Set(this.#edited.keys());
    for (const edited of this.#edited.values()) {
      const { first } = this.#state.modules[edited.module] as LinkedModule;
      for (const { at, forms } of changedFunctions(edited)) {
        for (const caller of at === undefined ? [] : (this.#state.values.callers[first + at] ?? [])) touched.add(this.#moduleOf[caller] as number);
        for (const key of placesOf(forms)) for (const module of this.modulesAt(key)) touched.add(module);
        for (const module of this.#extending(forms[0]?.owner)) touched.add(module);
      }
    }
    return touched;
  }

  /** These, those that touch what they touch, and those their classes extend. */
  around(modules: ReadonlySet<number>, factsOf: (module: number) => ModuleFacts): Set<number> {
    const near = new Set(modules);
    for (const module of modules) {
      const facts = factsOf(module);
      for (const key of placesOf(facts.functions)) for (const other of this.modulesAt(key)) near.add(other);
      for (const { lineage } of facts.classes) for (const base of lineage) for (const other of this.#holding(base)) near.add(other);
      for (const { key } of facts.classes) for (const other of this.#extending(key)) near.add(other);
    }
    return near;
  }

  #extending(cls: string | undefined): number[] {
    if (cls === undefined) return [];
    return [...this.#state.classes.values()].flatMap(({ key, bases }) => (bases.includes(cls) ? this.#holding(key) : []));
  }

  /** Modules with methods of the class. */
  #holding(cls: string): number[] {
    return [...(this.#state.classes.get(cls)?.methods.values() ?? [])].map((id) => this.#moduleOf[id] as number);
  }
}

function placesOf(functions: readonly ExtractedFunction[]): ReadonlySet<string> {
  return new Set(functions.flatMap(({ accesses }) => accesses.map(({ location }) => location.key)));
}

function touches({ functions }: ModuleFacts, key: string): boolean {
  return functions.some(({ accesses }) => accesses.some(({ location }) => location.key === key));
}
