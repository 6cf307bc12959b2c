// Locks that keep nobody out: made in the call that takes them, replaced while others hold the old one, or one per object for
// state that all objects share. Misses: locks in containers that are emptied. Over-reports: replacement before threads start.
import { namesSetUp } from "../../../models/index.ts";
import type { AccessFact, AcquisitionFact, FunctionFact, Hazard, Location, LocationFact, Program, Rule, RuleMetadata } from "../../../vocabulary/index.ts";
import { activity, shared, underLock } from "../activity.ts";
import { beliefInSharing, doubt } from "../confidence.ts";
import { mutatesElements } from "../container-operations.ts";
import { draftHazard, interferingWith } from "../hazard-draft.ts";
import { accessOfAcquisition } from "../lock-accesses.ts";
import { lockUsageOf } from "../lock-usage.ts";
import { indexOf } from "../program-index.ts";
import { provokeUnprotected } from "./provoke.ts";

const metadata: RuleMetadata = {
  id: "python/useless-lock",
  title: "Lock that keeps nobody out",
  severity: "wrong-answer",
  consequence: "The code looks protected and is not: two threads are in the critical section at once, each with a lock of its own.",
  sources: [
    "pylint W2101 useless-with-lock, ruff PLW2101",
    "CodeQL java/unsafe-sync-on-field and java/static-field-written-by-instance: CWE-662 improper synchronization",
  ],
  since: "0.1.0",
  fixes: [
    {
      title: "Create the lock once, where the state is created",
      cost: "low",
      detail: "In `__init__` for an instance's state, in the class body or module for shared state.",
    },
    { title: "Keep the lock when the state is reset", cost: "low", detail: "Take the old lock and replace what it guards; never the lock itself." },
  ],
};

function find(program: Program): Hazard[] {
  const { takers } = lockUsageOf(program);
  const owners = ownersOfLocks(takers);
  if (owners.size === 0) return [];
  const made = takers.flatMap(({ acquisitions }) => acquisitions.filter(({ ownerKind }) => ownerKind === "call"));
  return [
    ...made.map((acquisition) => madeHere(program, acquisition)),
    // Locks are replaced by a store; what they are too narrow for is touched under them.
    ...indexOf(program)
      .locationsDoing(shared(activity.store) | underLock)
      .flatMap((location) => hazardsOfLocation(program, location, owners)),
  ];
}

function hazardsOfLocation(program: Program, { location, container, accesses }: LocationFact, owners: Owners): Hazard[] {
  if (container === "lock") return accesses.filter((access) => replacesLock(program, access, owners)).map((access) => replaced(program, access));
  return location.ownerKind === "class" || location.ownerKind === "module" ? tooNarrow(program, accesses, owners) : [];
}

type Owners = ReadonlyMap<string, AcquisitionFact["ownerKind"]>;

function ownersOfLocks(takers: readonly FunctionFact[]): Owners {
  return new Map(takers.flatMap(({ acquisitions }) => acquisitions.map(({ lock, ownerKind }) => [lock, ownerKind] as const)));
}

function madeHere(program: Program, acquisition: AcquisitionFact): Hazard {
  const access = accessOfAcquisition(program, acquisition);
  return draftHazard(program, metadata, {
    main: access,
    sequence: [access],
    interfering: [],
    confidence: "high",
    evidence: ["every call makes a lock of its own, which nobody else can hold"],
    message: `${acquisition.text} is made in the very call that takes it: it keeps nobody out`,
  });
}

/** Name in locksets of the lock that a location holds. */
function lockNameOf({ ownerKind, owner, path }: Location): string {
  return ownerKind === "module" ? `${owner.slice(owner.lastIndexOf(".") + 1)}.${path}` : `${owner.slice(owner.indexOf(":") + 1)}.${path}`;
}

function replacesLock(program: Program, access: AccessFact, owners: Owners): boolean {
  if (access.container !== "lock" || access.kind !== "write" || access.operation !== "=" || access.stored !== "fresh-container") return false;
  const fn = program.functions[access.functionId];
  // After a fork the child has one thread and must replace the locks it inherits.
  return access.sharing === "shared" && fn?.phase === "ordinary" && !/fork|__setstate__/.test(fn.qualifiedName) && owners.has(lockNameOf(access.location));
}

function replaced(program: Program, access: AccessFact): Hazard {
  const fn = program.functions[access.functionId];
  const check = fn?.accesses.find((other) => other.location.key === access.location.key && other.order < access.order && other.kind !== "write");
  const { evidence } = beliefInSharing(program, access);
  const isSetUp = namesSetUp(fn?.qualifiedName ?? "");
  const belief = doubt({ confidence: "medium", evidence }, [
    isSetUp && { steps: 1, because: `${fn?.qualifiedName} sets the object up: perhaps before threads use it` },
    access.lockset.length > 0 && { steps: 1, because: `${access.lockset.join(", ")} is held` },
  ]);
  return draftHazard(program, metadata, {
    main: access,
    sequence: check ? [check, access] : [access],
    interfering: interferingWith(program, access, (other) => other.functionId !== access.functionId),
    ...belief,
    message: check
      ? `${access.text} is created when it is first needed: two threads create one each`
      : `${access.text} is replaced here while another thread may hold the old one: both then are inside`,
  });
}

/** Changes of class or module state under locks of single instances only; one hazard per function. */
function tooNarrow(program: Program, accesses: readonly AccessFact[], owners: Owners): Hazard[] {
  const found = new Map<number, AccessFact>();
  for (const access of accesses) {
    if (access.lockset.length === 0 || access.sharing !== "shared" || program.functions[access.functionId]?.phase !== "ordinary") continue;
    if (!isLostWhenMixed(access) || !access.lockset.every((lock) => owners.get(lock) === "instance")) continue;
    if (!found.has(access.functionId)) found.set(access.functionId, access);
  }
  return [...found.values()].map((access) => narrow(program, access));
}

function isLostWhenMixed({ kind, operation, stored, container }: AccessFact): boolean {
  if (container === "lock") return false;
  return kind === "update" || (kind === "write" && (stored === "counter" || stored === "derived")) || (kind === "call" && mutatesElements(operation));
}

function narrow(program: Program, access: AccessFact): Hazard {
  const cls = program.classes.get(program.functions[access.functionId]?.owner ?? "");
  const single = cls?.sharedBecause.find((sentence) => sentence.includes("keeps an instance"));
  const belief = doubt({ confidence: access.kind === "call" ? "medium" : "high", evidence: [`each instance has its own ${access.lockset.join(", ")}`] }, [
    single !== undefined && { steps: 2, because: `${single}: perhaps the only one` },
    access.kind === "call" && { steps: 1, because: "one call of a container is atomic" },
  ]);
  return draftHazard(program, metadata, {
    main: access,
    sequence: [access],
    interfering: interferingWith(program, access, (other) => other.id !== access.id),
    ...belief,
    message: `${access.text} is shared by all instances but changed here under ${access.lockset.join(", ")}, of which every instance has its own`,
  });
}

export const rule: Rule = { metadata, find, provoke: provokeUnprotected };
