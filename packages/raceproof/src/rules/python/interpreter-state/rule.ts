// State of the process or the interpreter is changed by a function: umask, working directory, sys.stdout, attributes of foreign modules.
// Misses: setattr on modules. Over-reports: libraries whose purpose is to change the process, when they restore it afterwards.
import type { AccessFact, Hazard, Program, Rule, RuleMetadata } from "../../../vocabulary/index.ts";
import { processContainers, processSettings } from "../../../models/index.ts";
import { removes } from "../container-operations.ts";
import { doubt } from "../confidence.ts";
import type { Belief } from "../confidence.ts";
import { draftHazard } from "../hazard-draft.ts";
import { isProgramEntry } from "../program-entry.ts";
import { changesIn } from "./changes.ts";
import type { Change } from "./changes.ts";
import { provokeChange } from "./provoke.ts";

const metadata: RuleMetadata = {
  id: "python/interpreter-state",
  title: "Interpreter or process state changed by a call",
  severity: "wrong-answer",
  consequence: "What one thread sets for its own work holds for all threads at once, and overlapping restores leave it changed for good.",
  sources: [
    "docs.python.org/3/library/os.html#os.umask and the POSIX definition of per-process attributes",
    "docs.python.org/3/library/contextlib.html: redirect_stdout and chdir are not suitable for threaded applications",
    "measured: umask left at 0 in 11-20 of 20 repeats on every runtime, with the GIL and without",
  ],
  since: "0.2.0",
  fixes: [
    {
      title: "Pass the value instead of setting it",
      cost: "medium",
      detail: "`open(path, opener=...)`, `dir_fd=`, `print(file=...)`, `random.Random(seed)`, `env=` of a child process.",
    },
    {
      title: "Guard set, work and restore with one module-level lock",
      cost: "low",
      detail: "Keeps the library's own threads apart; code outside still sees the temporary value.",
    },
    {
      title: "Keep the override in a contextvars.ContextVar that a permanent hook consults",
      cost: "high",
      detail: "Install the hook once at import; each thread or task then has a value of its own.",
    },
  ],
};

function find(program: Program): Hazard[] {
  const changes = changesIn(program);
  const byState = new Map<string, Change[]>();
  for (const change of changes) {
    const known = byState.get(change.state);
    if (known) known.push(change);
    else byState.set(change.state, [change]);
  }
  return changes.flatMap((change) => hazardOf(program, change, byState.get(change.state) ?? []));
}

interface Verdict extends Belief {
  readonly message: string;
}

function hazardOf(program: Program, change: Change, all: readonly Change[]): Hazard[] {
  if (change.rows.length > 0 && change.rows.every((row) => row.change === "part")) return [];
  const verdict = judgeAlone(program, change) ?? judgeTogether(program, change, all) ?? judgeSetting(change);
  const main = change.steps[0] as AccessFact;
  const others = all.filter((other) => other.fn.id !== change.fn.id).flatMap(({ steps }) => steps);
  const owned = `${change.state} belongs to the whole process`;
  const runtimes = change.rows.flatMap((row) => row.except ?? []).slice(0, 1);
  const belief = doubt({ confidence: verdict.confidence, evidence: [owned, ...verdict.evidence, ...runtimes] }, [
    isProgramEntry(program, change.fn) && { steps: 2, because: `${change.fn.qualifiedName} starts the program: the process is its own` },
  ]);
  return [draftHazard(program, metadata, { main, sequence: change.steps, interfering: others, ...belief, message: verdict.message })];
}

/** What the function does to the state, as the beginning of a sentence. */
function opening({ state, steps, rows }: Change): string {
  if (rows.length === 0) return `${state} is changed`;
  return `${steps[0]?.text ?? ""} changes ${state.includes(".") ? state : `the ${state}`}`;
}

/** The function changes it and puts it back. */
function judgeAlone(program: Program, change: Change): Verdict | undefined {
  const back = restoreIn(program, change);
  if (back) {
    const message = `${opening(change)} and line ${back.span.line} puts it back: every other thread works with the temporary value, and two threads leave it changed`;
    return { confidence: "high", evidence: [], message };
  }
  if (!change.rows.some((row) => row.change === "scoped")) return undefined;
  const message = `${opening(change)} for a while: every other thread gets the change, and overlapping exits restore the wrong value`;
  return { confidence: "medium", evidence: [], message };
}

