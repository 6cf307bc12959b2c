// Outcomes that no serial order gives and that somebody may declare benign. Enters: an outcome, those of the serial orders, what is declared.
// Leaves: what makes it benign, or nothing. The agent's guard and its stress judge by the same rules (relaxed_outcomes.py).
// Over-reports: a list whose order is the answer looks like one whose order does not matter; that is why it must be declared.
import type { OperationResult, Outcome, Relaxation } from "../../vocabulary/index.ts";

type RaisedResult = Extract<OperationResult, { status: "raised" }>;

export function relaxedBy(outcome: Outcome, serial: readonly Outcome[], declared: readonly Relaxation[]): Relaxation | undefined {
  return declared.find((each) => (each === "element-order" ? isReordered(outcome, serial) : isOnlyInterruptedWalk(outcome, serial)));
}

/** The same pieces in another order: container order after interleaved insertions, and which thread got which number. */
export function isReordered(outcome: Outcome, serial: readonly Outcome[]): boolean {
  const pieces = piecesOf(outcome);
  return outcome.ending === "finished" && serial.some((one) => one.ending === "finished" && piecesOf(one) === pieces);
}

function piecesOf({ threads, state }: Outcome): string {
  const texts = threads.flatMap(({ operations }) => operations).map((result) => (result.status === "returned" ? result.value : result.status));
  return [...texts, state]
    .join("\n")
    .split(/[\s,(){}[\]]+/)
    .map((piece) => piece.replace(/^#\d+$/, "#"))
    .toSorted()
    .join(" ");
}

/** Source: library reference, "Dictionary view objects". */
export function isChangeDuringIteration({ exception, message }: RaisedResult): boolean {
  return exception === "RuntimeError" && /(chang|mutat|modif)\w* .*iterat|iterat\w* .*(chang|mutat|modif)/i.test(message);
}

/** Operations that walked say so; what the others returned and the state they left is that of a serial order. */
function isOnlyInterruptedWalk(outcome: Outcome, serial: readonly Outcome[]): boolean {
  const results = resultsOf(outcome);
  const walked = results.map((result) => result.status === "raised" && isChangeDuringIteration(result));
  if (outcome.ending !== "finished" || !walked.includes(true)) return false;
  return serial.some(
    (one) =>
      unnumbered(one.state) === unnumbered(outcome.state) &&
      resultsOf(one).every((result, index) => walked[index] === true || textOf(result) === textOf(results[index])),
  );
}

function resultsOf({ threads }: Outcome): OperationResult[] {
  return threads.flatMap(({ operations }) => operations);
}

function textOf(result: OperationResult | undefined): string {
  if (result?.status === "raised") return `${result.exception}@${result.where}`;
  return result?.status === "returned" ? unnumbered(result.value) : "";
}

/** Objects are numbered by first sight over results and state: a result that is missing shifts the numbers of all others. */
function unnumbered(text: string): string {
  return text.replaceAll(/#\d+/g, "#");
}
