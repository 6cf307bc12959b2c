// Extracted functions and the call graph in, function facts out: numbered, with entry locks and phases applied.
import type { AccessFact, CallFact, FunctionFact, Lockset, Sharing, TestFact } from "../../vocabulary/index.ts";
import { joinLocksets } from "../../vocabulary/index.ts";
import type { ExtractedAccess, ExtractedCall, ExtractedFunction, ExtractedTest } from "../module-facts.ts";
import type { CallGraph } from "./call-graph.ts";
import { eventLoopFunctions } from "./event-loop.ts";
import { numbersOf } from "./extracted-program.ts";
import type { ExtractedProgram } from "./extracted-program.ts";
import { linkPublications } from "./link-publications.ts";
import { ownedAccesses } from "./owned-accesses.ts";
import type { OwnedParameters } from "./owned-parameters.ts";

export interface Threads {
  /** Parameters that hold what nobody but the caller has, by number of the function. */
  readonly owned: OwnedParameters;
  /** Why functions run in threads of their own, by key. */
  readonly entries: ReadonlyMap<string, string>;
  /** Why functions run in one and the same thread, by number. */
  readonly oneThread: ReadonlyMap<number, string>;
}

export function linkFunctions(program: ExtractedProgram, graph: CallGraph, { entries, oneThread, owned }: Threads): FunctionFact[] {
  const { functions, idOf, targets } = program;
  const eventLoop = eventLoopFunctions(program, graph, (key) => entries.has(key));
  const publications = linkPublications(functions, idOf);
  const isOwned = ownedAccesses(functions, owned);
  let accesses = 0;
  let calls = 0;
  return functions.map((extracted, id) => {
    const phase = graph.phaseOf(id);
    const entryLockset = graph.entryLocksOf(id);
    const home: Home = { id, name: extracted.qualifiedName, phase, entryLockset, isOwned, idOf };
    const targetsOfCalls = targets[id] as readonly (readonly number[])[];
    return linkFunction(extracted, {
      id,
      phase,
      entryLockset,
      accesses: linkEach<ExtractedAccess, AccessFact>(extracted.accesses, (access) => linkAccess(access, accesses++, home)),
      calls: linkEach<ExtractedCall, CallFact>(extracted.calls, (call, index) => linkCall(call, calls++, targetsOfCalls[index] ?? [], home)),
      tests: extracted.tests.map((test) => linkTest(test, id)),
      acquisitions: extracted.acquisitions.map((taken) => ({ ...taken, functionId: id, held: joinLocksets(entryLockset, taken.held) })),
      suspensions: extracted.suspensions.map((suspension) => ({ ...suspension, functionId: id })),
      publications: publications[id] ?? [],
      threadEntry: entries.get(extracted.key),
      eventLoopOnly: eventLoop.has(id),
      oneThread: oneThread.get(id),
      callerLocks: graph.callerLocksOf(id),
      callers: graph.callersOf(id),
    });
  });
}

/** The function that accesses and calls stand in. */
interface Home {
  readonly id: number;
  readonly name: string;
  readonly phase: FunctionFact["phase"];
  readonly entryLockset: Lockset;
  readonly isOwned: ReturnType<typeof ownedAccesses>;
  readonly idOf: ReadonlyMap<string, number>;
}

type LinkedFields =
  | "id"
  | "phase"
  | "entryLockset"
  | "accesses"
  | "calls"
  | "tests"
  | "acquisitions"
  | "suspensions"
  | "publications"
  | "threadEntry"
  | "eventLoopOnly"
  | "oneThread"
  | "callerLocks"
  | "callers";

// Field by field: copying a hundred thousand objects by spreading them takes ten times as long.

function linkFunction(extracted: ExtractedFunction, linked: Pick<FunctionFact, LinkedFields>): FunctionFact {
  return {
    id: linked.id,
    module: extracted.module,
    qualifiedName: extracted.qualifiedName,
    owner: extracted.owner,
    span: extracted.span,
    role: extracted.role,
    public: extracted.public,
    phase: linked.phase,
    generator: extracted.generator,
    asynchronous: extracted.asynchronous,
    contextManager: extracted.contextManager,
    neverReturns: extracted.neverReturns,
    parameters: extracted.parameters,
    decorators: extracted.decorators,
    returnAnnotation: extracted.returnAnnotation,
    predicate: extracted.predicate,
    returned: extracted.returned,
    raises: extracted.raises,
    entryLockset: linked.entryLockset,
    accesses: linked.accesses,
    calls: linked.calls,
    tests: linked.tests,
    acquisitions: linked.acquisitions,
    suspensions: linked.suspensions,
    publications: linked.publications,
    threadEntry: linked.threadEntry,
    eventLoopOnly: linked.eventLoopOnly,
    oneThread: linked.oneThread,
    callerLocks: linked.callerLocks,
    callers: linked.callers,
  };
}

function linkTest(test: ExtractedTest, functionId: number): TestFact {
  return {
    functionId,
    span: test.span,
    kind: test.kind,
    condition: test.condition,
    whenTrue: test.whenTrue,
    whenFalse: test.whenFalse,
    after: test.after,
    trueLeaves: test.trueLeaves,
    falseLeaves: test.falseLeaves,
    origins: test.origins,
    exits: test.exits,
  };
}

/** What linking may set. */
type Open<T> = { -readonly [Field in keyof T]: T[Field] };

/** In place: they were made with room for it. */
function linkEach<Extracted, Linked>(extracted: readonly Extracted[], link: (each: Extracted & Open<Linked>, index: number) => void): readonly Linked[] {
  const open = extracted as readonly (Extracted & Open<Linked>)[];
  for (let index = 0; index < open.length; index++) link(open[index] as Extracted & Open<Linked>, index);
  return open;
}

function linkAccess(access: ExtractedAccess & Open<AccessFact>, id: number, home: Home): void {
  access.id = id;
  access.functionId = home.id;
  access.function = home.name;
  access.lockset = joinLocksets(home.entryLockset, access.ownLockset);
  access.sharing = sharingIn(home.phase, access) ?? (home.isOwned(home.id, access) ? "fresh" : "shared");
}

function linkCall(call: ExtractedCall & Open<CallFact>, id: number, targets: readonly number[], home: Home): void {
  call.id = id;
  call.functionId = home.id;
  call.targets = targets;
  call.lockset = joinLocksets(home.entryLockset, call.ownLockset);
  call.passes = numbersOf(call.passedKeys, home.idOf);
}

/** Undefined where others may see the object, as far as this says. */
function sharingIn(phase: FunctionFact["phase"], { ownSharing, ownAttribute }: ExtractedAccess): Sharing | undefined {
  if (ownSharing !== "shared") return ownSharing;
  if (phase === "import") return "import";
  return phase === "construction" && ownAttribute ? "construction" : undefined;
}
