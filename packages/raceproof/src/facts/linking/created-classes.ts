// Creations and parameters of the whole program in; out, the classes whose instances never outlive the function that creates them,
// and those whose instances only ever become parts of other objects.
// Source: summaries per parameter composed over calls to a fixpoint (RacerD). A class nobody creates in a function is not among them.
import type { Exit, HandedValues } from "../module-facts.ts";

export interface CreatedClasses {
  /** Keys of classes whose instances are dropped where they were created. */
  readonly transient: ReadonlySet<string>;
  /** Class -> the classes whose objects its instances are parts of; only classes whose instances go nowhere else. */
  readonly parts: ReadonlyMap<string, ReadonlySet<string>>;
  /** Classes of which instances are created that do not become parts of other objects at once. */
  readonly elsewhere: ReadonlySet<string>;
}

/** `keeping`: parameters whose argument leaves the function. `isOrdinary` tells the keys of functions that run more than once from import-time code. */
export function createdClasses(handed: readonly HandedValues[], keeping: KeepingParameters, isOrdinary: (functionKey: string) => boolean): CreatedClasses {
  const stays = (exits: readonly Exit[]): boolean => exits.every((exit) => typeof exit === "object" && !keeping.has(`${exit.to}:${exit.parameter}`));
  const transient = new Set<string>();
  const escaping = new Set<string>();
  const parts = new Map<string, Set<string>>();
  for (const { creations } of handed) {
    for (const { type, functionKey, exits, partOf } of creations) {
      if (!isOrdinary(functionKey) || !stays(exits)) escaping.add(type);
      else if (partOf === undefined) transient.add(type);
      else parts.set(type, (parts.get(type) ?? new Set()).add(partOf));
    }
  }
  for (const type of escaping) {
    transient.delete(type);
    parts.delete(type);
  }
  for (const type of parts.keys()) transient.delete(type);
  return { transient, parts, elsewhere: new Set([...escaping, ...transient]) };
}

/** "key of the function:index of the parameter". */
export type KeepingParameters = ReadonlySet<string>;

/** What becomes of arguments inside the functions they are passed to. */
export class ParameterFlow {
  private readonly leaving: Readonly<Record<"kept" | "returned", string[]>> = { kept: [], returned: [] };
  /** Parameter -> the parameters that are passed on to it. */
  private readonly sources = new Map<string, string[]>();

  constructor(handed: readonly HandedValues[]) {
    for (const { parameters } of handed) {
      for (const { functionKey, index, exits } of parameters) {
        const parameter = `${functionKey}:${index}`;
        for (const exit of exits) {
          if (typeof exit === "string") this.leaving[exit].push(parameter);
          else this.note(parameter, `${exit.to}:${exit.parameter}`);
        }
      }
    }
  }

  /** Parameters whose argument leaves the function in one of these ways, or is passed to one from which it does. */
  keeping(...ways: readonly ("kept" | "returned")[]): KeepingParameters {
    const keeping = new Set(ways.flatMap((way) => this.leaving[way]));
    // A set hands out what is added to it on the way, too.
    for (const parameter of keeping) for (const source of this.sources.get(parameter) ?? none) keeping.add(source);
    return keeping;
  }

  private note(parameter: string, to: string): void {
    const known = this.sources.get(to);
    if (known) known.push(parameter);
    else this.sources.set(to, [parameter]);
  }
}

const none: readonly string[] = [];
