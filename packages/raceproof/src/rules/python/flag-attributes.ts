// A hazard in, boolean switches out that decide whether its code runs: public attributes of the classes at hand that its function, or
// the functions that lead there, ask for.
// Misses: switches kept in private attributes or module globals.
import type { FunctionFact, Hazard, LocationFact, Program } from "../../vocabulary/index.ts";

export interface FlagAttribute {
  /** Key of the class that has it. */
  readonly owner: string;
  readonly name: string;
  /** Values worth trying, as Python: not the one it has from the start, where that is known. */
  readonly values: readonly string[];
}

const callersLookedAt = 2;

/** Those nearest to the hazard first. */
export function flagsAround(hazard: Hazard, program: Program): FlagAttribute[] {
  const fn = program.functions.find(({ qualifiedName, span }) => qualifiedName === hazard.function && span.file === hazard.span.file);
  if (fn === undefined) return [];
  const known = flagsOf(program);
  const found = new Map<string, FlagAttribute>();
  for (const text of textsAround(fn, program)) {
    for (const [name, flags] of known) {
      if (text.includes(`.${name}`) && new RegExp(`\\.${name}\\b(?!\\s*=[^=])`).test(text)) for (const flag of flags) found.set(`${flag.owner}.${name}`, flag);
    }
  }
  return [...found.values()];
}

function textsAround(start: FunctionFact, program: Program): string[] {
  const seen = new Set([start.id]);
  let frontier = [start];
  const out: string[] = [];
  for (let depth = 0; depth <= callersLookedAt; depth++) {
    out.push(...frontier.map((fn) => program.textOf(fn.span)));
    const next = frontier.flatMap(({ callers, calls }) => (depth === 0 ? [...callers, ...calls.flatMap(({ targets }) => targets)] : callers));
    frontier = next.flatMap((id) => {
      if (seen.has(id)) return [];
      seen.add(id);
      return program.functions[id] ?? [];
    });
  }
  return out;
}

const flags = new WeakMap<Program, ReadonlyMap<string, readonly FlagAttribute[]>>();

function flagsOf(program: Program): ReadonlyMap<string, readonly FlagAttribute[]> {
  const known = flags.get(program) ?? collectFlags(program);
  flags.set(program, known);
  return known;
}

function collectFlags(program: Program): Map<string, FlagAttribute[]> {
  const out = new Map<string, FlagAttribute[]>();
  const found = [...[...program.locations.values()].flatMap((location) => flagAt(location, program)), ...program.functions.flatMap(flagSetBy)];
  for (const flag of found) if (!flag.name.startsWith("_")) out.set(flag.name, [...(out.get(flag.name) ?? []), flag]);
  return out;
}

/** An attribute that is stored True or False, or declared to be one of them. */
function flagAt({ location, accesses }: LocationFact, program: Program): FlagAttribute[] {
  if (location.ownerKind !== "instance" || !/^\w+$/.test(location.path)) return [];
  const stores = accesses.filter(({ operation }) => operation === "=").map((access) => program.textOf(access.statement));
  const first = stores.map((text) => /=\s*(True|False)\s*$/.exec(text)?.[1]).find((value) => value !== undefined);
  if (first === undefined && !stores.some((text) => /^[\w.]+\s*:\s*bool\b/.test(text))) return [];
  const values = first === undefined ? ["True", "False"] : [first === "True" ? "False" : "True"];
  return [{ owner: location.owner, name: location.path, values }];
}

function flagSetBy({ role, owner, qualifiedName, parameters }: FunctionFact): FlagAttribute[] {
  if (role !== "property-setter" || owner === undefined || !/^bool\b/.test(parameters[1]?.annotation ?? "")) return [];
  return [{ owner, name: qualifiedName.split(".").at(-1) ?? "", values: ["True", "False"] }];
}
