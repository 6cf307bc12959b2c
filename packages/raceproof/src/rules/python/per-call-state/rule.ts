// A value of one call is kept in a field of an object that several calls use at once, and read from there later in the same call.
// Misses: values kept in containers, and fields that other operations read too. Over-reports: objects made for one call each.
import { namesSetUp } from "../../../models/index.ts";
import type { AccessFact, Hazard, Program, Rule, RuleMetadata } from "../../../vocabulary/index.ts";
import { beliefInSharing, doubt } from "../confidence.ts";
import type { Belief } from "../confidence.ts";
import { draftHazard, interferingWith } from "../hazard-draft.ts";
import type { CallState } from "./call-state.ts";
import { managedStates } from "./managed-state.ts";
import { operationStates } from "./operation-state.ts";
import { provokeCallState } from "./provoke.ts";

const metadata: RuleMetadata = {
  id: "python/per-call-state",
  title: "State of one call kept on a shared object",
  severity: "wrong-answer",
  consequence: "A second call overwrites the value before the first one has used it: times, names or results of one call appear in the other.",
  sources: [
    "Artho, Havelund, Biere, Using Block-Local Atomicity to Detect Stale-Value Concurrency Errors, ATVA 2004",
    "docs.python.org/3/library/contextlib.html#reentrant-context-managers: reentrant is not the same as thread safe; contextlib.ContextDecorator",
  ],
  since: "0.2.0",
  fixes: [
    { title: "Keep it in a local variable", cost: "low", detail: "Pass it to the steps as an argument and return it from them." },
    { title: "Make a new object for each call", cost: "low", detail: "A decorator enters `type(self)(...)`, not `self`." },
    { title: "threading.local or a context variable", cost: "low", detail: "When the steps have no argument to carry it." },
    { title: "Hold a lock over the whole operation", cost: "medium", detail: "From the store to the last read." },
  ],
};

function find(program: Program): Hazard[] {
  const managed = managedStates(program);
  const taken = new Set(managed.map(({ main }) => main.location.key));
  const operations = operationStates(program).filter(({ main }) => !taken.has(main.location.key));
  return [...managed, ...operations].map((state) => hazardOf(program, state));
}

/** One object with so many values of one call was made for that call. */
const mostOnShared = 4;

function hazardOf(program: Program, state: CallState): Hazard {
  const { main, later, why } = state;
  return draftHazard(program, metadata, {
    main,
    sequence: [main, ...later.filter((access) => access.kind !== "write").slice(0, 1)],
    interfering: interferingWith(program, main, (other) => other.kind === "write"),
    ...beliefIn(program, state),
    message:
      why === "operation"
        ? `${main.text} holds a value of one call of ${state.fn.qualifiedName}${whereRead(later)}: a second call replaces it in between`
        : `${main.text} is stored on entering and read on leaving${whereRead(later)}: calls that enter one object at the same time share it`,
  });
}

function whereRead(later: readonly AccessFact[]): string {
  const read = later.find(({ kind }) => kind !== "write");
  return read ? `, read again at line ${read.span.line}` : "";
}

function beliefIn(program: Program, { fn, main, why, siblings }: CallState): Belief {
  const own = beliefInSharing(program, main);
  if (why === "decorator") return { confidence: "high", evidence: ["the object is a decorator: every call of what it decorates enters the same one"] };
  return doubt(own, [
    siblings > mostOnShared && { steps: 1, because: `${fn.qualifiedName} keeps ${siblings} such values: the object is made for one piece of work` },
    why === "operation" && namesSetUp(fn.qualifiedName) && { steps: 2, because: `${fn.qualifiedName} sets the object up, once` },
    fn.threadEntry !== undefined && { steps: 2, because: `${fn.qualifiedName} runs in a thread of its own, once` },
  ]);
}

export const rule: Rule = { metadata, find, provoke: provokeCallState };
