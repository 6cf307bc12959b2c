// An access in, how strongly we believe that several threads reach its location out, with the sentences that say why.
// Source: sharing evidence as in RacerD (a lock somewhere in the class is the strongest), reduced by what speaks against it.
import { testModule } from "../../models/index.ts";
import { confidenceLevels, rootNameOf } from "../../vocabulary/index.ts";
import type { AccessFact, ClassFact, Confidence, FunctionFact, Program } from "../../vocabulary/index.ts";
import { areAlternatives } from "./controlled-by.ts";
import { indexOf } from "./program-index.ts";

export interface Belief {
  readonly confidence: Confidence;
  readonly evidence: readonly string[];
}

export function lower(confidence: Confidence, steps = 1): Confidence {
  return confidenceLevels[Math.max(0, confidenceLevels.indexOf(confidence) - steps)] as Confidence;
}

/** A reason to believe less. */
export interface Doubt {
  readonly steps: number;
  readonly because: string;
}

/** Only doubts that apply: `undefined` and `false` stand for those that do not. */
export function doubt(belief: Belief, doubts: readonly (Doubt | undefined | false)[]): Belief {
  return doubts.reduce<Belief>(
    (before, each) => (each ? { confidence: lower(before.confidence, each.steps), evidence: [...before.evidence, each.because] } : before),
    belief,
  );
}

/** How sure we are that the location is shared, before any rule adds what it knows of the sequence. */
export function beliefInSharing(program: Program, access: AccessFact): Belief {
  const belief = beliefByOwner(program, access);
  return doubt(belief, [oneThread(program, access), access.location.ownerKind !== "process" && surroundings(program, access)]);
}

/** Whatever touches the location does so in one thread. */
function oneThread(program: Program, { location }: AccessFact): Doubt | undefined {
  const index = indexOf(program);
  const because = index.guarded(location.key) ? undefined : index.oneThread(location.key);
  return because === undefined ? undefined : { steps: 2, because: `all that touches ${location.display} runs ${because}` };
}

/** Code that runs where there is one thread: tests, and what is made for them. */
function surroundings(program: Program, access: AccessFact): Doubt | undefined {
  const fn = program.functions[access.functionId];
  if (fn === undefined) return undefined;
  if (testModule.test(fn.module)) return { steps: 2, because: `${fn.module} is there for tests, which one thread runs` };
  if (isOwnEntry(fn, access)) return { steps: 2, because: "the key is the thread's own: no two threads meet there" };
  const registers = access.location.ownerKind !== "instance" && fn.callers.length > 0 && fn.callers.every((id) => program.functions[id]?.phase === "import");
  return registers ? { steps: 2, because: `the library calls ${fn.qualifiedName} only while its modules load` } : undefined;
}

/** The key is, or contains, the identity of the thread, whichever branch made it. */
function isOwnEntry(fn: FunctionFact, { key, origins }: AccessFact): boolean {
  if (key === undefined || origins.length === 0) return false;
  const makers = fn.calls.filter(({ order }) => origins.includes(`call@${order}`));
  const identity = makers.find(({ external }) => external !== undefined && threadIdentities.has(external));
  return identity !== undefined && !makers.some(({ order }) => areAlternatives(fn.tests, identity.order, order));
}

const threadIdentities: ReadonlySet<string> = new Set([
  "threading.get_ident",
  "threading.get_native_id",
  "threading.current_thread",
  "_thread.get_ident",
  "asyncio.current_task",
]);

function beliefByOwner(program: Program, access: AccessFact): Belief {
  const { location } = access;
  if (location.ownerKind !== "instance") return { confidence: "high", evidence: [globalEvidence(access)] };
  const cls = program.classes.get(location.owner);
  const guarded = indexOf(program).guarded(location.key);
  const belief = doubt(beliefInInstance(cls, access, { guarded, onLoop: eventLoop(program, access) !== undefined }), [
    ...(cls && !guarded ? reasonsForOneThread(program, cls, access) : []),
    callersLock(program, access),
    access.guessed && { steps: 1, because: `the owner of ${access.text} was guessed from the attribute's name` },
  ]);
  if (belief.evidence.length > 0) return belief;
  if (!cls)
    return { ...belief, evidence: [`whoever shares what ${location.owner.slice(location.owner.indexOf(":") + 1)} hands out shares ${rootNameOf(location)}`] };
  return { ...belief, evidence: [`${cls.qualifiedName} is public: users may share an instance`] };
}

function isSharedInPart({ sharedInPart, confinedBecause }: ClassFact, onLoop: boolean): boolean {
  return sharedInPart.length > 0 && confinedBecause === undefined && !onLoop;
}

interface Around {
  readonly guarded: AccessFact | undefined;
  /** The access runs on an event loop. */
  readonly onLoop: boolean;
}

