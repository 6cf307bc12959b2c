// Judges one repeat. Enters: how its process ended. Leaves: its symptoms, or why it says nothing.
import type { StressEnd, StressSymptom } from "./stress-messages.ts";
import { allStacks, currentStack, type StackFrame } from "./read-stacks.ts";

export type RepeatJudgment =
  | {
      readonly kind: "judged";
      readonly symptoms: readonly StressSymptom[];
      readonly rounds: number;
      readonly threads: number;
      readonly signal: string | undefined;
    }
  /** It ended for a reason that is not the race's: nothing can be said of this process alone. */
  | { readonly kind: "lost"; readonly reason: string }
  /** The driver cannot be used on this runtime. */
  | { readonly kind: "unusable"; readonly reason: string };

/** @param roots folders of the subject: a stack is named by its innermost frame below one of them */
export function judgeRepeat(end: StressEnd, roots: readonly string[]): RepeatJudgment {
  if (end.reply !== undefined && !end.reply.ok) return { kind: "unusable", reason: `${end.reply.error.kind}: ${end.reply.error.message}` };
  if (end.reply !== undefined) return { kind: "judged", symptoms: end.reply.failures, rounds: end.reply.rounds, threads: end.reply.threads, signal: undefined };
  if (!end.hasBegun && (end.code !== null || end.signal !== null)) return { kind: "lost", reason: wordsOf(end) };
  if (end.isKilled) return failed(symptomOfHang(end, roots));
  if (end.signal === "SIGKILL") return { kind: "lost", reason: "killed by somebody else" };
  if (end.signal !== null) return failed(symptomOf("signal", end.signal, currentStack(end.stderr), roots), end.signal);
  return end.code === null
    ? { kind: "unusable", reason: lastLineOf(end.stderr) }
    : failed(symptomOf("exit", `exit status ${end.code}`, currentStack(end.stderr), roots));
}

function wordsOf({ code, signal, isKilled, stderr }: StressEnd): string {
  const ending = isKilled ? "no answer" : (signal ?? `exit status ${code}`);
  return `${ending} before the first round${stderr.trim() === "" ? "" : `: ${lastLineOf(stderr)}`}`;
}

function failed(symptom: StressSymptom, signal?: string): RepeatJudgment {
  return { kind: "judged", symptoms: [symptom], rounds: 0, threads: 0, signal };
}

/** The first thread that is inside the subject stands for all. */
function symptomOfHang({ stderr }: StressEnd, roots: readonly string[]): StressSymptom {
  const stacks = allStacks(stderr);
  const inside = stacks.find((stack) => stack.some(({ file }) => isBelow(file, roots))) ?? stacks[0] ?? [];
  return symptomOf("timeout", "threads did not end", inside, roots);
}

function symptomOf(kind: StressSymptom["kind"], what: string, stack: readonly StackFrame[], roots: readonly string[]): StressSymptom {
  const own = stack.find(({ file }) => isBelow(file, roots));
  const summary = own === undefined ? what : `${what}@${relativeTo(own.file, roots)}:${own.name}`;
  return { kind, summary, message: "", workers: 0, traceback: stack.toReversed().map(({ file, line, name }) => `${file}:${line} ${name}`) };
}

function isBelow(file: string, roots: readonly string[]): boolean {
  return roots.some((root) => file.startsWith(`${root}/`));
}

function relativeTo(file: string, roots: readonly string[]): string {
  const root = roots.find((each) => file.startsWith(`${each}/`)) ?? "";
  return file.slice(root.length + 1);
}

function lastLineOf(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
