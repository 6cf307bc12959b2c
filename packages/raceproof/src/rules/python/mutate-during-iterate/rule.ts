// Shape 3: a shared dict, set, deque or list is iterated in Python code, or an iterator over it handed out, while another function
// adds or removes elements. Misses: containers whose kind is unknown and that are iterated without items(), keys() or values().
import type { AccessFact, ContainerKind, FunctionFact, Hazard, Program, Rule, RuleMetadata } from "../../../vocabulary/index.ts";
import { compareConfidence } from "../../../vocabulary/index.ts";
import { atomicityOf, consumers, isAtomicEverywhere, processContainers } from "../../../models/index.ts";
import type { AtomicityRow } from "../../../models/index.ts";
import { activity, shared, underLock } from "../activity.ts";
import { beliefInSharing, doubt } from "../confidence.ts";
import type { Doubt } from "../confidence.ts";
import { addsOrRemoves } from "../container-operations.ts";
import { draftHazard, interferingWith } from "../hazard-draft.ts";
import { indexOf } from "../program-index.ts";
import { insertingReads } from "./inserting-reads.ts";
import { leavesLock, wordsFor } from "./leaving-locks.ts";
import { handsOut, moverOf, selfIteration, views } from "./live-iterators.ts";
import { propose } from "./fix.ts";
import { provokeIteration } from "./provoke.ts";

export const metadata: RuleMetadata = {
  id: "python/mutate-during-iterate",
  title: "Container changed while it is iterated",
  severity: "crash",
  consequence: "RuntimeError: dictionary changed size during iteration, in a thread that only reads.",
  sources: [
    "docs.python.org/3/library/stdtypes.html#dictionary-view-objects",
    "measured: 20 of 20 repeats on CPython 3.11, 3.13, 3.13t and PyPy for a loop with Python code in its body",
  ],
  since: "0.1.0",
  guardedShape: "iteration",
  fixes: [
    {
      title: "Iterate over a snapshot",
      cost: "low",
      detail: "`for k in list(d)` or `list(d.items())`: one atomic call on every runtime; tuple(d) and sum(d.values()) are not atomic without the GIL.",
    },
    { title: "Hold the lock of the writers while iterating", cost: "medium", detail: "Needed when the loop must see a consistent state." },
    { title: "Copy on write", cost: "medium", detail: "Writers build a new dict and rebind the attribute; readers iterate the one they loaded." },
  ],
};

/** Kinds whose iterators notice a change of size. */
const noticesChange: ReadonlySet<string> = new Set(["dict", "set", "deque", "weak-values", "weak-keys", "weak-set"]);

function find(program: Program): Hazard[] {
  const found: Found[] = [];
  for (const fn of indexOf(program).functionsDoing(shared(activity.walk) | underLock)) {
    for (const access of fn.accesses) for (const hazard of hazardAt(program, fn, access)) found.push({ access, hazard, module: fn.module });
  }
  return sayOnce(found);
}

interface Found {
  readonly access: AccessFact;
  readonly hazard: Hazard;
  /** Of the function that goes over the container. */
  readonly module: string;
}

/** Many functions of other modules go over what one method hands out: one cause, said at the strongest place. */
function sayOnce(found: readonly Found[]): Hazard[] {
  const first = new Map<string, Hazard>();
  const isHandedOut = ({ access, module }: Found): boolean => access.text.endsWith("()") && !access.location.owner.startsWith(`${module}:`);
  for (const each of found) {
    const known = isHandedOut(each) ? first.get(each.access.location.key) : each.hazard;
    if (!known || compareConfidence(each.hazard.confidence, known.confidence) > 0) first.set(each.access.location.key, each.hazard);
  }
  return found.map((each) => {
    const said = isHandedOut(each) ? first.get(each.access.location.key) : undefined;
    if (said === undefined || said === each.hazard) return each.hazard;
    const because = `one cause: ${each.access.text} is gone through in ${said.function} (${said.span.file}:${said.span.line}), too`;
    return { ...each.hazard, ...doubt(each.hazard, [{ steps: 2, because }]) };
  });
}

function hazardAt(program: Program, fn: FunctionFact, access: AccessFact): Hazard[] {
  if (access.sharing !== "shared") return [];
  const left = access.lockset.length > 0 ? hazardOfLeaving(program, fn, access) : [];
  return left.length > 0 ? left : hazardOfWalk(program, fn, access);
}

function hazardOfWalk(program: Program, fn: FunctionFact, access: AccessFact): Hazard[] {
  if (access.kind !== "iterate" && access.kind !== "call") return [];
  const kind = program.locations.get(access.location.key)?.container ?? access.container;
  const given = handsOut(program, fn, access);
  if (noticesChange.has(kind)) return hazardOfSize(program, fn, access, given ? atomicityOf("for", kind) : walkOf(program, access, kind));
  // A list of the process (a search path) is rarely taken from, and then at the end that was added.
  const walked = kind === "list" && access.location.ownerKind !== "process" && (given || access.kind === "iterate");
  return walked ? hazardOfList(program, fn, access) : [];
}

