// A function in, the moments that it compares with the clock, and then sets, to do something once in a while, out:
// `if time() - self.last < pause: return`, `self.last = time()`, `self.send()`. Two threads both find that it is time.
// Misses: clocks that parameters hand in.
import type { AccessFact, FunctionFact, Program, TestFact } from "../../../vocabulary/index.ts";
import { beliefInSharing } from "../confidence.ts";
import { controls, isInCondition } from "../controlled-by.ts";
import type { HazardDraft } from "../hazard-draft.ts";
import { indexOf } from "../program-index.ts";

const clocks: ReadonlySet<string> = new Set(["time.time", "time.monotonic", "time.perf_counter", "datetime.datetime.now", "datetime.datetime.utcnow"]);

/** At most one per field. */
export function dueTimesIn(program: Program, fn: FunctionFact): HazardDraft[] {
  const asked = fn.calls.filter(({ external }) => external !== undefined && clocks.has(external));
  if (asked.length === 0) return [];
  const out = new Map<string, HazardDraft>();
  for (const store of fn.accesses) {
    const isOfClock = asked.some(({ order }) => store.origins.includes(`call@${order}`));
    if (!isOfClock || !isOpenStore(store) || out.has(store.location.key)) continue;
    const read = readBefore(program, fn, store);
    if (read) out.set(store.location.key, draftOf(program, read, store));
  }
  return [...out.values()];
}

function isOpenStore({ kind, operation, sharing, lockset, location }: AccessFact): boolean {
  return kind === "write" && operation === "=" && sharing === "shared" && lockset.length === 0 && location.ownerKind === "instance";
}

/** `return True` lets the caller do it. */
function decidesAboutWork({ calls, predicate }: FunctionFact, test: TestFact): boolean {
  return predicate || calls.some(({ order, external }) => (external === undefined || !clocks.has(external)) && controls(test, order));
}

/** The condition that decides about the store looks at the field. */
function readBefore(program: Program, fn: FunctionFact, store: AccessFact): AccessFact | undefined {
  const own = indexOf(program).accessesIn(fn.id, store.location.key);
  for (const test of fn.tests) {
    if (test.kind !== "if" || !controls(test, store.order) || !decidesAboutWork(fn, test)) continue;
    const read = own.find(({ order, text, lockset }) => text === store.text && lockset.length === 0 && isInCondition(order, test));
    if (read) return read;
  }
  return undefined;
}

function draftOf(program: Program, read: AccessFact, store: AccessFact): HazardDraft {
  return {
    main: read,
    sequence: [read, store],
    interfering: [store],
    ...beliefInSharing(program, store),
    message: `${read.text} is compared with the clock here and set at line ${store.span.line}: two threads both find that it is time`,
  };
}
