// Extracted functions and what linking found out about them in, function facts out: numbered, with entry locks and phases applied.
import type { AccessFact, CallFact, FunctionFact, Lockset, Sharing, TestFact } from "../../vocabulary/index.ts";
import { joinLocksets, noLocks } from "../../vocabulary/index.ts";
import type { ExtractedAccess, ExtractedCall, ExtractedFunction, ExtractedTest } from "../module-facts.ts";
import { numbersOf } from "./extracted-program.ts";
import type { ExtractedProgram } from "./extracted-program.ts";
import type { LinkValues } from "./link-values.ts";
import { ownedAccesses } from "./owned-accesses.ts";

/** Everything by the numbers of the functions, from what their texts show and what linking found out of the rest of the program. */
export function linkFunctions({ functions, idOf, targets }: ExtractedProgram, values: LinkValues): FunctionFact[] {
  const link = functionLinker(values, idOf);
  let accesses = 0;
  let calls = 0;
  return functions.map((extracted, id) => {
    const linked = link(extracted, { id, firstAccess: accesses, firstCall: calls, targets: targets[id] ?? [] });
    accesses += extracted.accesses.length;
    calls += extracted.calls.length;
    return linked;
  });
}

/** Where a function stands in the program. */
export interface Numbers {
  readonly id: number;
  readonly firstAccess: number;
  readonly firstCall: number;
  /** By call, numbers of the functions that it may run. */
  readonly targets: readonly (readonly number[])[];
}

export function functionLinker(values: LinkValues, idOf: Home["idOf"]): (extracted: ExtractedFunction, numbers: Numbers) => FunctionFact {
  const isOwned = ownedAccesses(values);
  return (extracted, { id, firstAccess, firstCall, targets }) => {
    const phase = values.phases[id] ?? "ordinary";
    const entryLockset = values.entryLocks[id] ?? noLocks;
    const home: Home = { id, name: extracted.qualifiedName, phase, entryLockset, isOwned, idOf };
    return linkFunction(extracted, {
      id,
      phase,
      entryLockset,
      accesses: linkEach<ExtractedAccess, AccessFact>(extracted.accesses, (access, index) => linkAccess(access, firstAccess + index, home)),
      calls: linkEach<ExtractedCall, CallFact>(extracted.calls, (call, index) => linkCall(call, firstCall + index, targets[index] ?? [], home)),
      tests: extracted.tests.map((test) => linkTest(test, id)),
      acquisitions: extracted.acquisitions.map((taken) => ({ ...taken, functionId: id, held: joinLocksets(entryLockset, taken.held) })),
      suspensions: extracted.suspensions.map((suspension) => ({ ...suspension, functionId: id })),
      publications: values.publications.get(id) ?? [],
      threadEntry: values.threadEntries.get(id),
      eventLoopOnly: values.eventLoop.has(id),
      oneThread: values.oneThread.get(id),
      callerLocks: values.callerLocks[id] ?? noLocks,
      callers: values.callers[id] ?? [],
    });
  };
}

/** The function that accesses and calls stand in. */
interface Home {
  readonly id: number;
  readonly name: string;
  readonly phase: FunctionFact["phase"];
  readonly entryLockset: Lockset;
  readonly isOwned: ReturnType<typeof ownedAccesses>;
  readonly idOf: Pick<ReadonlyMap<string, number>, "get">;
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
