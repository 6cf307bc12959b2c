// An extracted program and its call graph in; out, what linking finds out about functions, by number, as plain data: with it and its own
// text any function can be linked, whatever else of the program is at hand.
import type { FunctionFact, Lockset, PublicationFact } from "../../vocabulary/index.ts";
import type { CallGraph } from "./call-graph.ts";
import type { KeepingParameters } from "./created-classes.ts";
import { eventLoopFunctions } from "./event-loop.ts";
import type { ExtractedProgram } from "./extracted-program.ts";
import { linkPublications } from "./link-publications.ts";
import { oneThreadFunctions } from "./one-thread.ts";
import { madeInPlace } from "./owned-accesses.ts";
import type { Ownership } from "./owned-accesses.ts";
import { ownedParameters } from "./owned-parameters.ts";

export interface LinkValues extends Ownership {
  readonly phases: readonly FunctionFact["phase"][];
  readonly entryLocks: readonly Lockset[];
  readonly callerLocks: readonly Lockset[];
  readonly callers: readonly (readonly number[])[];
  /** Why functions run in threads of their own. */
  readonly threadEntries: ReadonlyMap<number, string>;
  readonly eventLoop: ReadonlySet<number>;
  /** Why functions run in one and the same thread. */
  readonly oneThread: ReadonlyMap<number, string>;
  /** In program order; functions without any are left out. */
  readonly publications: ReadonlyMap<number, readonly PublicationFact[]>;
}

/** `entries`: why functions run in threads of their own, by key. `keeping`: parameters whose argument a function stores. */
export function linkValuesOf(
  program: ExtractedProgram,
  graph: CallGraph,
  { entries, keeping }: { readonly entries: ReadonlyMap<string, string>; readonly keeping: KeepingParameters },
): LinkValues {
  const { functions, idOf } = program;
  const owned = ownedParameters(functions, graph, keeping);
  const publications = linkPublications(functions, idOf);
  return {
    phases: functions.map((_, id) => graph.phaseOf(id)),
    entryLocks: functions.map((_, id) => graph.entryLocksOf(id)),
    callerLocks: functions.map((_, id) => graph.callerLocksOf(id)),
    callers: functions.map((_, id) => graph.callersOf(id)),
    threadEntries: new Map(functions.flatMap(({ key }, id) => (entries.has(key) ? [[id, entries.get(key) as string] as const] : []))),
    eventLoop: eventLoopFunctions(program, graph, (key) => entries.has(key)),
    oneThread: oneThreadFunctions(program, graph),
    owned,
    made: owned.size === 0 ? new Set<string>() : madeInPlace(functions),
    publications: new Map(publications.flatMap((list, id) => (list.length > 0 ? [[id, list] as const] : []))),
  };
}
