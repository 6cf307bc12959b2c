// A publication in, the fields of the object out that the function sets afterwards and other functions read.
import type { AccessFact, FunctionFact, Program, PublicationFact, SourceSpan } from "../../../vocabulary/index.ts";
import { areAlternatives } from "../controlled-by.ts";
import { sharesLock } from "../hazard-draft.ts";

export interface LateWrite {
  readonly write: AccessFact;
  readonly readers: readonly AccessFact[];
  /** No constructor gives the field a value before. */
  readonly unset: boolean;
  /** Threads run what reads it, as far as calls tell. */
  readonly readByThread: boolean;
}

/** Further up than this, a call from a thread's function says little. */
const furthestThread = 6;

export function writesAfter(program: Program, fn: FunctionFact, publication: PublicationFact): LateWrite[] {
  const out = new Map<string, LateWrite>();
  for (const write of fn.accesses) {
    if (!isStoreInField(write) || write.text.slice(0, write.text.lastIndexOf(".")) !== publication.name || !isAfter(write, publication)) continue;
    if (out.has(write.location.key) || isSetBefore(fn, publication, write)) continue;
    const all = program.locations.get(write.location.key)?.accesses ?? [];
    const readers = all.filter((access) => isForeignRead(access, fn) && !sharesLock(write, access));
    const unset = !all.some((access) => access.kind === "write" && access.id !== write.id && isInitial(access));
    if (readers.length > 0)
      out.set(write.location.key, { write, readers, unset, readByThread: readers.some(({ functionId }) => isRunByThread(program, functionId)) });
  }
  return publication.how === "thread" ? [...out.values()].toSorted((a, b) => rankOf(a) - rankOf(b)) : [...out.values()];
}

/** Locks are there for threads; then what a thread is seen to read. */
function rankOf({ write, readByThread }: LateWrite): number {
  return (readByThread ? 0 : 2) + (write.container === "lock" ? 0 : 1);
}

function isRunByThread(program: Program, functionId: number): boolean {
  const seen = new Set([functionId]);
  let frontier = [functionId];
  for (let depth = 0; depth <= furthestThread && frontier.length > 0; depth++) {
    const functions = frontier.flatMap((id) => program.functions[id] ?? []);
    if (functions.some(({ threadEntry }) => threadEntry !== undefined)) return true;
    frontier = functions.flatMap(({ callers }) => callers).filter((id) => !seen.has(id));
    for (const id of frontier) seen.add(id);
  }
  return false;
}

function isStoreInField({ kind, operation, location }: AccessFact): boolean {
  return kind === "write" && operation === "=" && location.ownerKind === "instance";
}

/** `x.id = registry.add(x)` stores after the call, although the target stands before it. */
function isAfter(write: AccessFact, publication: PublicationFact): boolean {
  return write.order > publication.order || isInside(publication.span, write.statement);
}

function isInside(inner: SourceSpan, outer: SourceSpan): boolean {
  return inner.line >= outer.line && inner.endLine <= outer.endLine;
}

function isSetBefore(fn: FunctionFact, publication: PublicationFact, write: AccessFact): boolean {
  const same = fn.accesses.filter((access) => access.location.key === write.location.key && access.kind === "write" && access.text === write.text);
  return same.some((access) => !isAfter(access, publication) && !areAlternatives(fn.tests, access.order, write.order));
}

function isInitial(access: AccessFact): boolean {
  return access.sharing === "construction" || access.sharing === "import";
}

function isForeignRead(access: AccessFact, fn: FunctionFact): boolean {
  return access.sharing === "shared" && access.functionId !== fn.id && access.kind !== "write";
}
