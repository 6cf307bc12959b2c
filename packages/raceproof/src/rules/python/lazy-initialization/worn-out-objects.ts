// A function in, the attributes that it replaces because their object says that it is of no use any more out: `if not self.timer.is_alive():`,
// `self.timer = Timer(...)`. The question is asked by name only; who asks the object under a lock, or asks once more there, never gets here.
import type { AccessFact, CallFact, FunctionFact } from "../../../vocabulary/index.ts";
import { controls, isInCondition } from "../controlled-by.ts";
import type { LazyStore } from "./lazy-stores.ts";

/** At most one per attribute: the first. */
export function wornOutObjectsIn(fn: FunctionFact): LazyStore[] {
  const questions = fn.calls.filter(asksForLife);
  if (questions.length === 0) return [];
  const out = new Map<string, LazyStore>();
  for (const store of fn.accesses) {
    if (!isReplacement(store) || out.has(store.location.key)) continue;
    const check = askedBefore(fn, questions, store);
    if (check) out.set(store.location.key, { check, store, fault: "worn-out", branch: [store.order, store.order], late: [] });
  }
  return [...out.values()];
}

/** Questions of threads, timers, sockets, connections, sessions, files and tokens. */
function asksForLife({ text, lockset }: CallFact): boolean {
  return lockset.length === 0 && /\.(is_|has_)?(alive|closed|open|connected|running|finished|expired|valid|usable)$/.test(text);
}

function isReplacement({ kind, operation, stored, sharing, lockset, location }: AccessFact): boolean {
  if (kind !== "write" || operation !== "=" || sharing !== "shared" || lockset.length > 0) return false;
  return location.ownerKind === "instance" && (stored === "fresh-object" || stored === "other") && !location.path.endsWith("]");
}

function askedBefore(fn: FunctionFact, questions: readonly CallFact[], store: AccessFact): AccessFact | undefined {
  for (const test of fn.tests) {
    if (test.kind !== "if" || !controls(test, store.order)) continue;
    const asked = questions.find(({ order, text }) => isInCondition(order, test) && text.slice(0, text.lastIndexOf(".")) === store.text);
    const check = asked && fn.accesses.find(({ location, order }) => location.key === store.location.key && order === asked.order);
    if (check) return check;
  }
  return undefined;
}
