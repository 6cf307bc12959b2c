// A function in, its questions to a shared queue that a later get or put relies on out: `if self.jobs.empty(): return`, `self.jobs.get()`.
// A second taker empties the queue in between: the call waits, perhaps forever, or raises Empty. Queues of event loops are left out.
import type { AccessFact, CallFact, FunctionFact, Program } from "../../../vocabulary/index.ts";
import { beliefInSharing, doubt } from "../confidence.ts";
import { controls, isInCondition } from "../controlled-by.ts";
import type { HazardDraft } from "../hazard-draft.ts";
import { callsByFunction, indexOf } from "../program-index.ts";

/** What each question is about. Source: docs.python.org/3/library/queue.html, "if empty() returns False it doesn't guarantee ...". */
const acts: Readonly<Record<string, readonly string[]>> = {
  empty: ["get", "get_nowait"],
  full: ["put", "put_nowait"],
  qsize: ["get", "get_nowait", "put", "put_nowait"],
};

/** Calls that may be questions to a queue, by function. */
export type QueueQuestions = ReadonlyMap<number, readonly CallFact[]>;

export function queueQuestionsIn(program: Program): QueueQuestions {
  return callsByFunction(indexOf(program).callsNamed(Object.keys(acts)));
}

/** At most one per queue. */
export function queueChecksIn(program: Program, fn: FunctionFact, questions: QueueQuestions): HazardDraft[] {
  if (fn.asynchronous || fn.eventLoopOnly) return [];
  const out = new Map<string, HazardDraft>();
  for (const question of questions.get(fn.id) ?? []) {
    if (question.targets.length > 0 || question.lockset.length > 0) continue;
    const [receiver, method] = splitCall(question.text);
    const check = fn.accesses.find((access) => access.text === receiver && access.order === question.order && access.sharing === "shared");
    if (!check || out.has(check.location.key)) continue;
    const act = reliantCall(program, fn, question, new Set(acts[method]?.map((name) => `${receiver}.${name}`)));
    if (act) out.set(check.location.key, draftOf(program, fn, check, act));
  }
  return [...out.values()];
}

function splitCall(text: string): [string, string] {
  const dot = text.lastIndexOf(".");
  return dot < 0 ? ["", text] : [text.slice(0, dot), text.slice(dot + 1)];
}

function reliantCall(program: Program, fn: FunctionFact, question: CallFact, wanted: ReadonlySet<string>): CallFact | undefined {
  const tests = fn.tests.filter((test) => isInCondition(question.order, test) || test.origins.includes(`call@${question.order}`));
  if (tests.length === 0) return undefined;
  return fn.calls.find((call) => {
    if (call.order <= question.order || !wanted.has(call.text) || call.lockset.length > 0) return false;
    return tests.some((test) => controls(test, call.order)) && (waits(program, call) || !handlesLoss(call));
  });
}

/** Waits without an end: `get()`, `get(True)`, `put(x)`. */
function waits(program: Program, call: CallFact): boolean {
  return !call.text.endsWith("_nowait") && !/\b(timeout|block)\s*=|[(,]\s*False\b|,/.test(program.sourceOf(call.span).slice(call.text.length));
}

function handlesLoss({ handled }: CallFact): boolean {
  return handled.some((name) => name === "*" || /(^|\.)(Empty|Full|QueueEmpty|QueueFull|Exception)$/.test(name));
}

function draftOf(program: Program, fn: FunctionFact, check: AccessFact, act: CallFact): HazardDraft {
  const blocks = waits(program, act);
  return {
    main: check,
    sequence: [check],
    interfering: [],
    ...doubt(beliefInSharing(program, check), [
      isRunByOneThread(program, fn) && { steps: 1, because: "the thread that runs it may be the only one that takes" },
    ]),
    severity: blocks ? "deadlock" : "crash",
    message: `${check.text} is asked here and ${act.text}() relies on the answer at line ${act.span.line}: ${blocks ? "it waits when another thread was faster" : "it raises when another thread was faster"}`,
  };
}

function isRunByOneThread(program: Program, fn: FunctionFact): boolean {
  const runs = (id: number): boolean => program.functions[id]?.threadEntry !== undefined;
  return fn.threadEntry !== undefined || (fn.callers.length > 0 && fn.callers.every(runs));
}
