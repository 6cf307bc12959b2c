// A program in, what many rules start from out, found once: the functions that count, per location the accesses that other threads may
// make, and which functions, locations and calls can show a shape at all.
import type { AccessFact, CallFact, FunctionFact, LocationFact, Program } from "../../vocabulary/index.ts";
import { ActivityTable } from "./activity.ts";

export interface ProgramIndex {
  /** Functions run by users' threads, not while modules load. */
  readonly ordinary: readonly FunctionFact[];
  /** Accesses that other threads may make, by location; of very many only some of each way to touch it. */
  reachable(locationKey: string): readonly AccessFact[];
  /** The first access under a lock. */
  guarded(locationKey: string): AccessFact | undefined;
  /** Why one and the same thread makes every access, when that is so. */
  oneThread(locationKey: string): string | undefined;
  /** How many coroutines the methods of a class are, or define. */
  coroutines(classKey: string): number;
  /** Stores and updates of a location at run time, after it was first set. */
  rebindings(locationKey: string): readonly AccessFact[];
  /** What one function does to a location, in program order. */
  accessesIn(functionId: number, locationKey: string): readonly AccessFact[];
  /** Ordinary functions with an access for each of these activities; any bit of one will do. */
  functionsDoing(...needs: readonly number[]): readonly FunctionFact[];
  /** Locations with an access for each of these activities; any bit of one will do. */
  locationsDoing(...needs: readonly number[]): readonly LocationFact[];
  /** The function has an access for each of these activities. */
  does(functionId: number, ...needs: readonly number[]): boolean;
  /** Calls of these functions outside the program, in program order. */
  callsTo(externals: Iterable<string>): readonly CallFact[];
  /** Calls `x.name()` of whatever object, and `name()`, in program order. */
  callsNamed(methods: Iterable<string>): readonly CallFact[];
  /** Names of the calls that rules have asked for. */
  readonly namesAsked: ReadonlySet<string>;
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
    guarded: remembered((key: string) => accessesOf(key).find((access) => access.lockset.length > 0 && !isAmongTasks(program, access))),
    oneThread: remembered((key: string) => reasonForAll(program, accessesOf(key))),
    coroutines: countCoroutines(program),
    rebindings: remembered((key: string) => accessesOf(key).filter(isRebinding)),
    accessesIn: (functionId, key) => byFunction(functionId).get(key) ?? none,
    ...activitiesOf(program),
    ...callsOf(program),
  };
}

function countCoroutines({ functions }: Program): (classKey: string) => number {
  const counts = new Map<string, number>();
  for (const { owner, asynchronous } of functions) if (asynchronous && owner !== undefined) counts.set(owner, (counts.get(owner) ?? 0) + 1);
  return (key) => counts.get(key) ?? 0;
}

function activitiesOf(program: Program): Pick<ProgramIndex, "functionsDoing" | "locationsDoing" | "does"> {
  const table = new ActivityTable();
  const places = [...program.locations.values()];
  const ofFunction = new Int32Array(program.functions.length);
  const ofPlace = new Int32Array(places.length);
  for (const [place, { accesses }] of places.entries()) {
    let all = 0;
    for (const access of accesses) {
      const bits = table.bitsOf(access);
      all |= bits;
      ofFunction[access.functionId] = (ofFunction[access.functionId] as number) | bits;
    }
    ofPlace[place] = all;
  }
  return {
    functionsDoing: (...needs) => numbersDoing(ofFunction, needs).flatMap((id) => ordinaryAt(program, id) ?? []),
    locationsDoing: (...needs) => numbersDoing(ofPlace, needs).map((place) => places[place] as LocationFact),
    does: (functionId, ...needs) => doesAll(ofFunction[functionId], needs),
  };
}

function ordinaryAt({ functions }: Program, id: number): FunctionFact | undefined {
  return functions[id]?.phase === "import" ? undefined : functions[id];
}

function numbersDoing(activities: Int32Array, needs: readonly number[]): number[] {
  const out: number[] = [];
  for (let number = 0; number < activities.length; number++) if (doesAll(activities[number], needs)) out.push(number);
  return out;
}

function doesAll(found: number | undefined, needs: readonly number[]): boolean {
  for (const need of needs) if (((found ?? 0) & need) === 0) return false;
  return true;
}

interface Calls {
  readonly byExternal: ReadonlyMap<string, readonly CallFact[]>;
  readonly byMethod: ReadonlyMap<string, readonly CallFact[]>;
}

function callsOf(program: Program): Pick<ProgramIndex, "callsTo" | "callsNamed" | "namesAsked"> {
  const namesAsked = new Set<string>();
  const noted = (names: Iterable<string>): readonly string[] => {
    const all = [...names];
    for (const name of all) namesAsked.add(name);
    return all;
  };
  let calls: Calls | undefined;
  return {
    callsTo: (externals) => inProgramOrder((calls ??= groupCalls(program)).byExternal, noted(externals)),
    callsNamed: (methods) => inProgramOrder((calls ??= groupCalls(program)).byMethod, noted(methods)),
    namesAsked,
  };
}

/** Both in one pass: reaching for a call costs more than what is done with it. */
function groupCalls(program: Program): Calls {
  const byExternal = new Map<string, CallFact[]>();
  const byMethod = new Map<string, CallFact[]>();
  for (const fn of program.functions) {
    for (const call of fn.calls) {
      const { external, text } = call;
      if (external !== undefined) addTo(byExternal, external, call);
      addTo(byMethod, text.slice(text.lastIndexOf(".") + 1), call);
    }
  }
  return { byExternal, byMethod };
}

function inProgramOrder(groups: ReadonlyMap<string, readonly CallFact[]>, names: Iterable<string>): readonly CallFact[] {
  const out: CallFact[] = [];
  for (const name of names) for (const call of groups.get(name) ?? []) out.push(call);
  return out.toSorted((a, b) => a.id - b.id);
}

/** In the order of the calls. */
export function callsByFunction(calls: readonly CallFact[]): Map<number, CallFact[]> {
  const groups = new Map<number, CallFact[]>();
  for (const call of calls) addTo(groups, call.functionId, call);
  return groups;
}

/** A coroutine holds a lock that it takes by no `with`: tasks of one event loop wait there (`async with`), threads do not. */
function isAmongTasks({ functions }: Program, { functionId, lockset }: AccessFact): boolean {
  const fn = functions[functionId];
  return fn?.asynchronous === true && lockset.every((lock) => !fn.acquisitions.some((taken) => taken.lock === lock));
}

/** While modules load, and while an object is made, nobody else is there. */
function reasonForAll(program: Program, accesses: readonly AccessFact[]): string | undefined {
  const reasons = accesses.filter(({ sharing }) => sharing === "shared").map(({ functionId }) => program.functions[functionId]?.oneThread);
  return reasons.every((reason) => reason !== undefined) ? reasons[0] : undefined;
}

function isRebinding({ kind, sharing }: AccessFact): boolean {
  return (kind === "write" || kind === "update") && sharing !== "import" && sharing !== "construction";
}

export function accessesByLocation(accesses: readonly AccessFact[]): Map<string, AccessFact[]> {
  const groups = new Map<string, AccessFact[]>();
  for (const access of accesses) addTo(groups, access.location.key, access);
  return groups;
}

function addTo<K, T>(groups: Map<K, T[]>, key: K, each: T): void {
  const known = groups.get(key);
  if (known) known.push(each);
  else groups.set(key, [each]);
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
