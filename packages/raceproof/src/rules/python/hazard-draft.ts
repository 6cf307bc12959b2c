// What a rule found in, a Hazard out: identity, fingerprint and the accesses of the other side.
import { familiesInTrouble } from "../../models/index.ts";
import type { AtomicityRow } from "../../models/index.ts";
import type { Access, AccessFact, Confidence, FunctionFact, Hazard, Program, Reach, RuleMetadata, Severity } from "../../vocabulary/index.ts";
import { fingerprintOf, structureOfStatement } from "../../vocabulary/index.ts";
import { indexOf } from "./program-index.ts";

export interface HazardDraft {
  /** The access to look at; its statement is the hazard's span. */
  readonly main: AccessFact;
  /** The suspect sequence in program order, `main` included. */
  readonly sequence: readonly AccessFact[];
  /** Accesses of other threads that break it. */
  readonly interfering: readonly AccessFact[];
  readonly confidence: Confidence;
  readonly evidence: readonly string[];
  readonly message: string;
  readonly severity?: Severity;
  readonly reach?: Reach;
  /** What the atomicity table says of the operation. */
  readonly row?: AtomicityRow | undefined;
}

/** At most this many accesses of the other side are listed. */
const interferingShown = 3;

export function draftHazard(program: Program, metadata: RuleMetadata, draft: HazardDraft): Hazard {
  const { main } = draft;
  const own = new Set(draft.sequence.map(({ id }) => id));
  const others = draft.interfering.filter(({ id }) => !own.has(id));
  const accesses = [...draft.sequence, ...others.slice(0, interferingShown)].map(accessOf);
  const source = draft.sequence.map((access) => program.sourceOf(access.statement));
  const fingerprint = fingerprintOf([metadata.id, main.span.file, main.function, main.location.key, main.text, ...source]);
  return {
    id: `${metadata.id}:${fingerprint.slice(0, 8)}`,
    fingerprint,
    structure: structureFor(program, metadata, draft),
    rule: metadata.id,
    language: "python",
    severity: draft.severity ?? metadata.severity,
    confidence: draft.confidence,
    reach: draft.reach ?? "latent",
    ...(draft.row ? { reachableOn: familiesInTrouble(draft.row) } : {}),
    span: main.span,
    function: main.function,
    location: main.location,
    message: draft.message,
    accesses,
    evidence: draft.evidence,
  };
}

/** Nothing in it names a file or a module: those may be renamed. */
function structureFor(program: Program, metadata: RuleMetadata, { main, sequence }: HazardDraft): string {
  const { ownerKind, owner, path } = main.location;
  const ownerClass = owner.includes(":") ? owner.slice(owner.indexOf(":") + 1) : "";
  const statements = sequence.map(({ statement }) => structureOfStatement(program.textOf(statement)));
  return fingerprintOf([metadata.id, main.function, ownerKind, ownerClass, path, main.kind, ...statements]);
}

function accessOf(fact: AccessFact): Access {
  return { span: fact.span, function: fact.function, kind: fact.kind, location: fact.location, lockset: fact.lockset };
}

/** Functions whose accesses count: run by users' threads, not while modules load or objects are built. */
export function ordinaryFunctions(program: Program): readonly FunctionFact[] {
  return indexOf(program).ordinary;
}

/** Accesses of one location by ordinary code that may run in another thread, sharing no lock with `access`. */
export function interferingWith(program: Program, access: AccessFact, wanted: (other: AccessFact) => boolean): AccessFact[] {
  return indexOf(program)
    .reachable(access.location.key)
    .filter((other) => wanted(other) && !sharesLock(access, other) && !isLockedHook(program, access, other));
}

/** A method that its base class calls with the lock held: `handle` takes it and calls `emit`. */
function isLockedHook(program: Program, { lockset }: AccessFact, other: AccessFact): boolean {
  const fn = program.functions[other.functionId];
  if (lockset.length === 0 || fn?.owner === undefined || !fn.callerLocks.some((lock) => lockset.includes(lock))) return false;
  const name = fn.qualifiedName.slice(fn.qualifiedName.lastIndexOf(".") + 1);
  return program
    .lineageOf(fn.owner)
    .slice(1)
    .some(({ methods }) => methods.has(name));
}

export function sharesLock(a: AccessFact, b: AccessFact): boolean {
  return a.lockset.some((lock) => b.lockset.includes(lock));
}
