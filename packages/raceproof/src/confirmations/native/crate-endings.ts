// How a process of the extension probe ended, as what it means. Enters: replies, exit, stderr. Leaves: one ending. Knows no hazard.
import type { ProcessEnd } from "../runtimes/run-disposable-process.ts";
import { withoutMachine } from "./native-backtrace.ts";

export type CrateEnding =
  | { readonly kind: "survived" }
  | { readonly kind: "crash"; readonly signal: string; readonly step: string }
  | { readonly kind: "hang"; readonly step: string; readonly stack: readonly string[] }
  | { readonly kind: "panic"; readonly message: string }
  | { readonly kind: "leak"; readonly message: string }
  /** The object could not be borrowed because another thread had it. */
  | { readonly kind: "borrow"; readonly message: string }
  /** The probe itself could not be made: wrong arguments, no such name. */
  | { readonly kind: "refused"; readonly reason: string };

interface Reply {
  readonly step?: string;
  readonly refused?: string;
  readonly seen?: { readonly owned?: number; readonly visited?: number; readonly cycles?: number; readonly alive?: number; readonly borrowed?: string | null };
}

export function endingOf(end: ProcessEnd): CrateEnding {
  const lines = repliesIn(end.replies);
  const step = lines.findLast((line) => line.step !== undefined)?.step ?? "import";
  return violentEnd(end, step) ?? answerIn(lines) ?? { kind: "refused", reason: `the process ended at ${step}: ${end.stderr.trim().split("\n").at(-1) ?? ""}` };
}

/** What the process could not answer, or no answer makes good. */
function violentEnd({ signal, isKilled, stderr }: ProcessEnd, step: string): CrateEnding | undefined {
  if (signal !== null && !isKilled) return { kind: "crash", signal, step };
  const panic = /panicked at [^\n]*\n?[^\n]*|[^\n]* is unsendable, but [^\n]*/.exec(stderr)?.[0];
  if (panic !== undefined) return { kind: "panic", message: withoutMachine(panic).replaceAll(/\s+/g, " ").trim() };
  return isKilled || /^Timeout \(/m.test(stderr) ? { kind: "hang", step, stack: stackIn(stderr) } : undefined;
}

function answerIn(lines: readonly Reply[]): CrateEnding | undefined {
  const { refused, seen } = lines.at(-1) ?? {};
  if (refused !== undefined) return { kind: "refused", reason: refused };
  if (typeof seen?.borrowed === "string") return { kind: "borrow", message: seen.borrowed };
  return seen && (leakIn(seen) ?? { kind: "survived" });
}

function repliesIn(text: string): Reply[] {
  return text.split("\n").flatMap((line) => (line.startsWith("{") && line.endsWith("}") ? [JSON.parse(line) as Reply] : []));
}

function leakIn({ owned = 0, visited = 0, cycles = 0, alive = 0 }: NonNullable<Reply["seen"]>): CrateEnding | undefined {
  if (cycles === 0 || owned === 0 || alive < cycles) return undefined;
  const why =
    visited > owned
      ? `it is visited ${visited} times and owned ${owned} times`
      : visited < owned
        ? "the collector is not told of it"
        : "nothing breaks the cycle";
  return { kind: "leak", message: `${alive} of ${cycles} cycles are never collected: ${why}` };
}

/** Frames of the thread that was asked last, innermost first; the agent's own left out. */
function stackIn(stderr: string): string[] {
  const frames = [...stderr.matchAll(/^ {2}File "([^"]+)", line (\d+) in (.+)$/gm)].filter(
    ([, file = ""]) => !/raceproof_agent|threading\.py|runpy|<frozen/.test(file),
  );
  return frames.map(([, file, line, name]) => `${file}:${line} ${name}`);
}