/** Another function puts it back, or the other way round. */
function judgeTogether(program: Program, change: Change, all: readonly Change[]): Verdict | undefined {
  const elsewhere = restoreElsewhere(program, change, all);
  if (!elsewhere) return undefined;
  const message = `${opening(change)} here and by ${elsewhere.function} (${elsewhere.span.file}:${elsewhere.span.line}): two users at once undo each other's change`;
  const second = elsewhere.order < (change.steps[0] as AccessFact).order && !isSetting(change);
  return second
    ? { confidence: "low", evidence: [`the other half of what ${elsewhere.function} begins`], message }
    : { confidence: "medium", evidence: [], message };
}

function judgeSetting(change: Change): Verdict {
  const message = `${opening(change)} for every thread`;
  if (isSetting(change)) return { confidence: "medium", evidence: [], message };
  return { confidence: "low", evidence: ["may be a setting that is made once, before threads start"], message };
}

/** An attribute that the standard library consults all the time is replaced. */
function isSetting({ state, steps, rows }: Change): boolean {
  return rows.length === 0 && processSettings.has(state) && steps[0]?.operation === "=";
}

/** The step that takes the first one back, when one call of the function runs both. */
function restoreIn(program: Program, { fn, state, steps, rows }: Change): AccessFact | undefined {
  const first = steps[0] as AccessFact;
  if (rows[0]?.change === "part") return undefined;
  const later = steps.slice(1).filter((step, index) => rows[index + 1]?.change !== "part" && !exclusive(fn, first, step));
  const container = first.operation === "=" ? undefined : processContainers.get(state);
  // Deleted and then set anew: nothing is put back unless it was saved.
  if (!container) return later.find((step) => step.stored === "saved" || (first.operation !== "del" && !isSameSetting(program, first, step)));
  // Entries that are added and taken away again are the interpreter's own use of a container that it fills by design.
  if (container.filledByDesign === true && !removes(first.operation)) return undefined;
  return later.find((step) => step.stored === "saved" || removes(step.operation) !== removes(first.operation));
}

/** One constant stored in two places is a setting, not a change and its restore. */
function isSameSetting(program: Program, a: AccessFact, b: AccessFact): boolean {
  const constant = a.stored === "none" || a.stored === "constant";
  return constant && a.stored === b.stored && valueText(program, a) === valueText(program, b);
}

function valueText(program: Program, access: AccessFact): string | undefined {
  return program.sourceOf(access.statement).split("=").at(-1)?.trim();
}

function exclusive(fn: Change["fn"], a: AccessFact, b: AccessFact): boolean {
  const within = (order: number, [from, to]: readonly [number, number]): boolean => from <= order && order < to;
  return fn.tests.some((test) => within(a.order, test.whenTrue) && within(b.order, test.whenFalse));
}

/** Another function of the same module (for containers and calls: of the same class) that changes it to something else. */
function restoreElsewhere(program: Program, change: Change, all: readonly Change[]): AccessFact | undefined {
  const first = change.steps[0] as AccessFact;
  const container = first.operation === "=" ? undefined : processContainers.get(change.state);
  if (container?.filledByDesign === true && !removes(first.operation)) return undefined;
  const undoes = (each: AccessFact): boolean => (container ? removes(each.operation) !== removes(first.operation) : !isSameSetting(program, first, each));
  const sameClass = container !== undefined || change.rows.length > 0;
  for (const other of all) {
    const step = belongTogether(change, other, sameClass) ? other.steps.find(undoes) : undefined;
    if (step) return step;
  }
  return undefined;
}

function belongTogether({ fn }: Change, { fn: other }: Change, sameClass: boolean): boolean {
  if (other.id === fn.id || other.module !== fn.module) return false;
  return !sameClass || (fn.owner !== undefined && other.owner === fn.owner);
}

export const rule: Rule = { metadata, find, provoke: provokeChange };
