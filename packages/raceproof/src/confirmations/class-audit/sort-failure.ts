// A failure of one pair of entry points in, what sort of failure it is out: equal names are one finding, and benign ones say why.
// Over-reports: containers of which the user expects less than what serial orders give.
import type { ClassFailureRank, FailureSignature, OperationResult, Outcome } from "../../vocabulary/index.ts";
import { isChangeDuringIteration, isReordered } from "../oracles/relaxed-outcomes.ts";
import type { Pair } from "./choose-operations.ts";

export interface FailureSort {
  readonly rank: ClassFailureRank;
  readonly because: string | undefined;
}

type RaisedResult = Extract<OperationResult, { status: "raised" }>;

const walkingMethods = /^(__iter__|__reversed__|__repr__|__str__|__eq__|__ne__|__len__|iter\w*|items|keys|values|copy|__copy__)$/;

/** `serial`: what serial orders give for this pair. */
export function sortFailure(pair: Pair, outcome: Outcome, signature: FailureSignature, serial: readonly Outcome[]): FailureSort {
  const calls = [pair.left, pair.right];
  const lifecycle = calls.find(({ form }) => form.lifecycle);
  // A thread of the class runs beside the call that ends it.
  if (lifecycle && calls.every(({ form }) => !form.ownThread)) return { rank: "benign", because: `${lifecycle.form.method} begins or ends the object's life` };
  switch (signature.kind) {
    case "exception":
      return sortException(pair, outcome, signature.summary);
    case "deadlock":
      return { rank: "deadlock", because: undefined };
    case "crash":
      return { rank: "crash", because: undefined };
    case "invariant":
    case "outcome":
      return isReordered(outcome, serial)
        ? { rank: "benign", because: "only the order or numbering of elements differs from a serial order" }
        : { rank: "wrong-outcome", because: undefined };
  }
}

function sortException(pair: Pair, outcome: Outcome, summary: string): FailureSort {
  const raised = outcome.threads.map(({ operations }) => operations.find((result): result is RaisedResult => isNamed(result, summary)));
  const thread = raised.findIndex((result) => result !== undefined);
  const result = raised[thread];
  const operation = thread === 0 ? pair.left : pair.right;
  const walks = operation.call.call.use === "exhaust" || walkingMethods.test(operation.form.method);
  if (result !== undefined && walks && isChangeDuringIteration(result)) {
    return { rank: "benign", because: "containers document RuntimeError for a change during iteration" };
  }
  return { rank: result?.domain === true ? "answer" : "crash", because: undefined };
}

function isNamed(result: OperationResult, summary: string): boolean {
  return result.status === "raised" && `${result.exception}@${result.where}` === summary;
}
