// A witness in, its interleaving out as text swimlanes: one column per thread, time runs downward.
// Shows a window of each run: accesses only one thread cares about are counted, not listed.
import type { OperationResult, Witness } from "../vocabulary/index.ts";
import { describeResult } from "./describe-outcome.ts";
import { interleavingOf } from "./interleaving.ts";
import type { InterleavingSite, InterleavingStep } from "./interleaving.ts";
import { clip, lengthOf, oneLine, wrapText } from "./plain-text.ts";

export interface SwimlaneOptions {
  /** Columns of the whole text; at least 20 per thread are taken whatever this says. */
  readonly width?: number;
}

type Row = { readonly thread: number; readonly text: string };
type Access = Extract<InterleavingStep, { kind: "access" }>;

const accessesPerRun = 12;
const linesPerRow = 3;
const resultLimit = 160;

/**
 * The swimlanes of a witness, without a final line break. `*` marks accesses of something both threads touch and one changes;
 * "(stopped before …)" is where the scheduler switched.
 */
export function explainInterleaving(witness: Witness, options: SwimlaneOptions = {}): string {
  const { threads, steps } = interleavingOf(witness);
  const width = Math.max(20, Math.floor(((options.width ?? 110) - 3 * (threads.length - 1)) / Math.max(1, threads.length)));
  const rows = runsOf(steps).flatMap(rowsOfRun);
  const lines = [layOut(threads, width), threads.map(() => "-".repeat(width)).join("-+-")];
  for (const row of rows) {
    const indent = /^ */.exec(row.text)?.[0] ?? "";
    const wrapped = wrapText(row.text.trim(), width - indent.length - 2);
    const shown = wrapped.length > linesPerRow ? [...wrapped.slice(0, linesPerRow - 1), `${wrapped[linesPerRow - 1]}…`] : wrapped;
    for (const [index, line] of shown.entries()) {
      const cells = threads.map((_, thread) => (thread === row.thread ? `${indent}${index > 0 ? "  " : ""}${line}` : ""));
      lines.push(layOut(cells, width));
    }
  }
  return lines.join("\n");
}

/** Maximal stretches of one thread: what ran between two switches. */
function runsOf(steps: readonly InterleavingStep[]): readonly (readonly InterleavingStep[])[] {
  const runs: InterleavingStep[][] = [];
  for (const step of steps) {
    const current = runs.at(-1);
    if (current?.[0]?.thread === step.thread) current.push(step);
    else runs.push([step]);
  }
  return runs;
}

function rowsOfRun(run: readonly InterleavingStep[]): readonly Row[] {
  const accesses = run.filter((step) => step.kind === "access");
  const shown = chooseAccesses(accesses);
  const rows: Row[] = [];
  let place = "";
  let skipped = 0;
  const push = (thread: number, text: string): void => {
    if (skipped > 0) rows.push({ thread, text: `  … ${skipped} more` });
    skipped = 0;
    rows.push({ thread, text });
  };
  for (const step of run) {
    if (step.kind === "access" && !shown.has(step)) {
      skipped += 1;
      continue;
    }
    if (step.kind === "access") {
      const here = placeOf(step.site);
      if (here !== place && here !== "") push(step.thread, here);
      place = here;
      push(step.thread, `${step.contended ? "* " : "  "}${accessOf(step.site)}${valuesOf(step)}`);
    } else if (step.kind === "switch") {
      push(step.thread, `(stopped before ${accessOf(step.before)})`);
    } else {
      for (const text of resultsOf(step.results)) push(step.thread, text);
    }
  }
  return rows;
}

/** Contended accesses, the first and the last; when these are too many, the ends of the run. */
function chooseAccesses(accesses: readonly Access[]): ReadonlySet<InterleavingStep> {
  const telling = accesses.filter((access, index) => access.contended || index === 0 || index === accesses.length - 1);
  if (telling.length <= accessesPerRun) return new Set(telling);
  return new Set([...telling.slice(0, accessesPerRun / 2), ...telling.slice(-accessesPerRun / 2)]);
}

function placeOf(site: InterleavingSite): string {
  return oneLine([site.function, site.file].filter((part) => part !== "").join(", "));
}

function accessOf(site: InterleavingSite): string {
  const words = site.access === "schedule" ? site.text : `${site.access} ${site.text}`;
  return oneLine(site.line > 0 ? `${site.line} ${words}` : words);
}

/** ", reads [3]", ", writes 4", or ", makes [] of [3]". */
function valuesOf({ read, wrote }: Access): string {
  if (read === undefined && wrote === undefined) return "";
  if (wrote === undefined) return oneLine(`, reads ${read}`);
  return oneLine(read === undefined ? `, writes ${wrote}` : `, makes ${wrote} of ${read}`);
}

function resultsOf(results: readonly OperationResult[]): readonly string[] {
  return results.length === 0 ? ["ends"] : results.map((result) => clip(describeResult(result), resultLimit));
}

function layOut(cells: readonly string[], width: number): string {
  return cells
    .map((cell) => clip(cell, width))
    .map((cell) => cell + " ".repeat(Math.max(0, width - lengthOf(cell))))
    .join(" | ")
    .trimEnd();
}
