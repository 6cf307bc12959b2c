// Shape 2: heapq on a shared list without a lock: the emptiness check and the pop are two steps, push and pop tear the heap.
// Misses: heaps handled by wrapper functions outside the program.
import type { AccessFact, FunctionFact, Hazard, Program, Rule, RuleMetadata } from "../../../vocabulary/index.ts";
import { activity, openly } from "../activity.ts";
import { beliefInSharing } from "../confidence.ts";
import { draftHazard, interferingWith } from "../hazard-draft.ts";
import { indexOf } from "../program-index.ts";
import { provokeHeap } from "./provoke.ts";

export const metadata: RuleMetadata = {
  id: "python/heap-check-then-act",
  title: "Heap checked, then popped, without a lock",
  severity: "crash",
  consequence: "IndexError from an empty heap, the same element handed out twice, or a heap whose order is destroyed.",
  sources: [
    "docs.python.org/3/library/heapq.html: the heap invariant spans the whole list",
    "measured: SIGSEGV in C heapq on CPython 3.13t (7 of 20 repeats), IndexError in pure-Python heapq on PyPy (17 of 20)",
  ],
  since: "0.1.0",
  guardedShape: "check-then-take",
  fixes: [
    {
      title: "One lock around check, pop and push",
      cost: "low",
      detail: "The check must be inside the same `with` as the pop; every push takes the lock too.",
    },
    {
      title: "Pop first, handle IndexError",
      cost: "low",
      detail: "Removes the check-then-pop window with a GIL; not enough on PyPy or free-threaded builds, where heapq itself is not atomic.",
    },
    { title: "Use queue.PriorityQueue", cost: "medium", detail: "A heap with its own lock; get_nowait() raises queue.Empty." },
  ],
};

const isHeapCall = (access: AccessFact): boolean => access.kind === "call" && access.operation.startsWith("heapq.");
const isUnguarded = (access: AccessFact): boolean => access.sharing === "shared" && access.lockset.length === 0;

function find(program: Program): Hazard[] {
  const functions = indexOf(program).functionsDoing(openly(activity.walk));
  return functions.flatMap((fn) => {
    const calls = fn.accesses.filter((access) => isHeapCall(access) && isUnguarded(access));
    const locations = new Set(calls.map((access) => access.location.key));
    return [...locations].flatMap((key) =>
      hazardsAt(
        program,
        fn,
        calls.filter((access) => access.location.key === key),
      ),
    );
  });
}

/** One hazard per function and heap: the check-then-pop if there is one, else the first unguarded push or pop. */
function hazardsAt(program: Program, fn: FunctionFact, calls: readonly AccessFact[]): Hazard[] {
  const first = calls[0] as AccessFact;
  const elsewhere = interferingWith(program, first, (other) => isHeapCall(other) && (other.functionId !== fn.id || other.id !== first.id));
  const pop = calls.find((access) => access.operation === "heapq.heappop" || access.operation === "heapq.heapreplace");
  const check = pop && fn.accesses.findLast((access) => isCheckOf(access, pop));
  const belief = beliefInSharing(program, first);
  if (pop && check) {
    return [
      draftHazard(program, metadata, {
        main: check,
        sequence: [check, pop, ...calls.filter((access) => access.id !== pop.id && access.order < check.order)],
        interfering: [pop, ...elsewhere],
        confidence: belief.confidence,
        evidence: belief.evidence,
        message: `${check.text} is tested here and popped at line ${pop.span.line} without a lock: another thread may empty it in between`,
      }),
    ];
  }
  if (elsewhere.length === 0 && calls.length < 2) return [];
  return [
    draftHazard(program, metadata, {
      main: first,
      sequence: calls,
      interfering: elsewhere,
      confidence: belief.confidence,
      evidence: belief.evidence,
      message: `${first.operation} on the shared heap ${first.text} without a lock, while ${elsewhere[0]?.function ?? fn.qualifiedName} works on it too`,
    }),
  ];
}

function isCheckOf(access: AccessFact, pop: AccessFact): boolean {
  return access.kind === "check" && access.location.key === pop.location.key && access.order < pop.order && access.operation !== "in";
}

export const rule: Rule = { metadata, find, provoke: provokeHeap };
