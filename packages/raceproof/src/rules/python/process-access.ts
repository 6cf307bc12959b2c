// A call that changes the whole process in, the same as an access of a location of the process out, so that hazards can name it.
import type { AccessFact, CallFact, FunctionFact } from "../../vocabulary/index.ts";

/** `state` names what is changed: "process umask". */
export function accessOfProcess(call: CallFact, fn: FunctionFact, state: string): AccessFact {
  return {
    id: -1 - call.id,
    functionId: fn.id,
    function: fn.qualifiedName,
    kind: "write",
    operation: call.text,
    order: call.order,
    span: call.span,
    statement: call.statement,
    location: { key: `process::${state}`, ownerKind: "process", owner: "", path: state, display: state },
    lockset: call.lockset,
    text: call.text,
    sharing: "shared",
    container: "unknown",
    key: undefined,
    origins: call.origins,
    stored: "other",
    handled: call.handled,
    guessed: false,
  };
}
