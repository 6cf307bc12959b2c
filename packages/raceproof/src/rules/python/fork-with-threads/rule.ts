// The process is copied while other threads of the program may hold locks: in the child those locks are never released.
// Misses: threads started by other libraries. Over-reports: programs that fork before they start threads.
import type { CallFact, FunctionFact, Hazard, Program, Rule, RuleMetadata } from "../../../vocabulary/index.ts";
import { forkCalls, forkHandlers, replacesProcess, startMethodCalls, threadMakers } from "../../../models/index.ts";
import type { ForkKind } from "../../../models/index.ts";
import { doubt } from "../confidence.ts";
import type { Belief } from "../confidence.ts";
import { draftHazard } from "../hazard-draft.ts";
import { accessOfProcess } from "../process-access.ts";
import { isProgramEntry } from "../program-entry.ts";
import { indexOf } from "../program-index.ts";
import { provokeFork } from "./provoke.ts";

const metadata: RuleMetadata = {
  id: "python/fork-with-threads",
  title: "Process forked while threads run",
  severity: "deadlock",
  consequence: "The child waits for ever for a lock that a thread of the parent held when the process was copied.",
  sources: [
    "docs.python.org/3/library/os.html#os.fork: DeprecationWarning in a process with threads since 3.12",
    "docs.python.org/3/library/subprocess.html#popen-constructor: preexec_fn is not safe in the presence of threads",
    "docs.python.org/3/library/multiprocessing.html#contexts-and-start-methods: fork is problematic in a multithreaded process",
  ],
  since: "0.2.0",
  fixes: [
    { title: "Start children with spawn or forkserver", cost: "low", detail: "`multiprocessing.get_context('spawn')`; the default since 3.14 is forkserver." },
    { title: "Use subprocess arguments instead of preexec_fn", cost: "low", detail: "`start_new_session=`, `process_group=`, `user=`, `umask=`, `pass_fds=`." },
    {
      title: "Make locks afresh in the child",
      cost: "medium",
      detail: "`os.register_at_fork(after_in_child=...)` for every lock that lives longer than a call.",
    },
  ],
};

/** What in the program speaks for threads and against trouble. */
interface Surroundings {
  /** Where the program itself starts a thread. */
  readonly starter: string | undefined;
  readonly handlesFork: boolean;
  readonly choosesStart: boolean;
}

function find(program: Program): Hazard[] {
  const forks = forksIn(program);
  if (forks.length === 0) return [];
  const around = surroundingsOf(program);
  return forks.flatMap((fork) => hazardOf(program, fork, around));
}

interface Fork {
  readonly fn: FunctionFact;
  readonly call: CallFact;
  readonly kind: ForkKind;
}

function forksIn(program: Program): Fork[] {
  const out: Fork[] = [];
  for (const call of indexOf(program).callsTo(forkCalls.keys())) {
    const fn = program.functions[call.functionId] as FunctionFact;
    if (fn.phase === "import") continue;
    const kind = call.external === undefined ? undefined : forkCalls.get(call.external);
    if (kind && (kind !== "preexec" || passesPreexec(program, call))) out.push({ fn, call, kind });
  }
  return out;
}

/** `preexec_fn=setup`, not `preexec_fn=None`, nor an argument handed through. */
function passesPreexec(program: Program, call: CallFact): boolean {
  const given = /\bpreexec_fn\s*=\s*(\w+)/.exec(program.sourceOf(call.span))?.[1];
  return given !== undefined && given !== "None" && given !== "preexec_fn";
}

function surroundingsOf(program: Program): Surroundings {
  const index = indexOf(program);
  const started = index.callsTo(threadMakers)[0] ?? [...program.classes.values()].find(({ externalBases }) => externalBases.includes("Thread"));
  return {
    starter: started && `${started.span.file}:${started.span.line}`,
    handlesFork: index.callsTo(forkHandlers).length > 0,
    choosesStart: index.callsTo(startMethodCalls).length > 0,
  };
}

function hazardOf(program: Program, { fn, call, kind }: Fork, around: Surroundings): Hazard[] {
  if (kind === "worker" && (around.choosesStart || around.starter === undefined)) return [];
  const main = accessOfProcess(call, fn, "forked process");
  const believed: Belief = {
    confidence: around.starter !== undefined || kind === "preexec" ? "medium" : "low",
    evidence: [around.starter === undefined ? "the calling program may have threads" : `the program starts threads (${around.starter})`],
  };
  const belief = doubt(believed, [
    around.handlesFork && { steps: 1, because: "the program resets state in the child with os.register_at_fork" },
    kind === "worker" && { steps: 1, because: "only where fork is the start method: POSIX before 3.14, not macOS" },
    kind === "fork" && isReplaced(fn) && { steps: 1, because: "the child replaces itself soon" },
    isProgramEntry(program, fn) && { steps: 1, because: `${fn.qualifiedName} starts the program, probably before any thread` },
  ]);
  return [draftHazard(program, metadata, { main, sequence: [main], interfering: [], ...belief, message: messageFor(call, kind) })];
}

function isReplaced(fn: FunctionFact): boolean {
  return fn.calls.some(({ external }) => external !== undefined && replacesProcess.test(external));
}

function messageFor(call: CallFact, kind: ForkKind): string {
  if (kind === "preexec") return `${call.text} runs preexec_fn in a copy of the process: any lock that another thread holds at that moment stays locked there`;
  return `${call.text} copies the process with every lock as it is: one that another thread holds is never released in the child`;
}

export const rule: Rule = { metadata, scope: "program", find, provoke: provokeFork };
