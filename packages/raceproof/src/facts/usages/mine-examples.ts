// The text of a document or docstring in, its Python examples as usages out: prompts (`>>>`) and fenced or indented code blocks.
// Misses: examples in languages of their own, blocks whose names come from prose.
import { childrenWithRole, createNameTable, parsePython, PythonRole as R } from "../../sources/index.ts";
import type { Usage, UsageStep } from "../../vocabulary/index.ts";
import { enteredSteps } from "./entered-steps.ts";
import { usageStepOf } from "./usage-step.ts";

export interface ExampleText {
  readonly file: string;
  /** Line of the file that the text begins on, less one. */
  readonly before: number;
  readonly text: string;
  /** The module whose names the examples may use without importing them. */
  readonly module: string | undefined;
  readonly moduleNames: ReadonlySet<string>;
}

interface CodeBlock {
  readonly line: number;
  readonly code: string;
}

/** Later examples of a text often use the imports of earlier ones: these are repeated. */
export function mineExamples(example: ExampleText): Usage[] {
  const imports: UsageStep[] = [];
  return blocksOf(example.text).flatMap(({ line, code }) => {
    const tree = parsePython(new TextEncoder().encode(code), createNameTable());
    if (tree.problems.length > 0) return [];
    const body = childrenWithRole(tree, tree.size - 1, R.body);
    const own = body.map((statement) => usageStepOf(tree, statement));
    const entered = enteredSteps(tree, body);
    const before = [...imports];
    imports.push(...own.filter(({ form }) => form === "import"));
    if (own.every(({ form }) => form === "import")) return [];
    const { file, module, moduleNames } = example;
    const at = example.before + line;
    const usage: Usage = { file, line: at, name: `${file}:${at}`, module, moduleNames, testCase: undefined, parameters: [], steps: [...before, ...own] };
    return entered === undefined ? [usage] : [usage, { ...usage, steps: [...before, ...entered], isEntered: true }];
  });
}

function blocksOf(text: string): CodeBlock[] {
  const prompted = promptBlocks(text);
  return prompted.length > 0 ? prompted : [...fencedBlocks(text), ...indentedBlocks(text)];
}

/** A run of prompts, with the output between them left out, is one example. */
function promptBlocks(text: string): CodeBlock[] {
  const out: { line: number; code: string[]; end: number }[] = [];
  text.split("\n").forEach((line, index) => {
    const match = /^\s*(>>>|\.\.\.)(?: (.*))?$/.exec(line);
    if (match === null) return;
    const last = out.at(-1);
    if (last === undefined || (index - last.end > 8 && match[1] === ">>>")) out.push({ line: index + 1, code: [match[2] ?? ""], end: index });
    else {
      last.code.push(match[2] ?? "");
      last.end = index;
    }
  });
  return out.map(({ line, code }) => ({ line, code: code.map((each) => each.replace(/#\s*doctest:.*$/, "")).join("\n") }));
}

/** Markdown: ```python ... ``` */
function fencedBlocks(text: string): CodeBlock[] {
  return [...text.matchAll(/^[ \t]*```+\s*(?:py|python|python3|pycon)\b.*\n([\s\S]*?)^[ \t]*```/gm)].map((match) => ({
    line: lineOf(text, match.index) + 1,
    code: withoutIndentation(match[1] ?? ""),
  }));
}

/** reStructuredText: `.. code-block:: python`, or a paragraph that ends with "::". */
function indentedBlocks(text: string): CodeBlock[] {
  const opening =
    /^([ \t]*)(?:\.\. (?:code-block|code|sourcecode|testcode)::[ \t]*(?:python3?|py)?[ \t]*|(?!\.\.).*::[ \t]*)\n((?:\1[ \t]+:.*\n)*)((?:[ \t]*\n|\1[ \t]+.*\n?)+)/gm;
  return [...text.matchAll(opening)].map((match) => ({
    line: lineOf(text, match.index) + 1,
    code: withoutIndentation((match[3] ?? "").replace(/^\s*\n/, "")),
  }));
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

function withoutIndentation(code: string): string {
  const lines = code.split("\n");
  const width = Math.min(...lines.filter((line) => line.trim() !== "").map((line) => line.length - line.trimStart().length));
  return `${lines
    .map((line) => line.slice(Number.isFinite(width) ? width : 0))
    .join("\n")
    .trimEnd()}\n`;
}
