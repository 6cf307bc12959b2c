// Module facts in, the Program that rules read out: call graph, phases, entry locks, effects and sharing, without any tree.
import { methodsThatNameTheKind } from "../../models/index.ts";
import type { AccessFact, ContainerKind, FunctionFact, LocationFact, Program } from "../../vocabulary/index.ts";
import type { ModuleFacts } from "../module-facts.ts";
import { buildCallGraph } from "./call-graph.ts";
import { confineClasses } from "./confine-classes.ts";
import { createdClasses, ParameterFlow } from "./created-classes.ts";
import { effectsWithNames, summarizeEffects } from "./effects.ts";
import type { ProgramEffects } from "./effects.ts";
import { gatherProgram } from "./extracted-program.ts";
import { countFacts } from "./fact-counts.ts";
import type { FactCounts } from "./fact-counts.ts";
import { classesGivenAway } from "./given-away.ts";
import { linkClasses } from "./link-classes.ts";
import { linkFunctions } from "./link-functions.ts";
import { linkValuesOf } from "./link-values.ts";
import type { LinkValues } from "./link-values.ts";
import { overridesOf } from "./overrides.ts";
import { threadEntriesOf } from "./thread-entries.ts";

export interface LinkedProgram {
  readonly program: Program;
  readonly counts: FactCounts;
  readonly values: LinkValues;
  readonly effects: ProgramEffects;
}

/**
 * Modules in the order of the subject's files; what they name by key is among them. Their accesses and calls become the program's: a
 * program made of the same facts before is none any more.
 */
export function linkProgram(modules: readonly ModuleFacts[], textOf: Program["textOf"]): LinkedProgram {
  const extracted = gatherProgram(modules);
  const { functions: written, idOf, classes: declared } = extracted;
  // It only says that subclasses should have it.
  const isHook = (key: string): boolean => written[idOf.get(key) ?? -1]?.neverReturns === true;
  const entries = threadEntriesOf(extracted);
  const graph = buildCallGraph(extracted, { overrides: overridesOf(declared, isHook), entries });
  const handed = modules.map((module) => module.handed);
  const flow = new ParameterFlow(handed);
  const values = linkValuesOf(extracted, graph, { entries, keeping: flow.keeping("kept") });
  const functions = linkFunctions(extracted, values);
  const isOrdinary = (key: string): boolean => functions[idOf.get(key) ?? -1]?.phase !== "import";
  const created = createdClasses(handed, flow.keeping("kept", "returned"), isOrdinary);
  const linked = linkClasses(extracted, functions, created);
  const classes = confineClasses(functions, linked, { created, givenAway: classesGivenAway(extracted) });
  const { locations, placeOf } = locationsOf(functions);
  const keys = [...locations.keys()];
  const effects = summarizeEffects(functions, keys.length, placeOf);
  const program: Program = {
    functions,
    classes,
    locations,
    effectsOf: effectsWithNames(effects, (place) => keys[place] as string),
    sourceOf: (span) => textOf(span).replaceAll(/\s+/g, " "),
    textOf,
    lineageOf: (key) => (declared.get(key)?.lineage ?? []).flatMap((each) => classes.get(each) ?? []),
  };
  return { program, counts: countFacts(extracted, classes.size), values, effects };
}

interface Places {
  readonly locations: ReadonlyMap<string, LocationFact>;
  /** By access, the position of its location. */
  readonly placeOf: Int32Array;
}

function locationsOf(functions: readonly FunctionFact[]): Places {
  const numbers = new Map<string, number>();
  const accesses: AccessFact[][] = [];
  const placeOf = new Int32Array(functions.reduce((sum, fn) => sum + fn.accesses.length, 0));
  for (const fn of functions) {
    for (const access of fn.accesses) {
      const { key } = access.location;
      let place = numbers.get(key);
      if (place === undefined) {
        numbers.set(key, (place = numbers.size));
        accesses.push([]);
      }
      (accesses[place] as AccessFact[]).push(access);
      placeOf[access.id] = place;
    }
  }
  const locations = new Map<string, LocationFact>();
  for (const [key, place] of numbers) {
    const list = accesses[place] as AccessFact[];
    locations.set(key, { location: (list[0] as AccessFact).location, container: kindOf(list), accesses: list });
  }
  return { locations, placeOf };
}

/** What the accesses know of the value; a method that only one kind of container has speaks for an unknown one. */
export function kindOf(accesses: readonly AccessFact[]): ContainerKind {
  const known = accesses.find((access) => access.container !== "unknown" && access.container !== "none");
  if (known) return known.container;
  return accesses.map((access) => methodsThatNameTheKind.get(access.operation)).find((kind) => kind !== undefined) ?? "unknown";
}
