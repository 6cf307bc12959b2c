// Shape 8: slots of a shared list are set to None (freed) and filled again by index, or all taken away at once, while others read by index.
// Misses: slots freed through helper functions outside the program.
import type { AccessFact, Hazard, Program, Rule, RuleMetadata } from "../../../vocabulary/index.ts";
import { activity, openly } from "../activity.ts";
import { beliefInSharing, doubt } from "../confidence.ts";
import { draftHazard, interferingWith } from "../hazard-draft.ts";
import { indexOf } from "../program-index.ts";
import { provokeSlots } from "./provoke.ts";

export const metadata: RuleMetadata = {
  id: "python/shared-slot-nullification",
  title: "Slots of a shared list emptied and reused",
  severity: "crash",
  consequence: "A thread that looked a slot up finds None, or another thread's object, when it uses it.",
  sources: [
    "docs.python.org/3/library/threadsafety.html: one item store is atomic, look-up and use are not",
    "measured: fails in 3 of 20 repeats on CPython 3.13t and 15 of 20 on PyPy, together with the allocation of slots",
  ],
  since: "0.1.0",
  guardedShape: "slot-cleared",
  fixes: [
    { title: "Look up and use the slot under the lock that frees it", cost: "low", detail: "Readers copy the reference out under the lock." },
    { title: "Never reuse a slot", cost: "medium", detail: "A dict from a growing number to the object; freeing is `dict.pop(n, None)`." },
  ],
};

function find(program: Program): Hazard[] {
  const out: Hazard[] = [];
  for (const { accesses } of indexOf(program).locationsDoing(openly(activity.mutate))) {
    for (const clear of accesses.filter(isClearing)) out.push(...hazardOfClearing(program, clear));
    const stores = accesses.filter(isSlotStore);
    if (!stores.some((access) => access.stored === "none")) continue;
    for (const store of stores) out.push(...hazardAt(program, store));
  }
  return out;
}

function isClearing(access: AccessFact): boolean {
  const clears = access.operation === "clear" || (access.operation === "del[:]" && access.key === ":");
  return clears && access.container === "list" && access.sharing === "shared" && access.lockset.length === 0;
}

/** Others take elements by an index or from a heap that is empty now. */
function hazardOfClearing(program: Program, clear: AccessFact): Hazard[] {
  const readers = interferingWith(program, clear, (other) => other.functionId !== clear.functionId && takesElement(other));
  const reader = readers[0];
  if (!reader) return [];
  return [
    draftHazard(program, metadata, {
      main: clear,
      sequence: [clear],
      interfering: readers,
      ...beliefInSharing(program, clear),
      message: `${clear.text} is emptied without a lock while ${reader.function} (${reader.span.file}:${reader.span.line}) takes elements by index`,
    }),
  ];
}

/** What a collection's own `__getitem__` is asked for is its caller's matter. */
function takesElement(access: AccessFact): boolean {
  if (access.function.endsWith("__getitem__")) return false;
  const takes = (access.kind === "read" && access.operation === "[]") || access.operation === "heapq.heappop";
  return takes && !access.handled.some((exception) => exception === "*" || exception === "IndexError" || exception === "LookupError");
}

function isSlotStore(access: AccessFact): boolean {
  return access.operation === "[]=" && access.container === "list" && access.sharing === "shared" && access.lockset.length === 0;
}

function hazardAt(program: Program, store: AccessFact): Hazard[] {
  const readers = interferingWith(program, store, (other) => other.operation === "[]" || other.kind === "iterate");
  if (readers.length === 0) return [];
  const isField = /^-?\d+$/.test(store.key ?? "") && { steps: 2, because: `index ${store.key} is written out: a field of a record, which nobody looks up` };
  const belief = doubt(beliefInSharing(program, store), [isField]);
  const frees = store.stored === "none";
  const reader = readers[0] as AccessFact;
  return [
    draftHazard(program, metadata, {
      main: store,
      sequence: [store],
      interfering: readers,
      confidence: belief.confidence,
      evidence: belief.evidence,
      severity: frees ? metadata.severity : "wrong-answer",
      message: frees
        ? `slot ${store.key ?? ""} of ${store.text} is set to None without a lock while ${reader.function} (line ${reader.span.line}) reads slots by index`
        : `a freed slot of ${store.text} is filled again without a lock: a reader that still holds index ${store.key ?? ""} gets another object`,
    }),
  ];
}

export const rule: Rule = { metadata, find, provoke: provokeSlots };
