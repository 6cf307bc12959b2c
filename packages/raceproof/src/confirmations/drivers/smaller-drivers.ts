// Texts a little smaller than a driver: a thread, a statement, an element or a keyword argument less, a literal made plain.
// Enters: the text. Leaves: candidates, largest step first. Works on lines and brackets alone; whoever plays a candidate finds out whether
// it still is a driver, so wrong ones only cost time. What observes and judges is never touched.

export interface SmallerDriver {
  readonly source: string;
  /** Number of the thread that is gone; those behind it count one less. */
  readonly withoutThread?: number;
}

const LONG_TEXT = 16;
const LARGE_NUMBER = 9;

export function* smallerDrivers(source: string): Generator<SmallerDriver> {
  const lines = source.split("\n");
  yield* withoutThreads(lines);
  for (const [start, end] of removableStatements(lines)) yield { source: without(lines, start, end) };
  for (const [index, line] of lines.entries())
    if (isTouched(lines, index)) for (const shorter of shorterLines(line)) yield { source: lines.with(index, shorter).join("\n") };
  yield* withPlainLiterals(lines);
}

function* withoutThreads(lines: readonly string[]): Generator<SmallerDriver> {
  const starts = lines.flatMap((line, index) => (line.startsWith("def operation") ? [index] : []));
  if (starts.length < 3 || lines.some((line) => /^threads\b/.test(line))) return;
  for (const [thread, start] of starts.entries()) yield { source: without(lines, start, endOfBlock(lines, start)), withoutThread: thread };
}

/** In functions, not the last statement of one, and nothing that another line names. */
function removableStatements(lines: readonly string[]): (readonly [number, number])[] {
  const statements = lines.flatMap((line, index) =>
    /^\s+\S/.test(line) && isTouched(lines, index) && !/^\s+(return\b|pass\b|def |class |global |nonlocal |["'@#)\]}])/.test(line)
      ? [[index, endOfBlock(lines, index)] as const]
      : [],
  );
  return statements.filter(([start, end]) => !isNeeded(lines, start, end) && !isWholeBody(lines, start, end)).toReversed();
}

function isWholeBody(lines: readonly string[], start: number, end: number): boolean {
  const depth = indentOf(lines[start] ?? "");
  const before = lines.slice(0, start).findLast((line) => line.trim() !== "") ?? "";
  const after = lines.slice(end).find((line) => line.trim() !== "") ?? "";
  return indentOf(before) < depth && indentOf(after) < depth;
}

function isNeeded(lines: readonly string[], start: number, end: number): boolean {
  const [, name] = /^\s+(?:\w+\.)?(\w+)\s*(?::[^=]*)?=(?!=)/.exec(lines[start] ?? "") ?? [];
  const others = [...lines.slice(0, start), ...lines.slice(end)];
  return name !== undefined && others.some((line) => new RegExp(`\\b${name}\\b`).test(line));
}

/** Whether the line belongs to a set-up, an operation or what they call, or says which threads there are. */
function isTouched(lines: readonly string[], index: number): boolean {
  if (/^threads\b/.test(lines[index] ?? "")) return true;
  const owner = lines.slice(0, index).findLast((line) => /^\S/.test(line)) ?? "";
  return /^\s/.test(lines[index] ?? "") && /^def (?!observe\b|invariant\b)/.test(owner);
}

function endOfBlock(lines: readonly string[], start: number): number {
  const depth = indentOf(lines[start] ?? "");
  const next = lines.findIndex((line, index) => index > start && line.trim() !== "" && indentOf(line) <= depth);
  return next < 0 ? lines.length : next;
}

function indentOf(line: string): number {
  return /^\s*/.exec(line)?.[0].length ?? 0;
}

function without(lines: readonly string[], start: number, end: number): string {
  return [...lines.slice(0, start), ...lines.slice(end)].join("\n").replace(/\n*$/, "\n");
}

/** One element of a list, tuple, set or mapping less, or one keyword argument. */
function* shorterLines(line: string): Generator<string> {
  for (const { open, parts } of bracketsOf(line)) {
    const isCall = open > 0 && /[\w)\]]/.test(line[open - 1] ?? "");
    for (const [index, [from, to]] of parts.entries()) {
      if (isCall && !/^\s*\w+\s*=(?!=)/.test(line.slice(from, to))) continue;
      if (index > 0) yield line.slice(0, from - 1) + line.slice(to);
      else yield line.slice(0, from) + line.slice(parts.length > 1 ? to + 1 : to).trimStart();
    }
  }
}

interface Bracket {
  /** Position of the opening bracket. */
  readonly open: number;
  /** From and to of what commas separate inside it. */
  readonly parts: readonly (readonly [number, number])[];
}

/** The brackets of one line that are closed in it; text in quotes is passed over. */
function bracketsOf(line: string): Bracket[] {
  const found: Bracket[] = [];
  const stack: { open: number; commas: number[] }[] = [];
  for (const { character, position } of codeOf(line)) {
    if ("([{".includes(character)) stack.push({ open: position, commas: [] });
    else if (character === ",") stack.at(-1)?.commas.push(position);
    else if (")]}".includes(character)) {
      const closed = stack.pop();
      if (closed === undefined) return found;
      const cuts = [closed.open, ...closed.commas, position];
      const parts = cuts.slice(1).map((cut, index) => [(cuts[index] ?? 0) + 1, cut] as const);
      found.push({ open: closed.open, parts: parts.filter(([from, to]) => line.slice(from, to).trim() !== "") });
    }
  }
  return found;
}

function* codeOf(line: string): Generator<{ character: string; position: number }> {
  let quote = "";
  for (let position = 0; position < line.length; position += 1) {
    const character = line[position] ?? "";
    if (quote !== "") {
      if (character === "\\") position += 1;
      else if (character === quote) quote = "";
    } else if (character === "#") return;
    else if (character === '"' || character === "'") quote = character;
    else yield { character, position };
  }
}

/** Everywhere at once: equal arguments are often what matters. */
function* withPlainLiterals(lines: readonly string[]): Generator<SmallerDriver> {
  const touched = lines.filter((_, index) => isTouched(lines, index)).join("\n");
  const literals = new Set(touched.match(/(["'])(?:(?!\1)[^\\\n])*\1|(?<![\w.])\d+(?![\w.])/g) ?? []);
  for (const literal of literals) {
    const plain = plainer(literal);
    if (plain === undefined) continue;
    yield { source: lines.map((line, index) => (isTouched(lines, index) ? line.replaceAll(literal, plain) : line)).join("\n") };
  }
}

function plainer(literal: string): string | undefined {
  const quote = literal[0] ?? "";
  if (quote !== '"' && quote !== "'") return Number(literal) > LARGE_NUMBER ? "1" : undefined;
  if (literal.length <= LONG_TEXT + 2) return undefined;
  return `${quote}${literal.startsWith("/", 1) ? "/a" : "a"}${quote}`;
}
