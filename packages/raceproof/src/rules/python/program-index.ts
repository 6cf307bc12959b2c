// A program in, what many rules start from out, found once: the functions that count, and per location the accesses that other threads may make.
import type { AccessFact, FunctionFact, Program } from "../../vocabulary/index.ts";

export interface ProgramIndex {
  /** Functions run by users' threads, not while modules load. */
  readonly ordinary: readonly FunctionFact[];
  /** Accesses that other threads may make, by location; of very many only some of each way to touch it. */
  reachable(locationKey: string): readonly AccessFact[];
  /** The first access under a lock. */
  guarded(locationKey: string): AccessFact | undefined;
  /** Stores and updates of a location at run time, after it was first set. */
  rebindings(locationKey: string): readonly AccessFact[];
  /** What one function does to a location, in program order. */
  accessesIn(functionId: number, locationKey: string): readonly AccessFact[];
}

const indexes = new WeakMap<Program, ProgramIndex>();

export function indexOf(program: Program): ProgramIndex {
  let index = indexes.get(program);
  if (!index) indexes.set(program, (index = createIndex(program)));
  return index;
}

function createIndex(program: Program): ProgramIndex {
  const accessesOf = (key: string): readonly AccessFact[] => program.locations.get(key)?.accesses ?? none;
  const byFunction = remembered((id: number) => accessesByLocation(program.functions[id]?.accesses ?? none));
  return {
    ordinary: program.functions.filter((fn) => fn.phase !== "import"),
    reachable: remembered((key: string) => representatives(accessesOf(key).filter((access) => access.sharing === "shared"))),
    guarded: remembered((key: string) => accessesOf(key).find((access) => access.lockset.length > 0)),
    rebindings: remembered((key: string) => accessesOf(key).filter(isRebinding)),
    accessesIn: (functionId, key) => byFunction(functionId).get(key) ?? none,
  };
}

function isRebinding({ kind, sharing }: AccessFact): boolean {
  return (kind === "write" || kind === "update") && sharing !== "import" && sharing !== "construction";
}

export function accessesByLocation(accesses: readonly AccessFact[]): Map<string, AccessFact[]> {
  const groups = new Map<string, AccessFact[]>();
  for (const access of accesses) {
    const known = groups.get(access.location.key);
    if (known) known.push(access);
    else groups.set(access.location.key, [access]);
  }
  return groups;
}

const none: readonly AccessFact[] = [];

function remembered<K, T>(compute: (key: K) => T): (key: K) => T {
  const known = new Map<K, { readonly value: T }>();
  return (key) => {
    let entry = known.get(key);
    if (!entry) known.set(key, (entry = { value: compute(key) }));
    return entry.value;
  };
}

/** Up to this many accesses a location keeps all of them; generated code has tens of thousands, and every one is compared with every other. */
const keptWhole = 1000;
const keptPerFunction = 2;
const keptFunctions = 40;

function representatives(accesses: readonly AccessFact[]): readonly AccessFact[] {
  if (accesses.length <= keptWhole) return accesses;
  const ways = new Map<string, Map<number, number>>();
  return accesses.filter((access) => {
    const { functionId } = access;
    const way = `${access.kind} ${access.operation} ${access.stored} ${access.lockset.join(" ")}`;
    let counts = ways.get(way);
    if (!counts) ways.set(way, (counts = new Map()));
    const count = counts.get(functionId) ?? 0;
    if (count === keptPerFunction || (count === 0 && counts.size === keptFunctions)) return false;
    counts.set(functionId, count + 1);
    return true;
  });
}
