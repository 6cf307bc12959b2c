// What a comment may say about hazards: the model, and the reading of one comment's text. Knows no place and no hazard.
// Misses: remarks spread over several comment lines; each line is read alone.
import { foreignPatterns, guardPattern, intentPattern, denialPattern } from "./foreign-words.ts";

export interface Allowance {
  readonly kind: "allow";
  /** Selectors as written: ids, short names, beginnings; never empty. */
  readonly rules: readonly string[];
  readonly reason: string;
  /** ISO date after which it no longer counts. */
  readonly until: string | undefined;
}

export type RemarkContent =
  | Allowance
  /** Another tool's word for the same: honored and listed. */
  | { readonly kind: "foreign"; readonly words: string }
  /** Names the lock that protects what stands there. */
  | { readonly kind: "guarded-by"; readonly lock: string }
  /** "intentional", "thread-safe" and the like without a rule: believed a little. */
  | { readonly kind: "intent"; readonly words: string }
  /** Meant for raceproof, but not understood. */
  | { readonly kind: "malformed"; readonly problem: string };

const form = "write `raceproof: allow[rule] reason`, with until=YYYY-MM-DD after the brackets when it shall end";
const addressed = /^#+\s*raceproof\s*:\s*(.*)$/i;
const allowance = /^allow\s*\[([^\]]*)\]\s*(.*)$/i;
const untilWord = /(?:^|\s)until\s*=\s*(\S+)/i;

/** @param comment one line, from the "#" on @returns undefined when it says nothing about threads */
export function readRemark(comment: string): RemarkContent | undefined {
  const words = comment.trim();
  const message = addressed.exec(words)?.[1];
  if (message !== undefined) return readAddressed(message);
  const lock = guardPattern.exec(words)?.[1];
  if (lock !== undefined) return { kind: "guarded-by", lock };
  if (foreignPatterns.some(({ pattern }) => pattern.test(words))) return { kind: "foreign", words };
  return intentPattern.test(words) && !denialPattern.test(words) ? { kind: "intent", words } : undefined;
}

function readAddressed(message: string): RemarkContent {
  const [, list, rest] = allowance.exec(message) ?? [];
  if (list === undefined || rest === undefined) return { kind: "malformed", problem: `"raceproof: ${message}" is not understood: ${form}` };
  const rules = list.split(",").flatMap((each) => each.trim() || []);
  if (rules.length === 0) return { kind: "malformed", problem: `no rule stands between the brackets: ${form}` };
  const until = untilWord.exec(rest)?.[1];
  if (until !== undefined && !isDate(until)) return { kind: "malformed", problem: `until=${until} is no date: write until=YYYY-MM-DD` };
  const reason = rest
    .replace(untilWord, " ")
    .replace(/^[\s:;,.–—-]+|[\s;,]+$/g, "")
    .trim();
  if (reason === "") return { kind: "malformed", problem: `the reason is missing, so it does not count: ${form}` };
  return { kind: "allow", rules, reason, until };
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