/** The function takes a lock and lets the live container out of it. */
function hazardOfLeaving(program: Program, fn: FunctionFact, access: AccessFact): Hazard[] {
  const leaving = leavesLock(program, fn, access);
  if (leaving === undefined || !noticesChange.has(program.locations.get(access.location.key)?.container ?? access.container)) return [];
  const outside = { ...access, lockset: [] };
  const writers = interferingWith(program, outside, (other) => addsOrRemoves(other.operation));
  const writer = writers[0];
  if (!writer) return [];
  return [
    draftHazard(program, metadata, {
      main: access,
      sequence: [access],
      interfering: writers,
      ...doubt(beliefInSharing(program, access), [
        leaving === "container" && { steps: 1, because: "who gets it may only look at single entries" },
        ...doubtsAbout(fn, access),
      ]),
      message: `${access.text} leaves ${access.lockset.join(", ")} ${wordsFor(leaving)} here: who iterates it does so without the lock, while ${writer.function} (${writer.span.file}:${writer.span.line}) may add or remove elements`,
    }),
  ];
}

function hazardOfSize(program: Program, fn: FunctionFact, access: AccessFact, walk: AtomicityRow | undefined): Hazard[] {
  if (!walk || isAtomicEverywhere(walk)) return [];
  const changes = interferingWith(program, access, (other) => addsOrRemoves(other.operation));
  const writers = changes.length > 0 ? changes : insertingReads(program, access);
  const changedBy = nameOfWriter(access, writers[0]);
  if (changedBy === undefined) return [];
  const sharing = beliefInSharing(program, access);
  const counted = writers.length > 0 ? [`${writers.length} other accesses add or remove elements`] : [];
  const found = { ...sharing, evidence: [...sharing.evidence, ...counted] };
  return [
    draftHazard(program, metadata, {
      main: access,
      sequence: [access],
      interfering: writers,
      ...doubt(found, [...doubtsAbout(fn, access), onlySomewhere(walk)]),
      row: walk,
      message: `${access.text} is ${verbFor(access)} here while ${changedBy} may add or remove elements`,
    }),
  ];
}

/** Containers of the interpreter are changed by the interpreter. */
function nameOfWriter(access: AccessFact, writer: AccessFact | undefined): string | undefined {
  const { location } = access;
  const interpreter = location.ownerKind === "process" && !holdsLockOf(access) ? processContainers.get(location.display)?.changedBy : undefined;
  return interpreter ?? (writer && `${writer.function} (${writer.span.file}:${writer.span.line})`);
}

/** `with logging._lock:`: the lock of the module that keeps the container. */
function holdsLockOf({ lockset, location }: AccessFact): boolean {
  const module = location.owner.split(".")[0] ?? "";
  return lockset.some((lock) => lock.startsWith(`${module}.`) || /(import|module)_?lock/i.test(lock));
}

function hazardOfList(program: Program, fn: FunctionFact, access: AccessFact): Hazard[] {
  const self = selfIteration(program, fn, access);
  if (self) return [draftHazard(program, metadata, self)];
  const moved = moverOf(program, access);
  if (!moved) return [];
  const sharing = beliefInSharing(program, access);
  const found = { ...sharing, evidence: [...sharing.evidence, `${moved.writers.length} other accesses take out or insert elements`] };
  const { function: name, span } = moved.writer;
  return [
    draftHazard(program, metadata, {
      main: access,
      sequence: [access],
      interfering: moved.writers,
      ...doubt(found, [...doubtsAbout(fn, access), moved.doubt]),
      severity: "wrong-answer",
      message: `${access.text} is ${verbFor(access)} here while ${name} (${span.file}:${span.line}) may take out or insert elements`,
    }),
  ];
}

function verbFor({ kind, operation }: AccessFact): string {
  if (kind !== "call" || consumers.has(operation)) return "iterated";
  return views.has(operation) ? "handed out as a live view" : "handed out as an iterator";
}

/** How the operation walks over the container; undefined when it does not. */
function walkOf(program: Program, access: AccessFact, kind: ContainerKind): AtomicityRow | undefined {
  if (runsPythonBetween(program, access)) return atomicityOf("for", kind);
  return access.kind === "iterate" || consumers.has(access.operation) ? atomicityOf(access.operation, kind) : undefined;
}

/** `max(d.values(), key=lambda row: row.size)`: a function of Python for each element. `sorted` has copied them before. */
function runsPythonBetween(program: Program, { operation, statement }: AccessFact): boolean {
  return (operation === "builtins.max" || operation === "builtins.min") && /\bkey=lambda\b/.test(program.sourceOf(statement));
}

function doubtsAbout(fn: FunctionFact, access: AccessFact): (Doubt | undefined | false)[] {
  const handled = access.handled.includes("RuntimeError") || access.handled.includes("*");
  const isProtocol = access.kind === "call" && fn.qualifiedName.endsWith("__iter__");
  return [
    isProtocol && { steps: 1, because: "the iterator of a collection: who iterates it may hold a lock meanwhile" },
    handled && { steps: 2, because: "RuntimeError is handled around the loop" },
    access.operation === "next-iter" && { steps: 1, because: "only the first element is taken: the window is narrow" },
  ];
}

/** One call of C code is atomic with the GIL. */
function onlySomewhere(walk: AtomicityRow): Doubt | undefined {
  return walk.on.gil === "atomic" ? { steps: 1, because: "one call of C code, which the GIL keeps whole" } : undefined;
}

export const rule: Rule = { metadata, find, provoke: provokeIteration, propose };
