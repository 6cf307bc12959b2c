// A call or a test in, the same seen as an access of a location out: what a callee or a condition does to the location is told
// at the line where it is asked for. Decides nothing about hazards.
import type { AccessFact, AccessKind, CallFact, FunctionFact, TestFact } from "../../vocabulary/index.ts";

/** `like` gives location and sharing. */
export function callAsAccess(call: CallFact, fn: FunctionFact, kind: AccessKind, like: AccessFact): AccessFact {
  return {
    ...like,
    id: -1 - call.id,
    functionId: fn.id,
    function: fn.qualifiedName,
    kind,
    operation: call.text,
    order: call.order,
    span: call.span,
    statement: call.statement,
    lockset: call.lockset,
    text: call.text,
    key: undefined,
    origins: call.origins,
    handled: call.handled,
    stored: undefined,
  };
}

/** A condition on a local copy of the location's value. */
export function testAsAccess(test: TestFact, copy: AccessFact): AccessFact {
  return { ...copy, kind: "check", operation: test.kind, order: test.condition[0], span: test.span, statement: test.span };
}
