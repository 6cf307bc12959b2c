// A function in, the values of a shared object that it finds spent and replaces by new ones out: `if self.expired(): self.token = self.fetch()`,
// `if self.connection.closed: self.connection = connect()`. Threads that find it spent together all replace it, and what one of them uses is dropped.
// Values that are made when missing (`is None`) are what lazy-initialization is about. Misses: questions that functions of a module answer.
import type { AccessFact, CallFact, FunctionFact, Program, TestFact } from "../../../vocabulary/index.ts";
import { callAsAccess } from "../call-as-access.ts";
import { beliefInSharing } from "../confidence.ts";
import { isInCondition } from "../controlled-by.ts";
import type { HazardDraft } from "../hazard-draft.ts";
import { indexOf } from "../program-index.ts";

/** The answer is about the value itself, not about something that it depends on far away. */
const deepestRead = 1;

/** At most one per field. */
export function renewedValuesIn(program: Program, fn: FunctionFact): HazardDraft[] {
  const out = new Map<string, HazardDraft>();
  for (const store of fn.accesses) {
    if (!isRenewal(fn, store) || out.has(store.location.key)) continue;
    const asked = askedBefore(program, fn, store);
    if (asked) out.set(store.location.key, draftOf(program, fn, asked, store));
  }
  return [...out.values()];
}

function isRenewal({ calls }: FunctionFact, { kind, operation, stored, sharing, lockset, location, text, origins }: AccessFact): boolean {
  if (kind !== "write" || operation !== "=" || sharing !== "shared" || lockset.length > 0) return false;
  if ((stored !== "other" && stored !== "fresh-object") || location.ownerKind !== "instance" || !/^self\.\w+$/.test(text)) return false;
  return stored === "fresh-object" || calls.some(({ order, external }) => origins.includes(`call@${order}`) && external === undefined);
}

/** What the test asks, when it asks the value or a method of the object that looks at it, and nothing looks at it otherwise. */
function askedBefore(program: Program, fn: FunctionFact, store: AccessFact): AccessFact | undefined {
  const own = indexOf(program).accessesIn(fn.id, store.location.key);
  for (const test of fn.tests) {
    if (test.kind !== "if" || !isReached(test, store.order) || own.some(({ kind, order }) => kind === "check" && isInCondition(order, test))) continue;
    const read = own.find(({ kind, order }) => kind === "read" && isInCondition(order, test));
    if (read && read.lockset.length === 0 && asksIt(program, test, read)) return read;
    const call = fn.calls.find((each) => isInCondition(each.order, test) && /^self\.\w+$/.test(each.text) && looksAt(program, each, store));
    if (call) return callAsAccess(call, fn, "check", store);
  }
  return undefined;
}

function isReached({ whenTrue: [from, to] }: TestFact, order: number): boolean {
  return order >= from && order < to;
}

/** `self.value.spent`, `self.value.is_spent()`: a question to the value. */
function asksIt(program: Program, { span }: TestFact, { text }: AccessFact): boolean {
  const asked = program.textOf(span);
  const next = asked.slice(asked.indexOf(text) + text.length);
  return /^\.\w*(closed|expired|alive|connected|valid|stale|dead|broken|open|running|stopped|done|usable|active)\w*\b/i.test(next);
}

function looksAt(program: Program, { targets, lockset }: CallFact, { location }: AccessFact): boolean {
  return (
    lockset.length === 0 &&
    targets.some((target) => {
      const { reads, checks, writes } = program.effectsOf(target);
      return (
        Math.min(reads.get(location.key) ?? Number.POSITIVE_INFINITY, checks.get(location.key) ?? Number.POSITIVE_INFINITY) <= deepestRead &&
        !writes.has(location.key)
      );
    })
  );
}

function draftOf(program: Program, fn: FunctionFact, asked: AccessFact, store: AccessFact): HazardDraft {
  return {
    main: store,
    sequence: [asked, store],
    interfering: [store],
    ...beliefInSharing(program, store),
    message: `${asked.text} (line ${asked.span.line}) tells ${fn.qualifiedName} to replace ${store.text}, and nothing keeps a second thread from doing the same: both make a new one`,
  };
}
