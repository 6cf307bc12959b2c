// Outcomes of executions in, words out: what each operation returned or raised, and where final states differ.
// Compares canonical texts only; knows nothing of the values behind them.
import type { OperationResult, Outcome, Witness } from "../vocabulary/index.ts";
import { letterOf } from "./interleaving.ts";
import { oneLine } from "./plain-text.ts";

/** One run of the driver, as a row of the table "interleaving versus serial orders". */
export interface OutcomeRow {
  /** "this interleaving", or a serial order: "A, then B". */
  readonly run: string;
  /** One entry per thread. */
  readonly results: readonly string[];
  /** The part of the final state that differs between the rows; undefined when all are equal. */
  readonly state: string | undefined;
}

const stateContext = 24;
const stateLimit = 240;

/** "returns 7", "raises IndexError in pkg.mod:Cls.method: message", "does not finish". */
export function describeResult(result: OperationResult): string {
  switch (result.status) {
    case "returned":
      return oneLine(`returns ${result.value}`);
    case "raised": {
      const where = result.where === "" ? "" : ` in ${result.where}`;
      const message = result.message === "" ? "" : `: ${result.message}`;
      return oneLine(`raises ${result.exception}${where}${message}`);
    }
    case "unfinished":
      return "does not finish";
    default:
      return result satisfies never;
  }
}

/** How the execution as a whole ended, when not simply finished. */
export function describeEnding(outcome: Outcome): string | undefined {
  const detail = outcome.detail === "" ? "" : `: ${oneLine(outcome.detail)}`;
  const words: Readonly<Record<Outcome["ending"], string | undefined>> = {
    finished: undefined,
    deadlock: `deadlock${detail}`,
    hang: `no progress within the step limit${detail}`,
    invariant: `the driver's invariant is broken${detail}`,
  };
  return words[outcome.ending];
}

/** The interleaving first, then each serial order. Rows with equal texts are merged: "A, then B; B, then A". */
export function compareOutcomes(witness: Witness): readonly OutcomeRow[] {
  const states = trimCommon([witness.outcome.state, ...witness.serial.map((serial) => serial.state)]);
  const rows: OutcomeRow[] = [rowOf("this interleaving", witness.outcome.threads, states?.[0])];
  for (const [index, serial] of witness.serial.entries()) {
    const row = rowOf(serial.order.map(letterOf).join(", then "), serial.threads, states?.[index + 1]);
    const twin = rows.findIndex((other, position) => position > 0 && sameTexts(other, row));
    if (twin > 0) rows[twin] = { ...row, run: `${rows[twin]?.run}; ${row.run}` };
    else rows.push(row);
  }
  return rows;
}

function rowOf(run: string, threads: Outcome["threads"], state: string | undefined): OutcomeRow {
  return { run, results: threads.map((thread) => thread.operations.map(describeResult).join("; ")), state };
}

function sameTexts(a: OutcomeRow, b: OutcomeRow): boolean {
  return a.state === b.state && a.results.join("\n") === b.results.join("\n");
}

/** Cuts what all texts share at both ends, keeping a little context; undefined when all are equal. */
function trimCommon(texts: readonly string[]): readonly string[] | undefined {
  const first = texts[0] ?? "";
  if (texts.every((text) => text === first)) return undefined;
  const shortest = Math.min(...texts.map((text) => text.length));
  let start = 0;
  while (start < shortest && texts.every((text) => text[start] === first[start])) start += 1;
  let end = 0;
  while (end < shortest - start && texts.every((text) => text.at(-1 - end) === first.at(-1 - end))) end += 1;
  const from = Math.max(0, start - stateContext);
  return texts.map((text) => {
    const to = Math.min(text.length, text.length - end + stateContext, from + stateLimit);
    return oneLine(`${from > 0 ? "…" : ""}${text.slice(from, to)}${to < text.length ? "…" : ""}`);
  });
}