function beliefInInstance(cls: ClassFact | undefined, access: AccessFact, { guarded, onLoop }: Around): Belief {
  const evidence = [...(cls?.sharedBecause.slice(0, 2) ?? [])];
  if (guarded) evidence.unshift(`${access.location.display} is accessed under ${guarded.lockset.join(", ")} at ${guarded.span.file}:${guarded.span.line}`);
  if (evidence.length > 0) return { confidence: "high", evidence };
  if (cls && isSharedInPart(cls, onLoop)) return { confidence: "high", evidence: cls.sharedInPart.slice(0, 2) };
  if (access.location.path === "<items>") {
    return { confidence: "low", evidence: [`${cls?.qualifiedName ?? ""} is a container itself: who shares one also guards it`] };
  }
  return beliefByReach(cls, access);
}

/** No sharing in sight: what users hold they may share. */
function beliefByReach(cls: ClassFact | undefined, access: AccessFact): Belief {
  const isOwn = /^(self|cls)\.\w+$/.test(access.text) || !access.text.includes(".");
  const evidence = isOwn ? [] : [`reached through another object (${access.text})`];
  if (cls?.public !== false) return { confidence: "medium", evidence };
  return { confidence: "low", evidence: [...evidence, `instances of ${cls.qualifiedName} seem to stay inside the library: made and used within single calls`] };
}

/** What speaks for one thread at a time, where no lock is in sight. */
function reasonsForOneThread(program: Program, cls: ClassFact, access: AccessFact): (Doubt | undefined | false)[] {
  const isShared = cls.sharedBecause.length > 0;
  return [
    // Who reaches it through another object is not the one that iterates or handles it.
    /^(self|cls)\b/.test(access.text) &&
      isConfinedByDesign(program, cls, isShared) && { steps: 2, because: `${cls.qualifiedName} is an iterator or an exception, normally used by one thread` },
    !isShared && confinement(program, cls, access),
    (!isShared || staysOnLoop(program, access)) && eventLoop(program, access),
    isShared && staysOnLoop(program, access) && { steps: 1, because: `only tasks of the event loop work with ${access.location.display}` },
  ];
}

/** A public function that the library itself calls only with a lock held: whoever else calls it is expected to hold it too. */
function callersLock(program: Program, access: AccessFact): Doubt | undefined {
  const fn = program.functions[access.functionId];
  if (!fn || access.lockset.length > 0 || fn.callerLocks.length === 0) return undefined;
  return { steps: 2, because: `every call of ${fn.qualifiedName} inside the library holds ${fn.callerLocks.join(", ")}` };
}

/** The class of the location, or the subclass whose method this is, holds the state of one user's work. */
function confinement(program: Program, cls: ClassFact, access: AccessFact): Doubt | undefined {
  const own = /^self\b/.test(access.text) ? program.classes.get(program.functions[access.functionId]?.owner ?? "") : undefined;
  const because = cls.confinedBecause ?? (own?.sharedBecause.length === 0 ? own.confinedBecause : undefined);
  return because === undefined ? undefined : { steps: 1, because };
}

/** Tasks of one event loop take turns only where they await. */
function eventLoop(program: Program, access: AccessFact): Doubt | undefined {
  const fn = program.functions[access.functionId];
  if (fn?.eventLoopOnly === true) return { steps: 1, because: `${access.function} runs on an event loop, whose tasks take turns only at an await` };
  const onLoop =
    fn !== undefined && fn.threadEntry === undefined ? (classOnLoop(program, fn.owner, 1) ?? classOnLoop(program, access.location.owner, 2)) : undefined;
  return onLoop && { steps: 1, because: `${onLoop.qualifiedName} has asynchronous methods: its objects live on an event loop` };
}

/**
 * Objects that tasks work with are not for several threads (docs.python.org/3/library/asyncio-dev.html#concurrency-and-multithreading);
 * a single coroutine may be a second way to use what threads use, too.
 */
function classOnLoop(program: Program, key: string | undefined, fewest: number): ClassFact | undefined {
  const cls = program.classes.get(key ?? "");
  return cls && cls.sharedBecause.length === 0 && indexOf(program).coroutines(cls.key) >= fewest ? cls : undefined;
}

/** Whoever touches the location does so on the event loop, whatever other threads do with the object. */
function staysOnLoop(program: Program, { location }: AccessFact): boolean {
  return indexOf(program)
    .reachable(location.key)
    .every(({ functionId }) => program.functions[functionId]?.eventLoopOnly === true);
}

function globalEvidence(access: AccessFact): string {
  switch (access.location.ownerKind) {
    case "module":
      return `${access.location.display} is a module global: all threads share it`;
    case "class":
      return `${access.location.display} is a class attribute: all instances and threads share it`;
    case "process":
    case "instance":
      return `${access.location.display} belongs to the whole process`;
  }
}

/** An iterator whose class takes locks is made for several threads; a `__next__` that only raises makes no iterator. */
function isConfinedByDesign(program: Program, { key }: ClassFact, isShared: boolean): boolean {
  return program.lineageOf(key).some((cls) => {
    const next = isShared ? undefined : cls.methods.get("__next__");
    return cls.exception || (next !== undefined && program.functions[next]?.neverReturns !== true);
  });
}
