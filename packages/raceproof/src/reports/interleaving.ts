// A witness in, the steps of its bad interleaving out, in the order they happened: what each thread did, where it was
// stopped, how it ended. One form for the text swimlanes, SARIF code flows and graphical reports. Sees the trace; when a
// crash has lost it, the plan.
import type { OperationResult, TraceEvent, Witness } from "../vocabulary/index.ts";
import { parseSite, portableFile } from "./site-names.ts";
import type { SiteName } from "./site-names.ts";

export interface InterleavingSite extends SiteName {
  /** Relative to an import root; empty when unknown (steps that come from the plan). */
  readonly file: string;
  /** 0 when unknown. */
  readonly line: number;
}

export type InterleavingStep =
  /** `contended`: another thread touches the same object and name, and one of the two may change it. */
  | {
      readonly kind: "access";
      readonly thread: number;
      readonly site: InterleavingSite;
      readonly contended: boolean;
      /** Short texts of what it met and what it left there, where known. */
      readonly read: string | undefined;
      readonly wrote: string | undefined;
    }
  /** The thread was stopped just before this site and another one ran. */
  | { readonly kind: "switch"; readonly thread: number; readonly before: InterleavingSite }
  | { readonly kind: "finish"; readonly thread: number; readonly results: readonly OperationResult[] };

export interface Interleaving {
  /** Indexed by thread number. */
  readonly threads: readonly string[];
  readonly steps: readonly InterleavingStep[];
}

/** @returns every step, uncut; each thread that took part has exactly one "finish". */
export function interleavingOf(witness: Witness): Interleaving {
  const steps = witness.trace.length > 0 ? stepsOfTrace(witness) : stepsOfPlan(witness);
  const count = Math.max(witness.outcome.threads.length, ...steps.map((step) => step.thread + 1));
  for (let thread = 0; thread < count; thread += 1) {
    if (!steps.some((step) => step.kind === "finish" && step.thread === thread)) steps.push(finish(witness, thread));
  }
  return { threads: nameThreads(witness, count), steps };
}

/** "A", "B", ... "Z", "27": how reports call thread 0, 1, ... */
export function letterOf(thread: number): string {
  return thread < 26 ? String.fromCodePoint(65 + thread) : String(thread + 1);
}

function stepsOfTrace(witness: Witness): InterleavingStep[] {
  const { trace } = witness;
  const contended = contendedNames(trace);
  const steps: InterleavingStep[] = [];
  for (const [index, event] of trace.entries()) {
    steps.push({ kind: "access", thread: event.thread, site: siteOf(event), contended: contended.has(nameOf(event)), read: event.read, wrote: event.wrote });
    if (trace[index + 1]?.thread === event.thread) continue;
    const resumed = trace.slice(index + 1).find((later) => later.thread === event.thread);
    steps.push(resumed === undefined ? finish(witness, event.thread) : { kind: "switch", thread: event.thread, before: siteOf(resumed) });
  }
  return steps;
}

function stepsOfPlan(witness: Witness): InterleavingStep[] {
  const steps: InterleavingStep[] = [];
  for (const { thread, until } of witness.plan) {
    if (until !== null) steps.push({ kind: "switch", thread, before: { ...parseSite(until.site), file: "", line: 0 } });
    else if (!steps.some((step) => step.kind === "finish" && step.thread === thread)) steps.push(finish(witness, thread));
  }
  return steps;
}

function siteOf(event: TraceEvent): InterleavingSite {
  const site = parseSite(event.site);
  return { ...site, file: portableFile(event.file, site.module), line: event.line };
}

function finish(witness: Witness, thread: number): InterleavingStep {
  return { kind: "finish", thread, results: witness.outcome.threads[thread]?.operations ?? [] };
}

function nameOf(event: TraceEvent): string {
  return `${event.object}:${event.name ?? ""}`;
}

/** Names touched by two threads, at least once in a way that may change them. Events without object and name never count. */
function contendedNames(trace: readonly TraceEvent[]): ReadonlySet<string> {
  const touched = new Map<string, { threads: Set<number>; changed: boolean }>();
  for (const event of trace) {
    if (event.object === 0 && event.name === null) continue;
    const entry = touched.get(nameOf(event)) ?? { threads: new Set<number>(), changed: false };
    entry.threads.add(event.thread);
    entry.changed ||= ["write", "update", "call"].includes(parseSite(event.site).access);
    touched.set(nameOf(event), entry);
  }
  return new Set([...touched].filter(([, entry]) => entry.threads.size > 1 && entry.changed).map(([name]) => name));
}

/** "thread A: operation_open" where the driver defines one operation function per thread, else "thread A". */
function nameThreads(witness: Witness, count: number): readonly string[] {
  const explicit = /^threads\b/m.test(witness.driver.source);
  const operations = explicit ? [] : [...witness.driver.source.matchAll(/^def (operation\w*)/gm)].map((match) => match[1] ?? "");
  return Array.from({ length: count }, (_, thread) => {
    const name = `thread ${letterOf(thread)}`;
    return operations.length === count ? `${name}: ${operations[thread]}` : name;
  });
}
