// Lock acquisitions and calls in, accesses that a hazard can list out: a lock is a location too, named as locksets name it.
import type { AccessFact, AcquisitionFact, CallFact, Location, Program } from "../../vocabulary/index.ts";

/** A lock by the name it has in locksets: "Cache._lock". */
export function locationOfLock(lock: string): Location {
  const dot = lock.lastIndexOf(".");
  const path = dot < 0 ? lock : lock.slice(dot + 1);
  return { key: `lock:${lock}:${path}`, ownerKind: "instance", owner: dot < 0 ? "" : lock.slice(0, dot), path, display: lock };
}

type Step = Pick<AcquisitionFact, "functionId" | "order" | "span" | "text">;

export function accessOfAcquisition(program: Program, acquisition: AcquisitionFact): AccessFact {
  return { ...accessAt(program, acquisition, acquisition.lock), operation: "acquire", lockset: acquisition.held };
}

/** A call seen as what it does to a lock: takes it further down, waits while it is held. */
export function accessOfCall(program: Program, call: CallFact, lock: string): AccessFact {
  return { ...accessAt(program, call, lock), operation: call.text, lockset: call.lockset, handled: call.handled };
}

/** Anything else that happens while a lock is held. */
export function accessAt(program: Program, { functionId, order, span, text }: Step, lock: string): AccessFact {
  return {
    // Below every number of a real access, and the same for the same place.
    id: -1 - functionId * 2 ** 24 - order,
    functionId,
    function: program.functions[functionId]?.qualifiedName ?? "",
    kind: "call",
    operation: "held",
    location: locationOfLock(lock),
    span,
    // The statement of a `with` is its whole body, which may change without changing what is said here.
    statement: span,
    order,
    text,
    lockset: [],
    sharing: "shared",
    container: "lock",
    key: undefined,
    origins: [],
    stored: undefined,
    handled: [],
    guessed: false,
  };
}
