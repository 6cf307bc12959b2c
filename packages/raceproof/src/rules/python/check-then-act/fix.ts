// One atomic operation in place of a check and an act on lines of their own: setdefault, pop with a default, discard.
// Refused where the lines hold more than that, and where making the value could do anything: setdefault makes it in any case.
import type { ContainerKind, FixAnswer, FixSource, Hazard, Program } from "../../../vocabulary/index.ts";
import { linesFrom, plainExpression, refusal, replaceLines } from "../source-lines.ts";
import type { SourceLine } from "../source-lines.ts";

const notMechanical = "check and act are not on two lines of their own that one atomic operation could replace";

export function propose(hazard: Hazard, program: Program, source: FixSource): FixAnswer {
  const container = program.locations.get(hazard.location.key)?.container ?? "unknown";
  const { file, line } = hazard.span;
  const lines = linesFrom(source.textOf(file), line, 4);
  const replaced = replacementFor(lines, container);
  if (replaced === undefined) return refusal(notMechanical);
  const { code, count } = replaced;
  return { kind: "fix", title: `${hazard.function}: ${code}`, edits: [replaceLines(lines.slice(0, count), file, code)] };
}

interface Replacement {
  readonly code: string;
  /** Lines it stands for. */
  readonly count: number;
}

const noLine: SourceLine = { indent: "", code: "", comment: "", from: 0, to: 0 };

function replacementFor([head = noLine, act = noLine, next = noLine]: readonly SourceLine[], container: ContainerKind): Replacement | undefined {
  const [, key = "", negated, holder = ""] = /^if (.+?) (not )?in ([A-Za-z_][\w.]*):$/.exec(head.code) ?? [];
  if (!plainExpression.test(key) || !isWhole(head, act, next)) return undefined;
  const checked = { key, holder, container, after: next.indent === head.indent ? next.code : "" };
  return negated === undefined ? removal(act.code, checked) : insertion(act.code, checked);
}

/** The condition decides the one statement and nothing else. */
function isWhole(head: SourceLine, act: SourceLine, next: SourceLine): boolean {
  if (act.indent.length <= head.indent.length) return false;
  if (next.code === "") return true;
  return next.indent.length <= head.indent.length && !/^(?:else|elif)\b/.test(next.code);
}

interface Checked {
  readonly key: string;
  readonly holder: string;
  readonly container: ContainerKind;
  /** The statement behind both. */
  readonly after: string;
}

function removal(act: string, { key, holder, container, after }: Checked): Replacement | undefined {
  if (container === "set") return act === `${holder}.remove(${key})` ? { code: `${holder}.discard(${key})`, count: 2 } : undefined;
  if (container !== "dict") return undefined;
  if (act === `del ${holder}[${key}]` || act === `${holder}.pop(${key})`) return { code: `${holder}.pop(${key}, None)`, count: 2 };
  const otherwise = /^return ?(None|True|False|-?\d+|'[^']*'|"[^"]*")?$/.exec(after);
  if (act !== `return ${holder}.pop(${key})` || otherwise === null) return undefined;
  return { code: `return ${holder}.pop(${key}, ${otherwise[1] ?? "None"})`, count: 3 };
}

const cheap =
  /^(?:\[\]|\{\}|\(\)|None|True|False|-?\d[\d.]*|'[^'\\]*'|"[^"\\]*"|[A-Za-z_][\w.]*|(?:list|dict|set|deque|(?:collections\.)?(?:deque|OrderedDict|Counter|defaultdict))\(\w*\))$/;

function insertion(act: string, { key, holder, container, after }: Checked): Replacement | undefined {
  const start = `${holder}[${key}] = `;
  const value = act.slice(start.length);
  if (container !== "dict" || !act.startsWith(start) || !cheap.test(value)) return undefined;
  const made = `${holder}.setdefault(${key}, ${value})`;
  return after === `return ${holder}[${key}]` ? { code: `return ${made}`, count: 3 } : { code: made, count: 2 };
}
