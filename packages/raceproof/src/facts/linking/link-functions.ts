// Extracted functions and the call graph in, function facts out: numbered, with entry locks and phases applied.
import type { AccessFact, CallFact, FunctionFact, Sharing } from "../../vocabulary/index.ts";
import { joinLocksets } from "../../vocabulary/index.ts";
import type { ExtractedAccess, ExtractedFunction } from "../module-facts.ts";
import type { CallGraph } from "./call-graph.ts";
import { eventLoopFunctions } from "./event-loop.ts";
import { linkPublications } from "./link-publications.ts";

/** `entries`: why functions run in threads of their own, by key. */
export function linkFunctions(
  functions: readonly ExtractedFunction[],
  idOf: ReadonlyMap<string, number>,
  graph: CallGraph,
  entries: ReadonlyMap<string, string>,
): FunctionFact[] {
  const eventLoop = eventLoopFunctions(functions, graph, (key) => entries.has(key));
  const numbersOf = (keys: readonly string[]): number[] => keys.map((key) => idOf.get(key) as number);
  const publications = linkPublications(functions, idOf);
  let accesses = 0;
  let calls = 0;
  return functions.map((extracted, id) => {
    const phase = graph.phaseOf(id);
    const entryLockset = graph.entryLocksOf(id);
    return {
      ...extracted,
      id,
      phase,
      entryLockset,
      accesses: extracted.accesses.map((access): AccessFact => {
        const sharing = sharingIn(phase, access);
        return { ...access, id: accesses++, functionId: id, function: extracted.qualifiedName, lockset: joinLocksets(entryLockset, access.lockset), sharing };
      }),
      calls: extracted.calls.map((call): CallFact => {
        return {
          ...call,
          id: calls++,
          functionId: id,
          targets: numbersOf(call.targets),
          passes: numbersOf(call.passes),
          lockset: joinLocksets(entryLockset, call.lockset),
        };
      }),
      tests: extracted.tests.map((test) => ({ ...test, functionId: id })),
      acquisitions: extracted.acquisitions.map((taken) => ({ ...taken, functionId: id, held: joinLocksets(entryLockset, taken.held) })),
      suspensions: extracted.suspensions.map((suspension) => ({ ...suspension, functionId: id })),
      publications: publications[id] ?? [],
      threadEntry: entries.get(extracted.key),
      eventLoopOnly: eventLoop.has(id),
      callers: graph.callersOf(id),
    };
  });
}

function sharingIn(phase: FunctionFact["phase"], { sharing, ownAttribute }: ExtractedAccess): Sharing {
  if (sharing !== "shared") return sharing;
  if (phase === "import") return "import";
  return phase === "construction" && ownAttribute ? "construction" : "shared";
}
