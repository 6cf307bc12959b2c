// A dictionary of weak values is asked whether it has an entry, and asked again for it: the entry may die in between, whoever holds a lock.
// Misses: weak containers inside containers, lookups in a helper. Over-reports: entries that something else keeps alive.
import type { AccessFact, FunctionFact, Hazard, Program, Rule, RuleMetadata, TestFact } from "../../../vocabulary/index.ts";
import { beliefInSharing, doubt } from "../confidence.ts";
import type { Doubt } from "../confidence.ts";
import { adds } from "../container-operations.ts";
import { controls, isInCondition } from "../controlled-by.ts";
import { draftHazard, interferingWith } from "../hazard-draft.ts";
import { provokeLookup } from "./provoke.ts";

const metadata: RuleMetadata = {
  id: "python/weak-cache-get-or-create",
  title: "Weak cache looked up twice",
  severity: "crash",
  consequence: "KeyError for a key that was just found, or two live objects where the cache promises one.",
  sources: [
    "docs.python.org/3/library/weakref.html: entries vanish when the last strong reference does, in any thread",
    "bench/atomicity: `if k in weak: weak[k]` raises KeyError in 1 of 5 to 20 repeats on CPython 3.8, 3.10, 3.13t and PyPy",
  ],
  since: "0.2.0",
  fixes: [
    {
      title: "Look up once and keep the result",
      cost: "low",
      detail: "`value = cache.get(key)`: the local name keeps the object alive while it is tested and used.",
    },
    { title: "Create and store under a lock, with get() inside it", cost: "low", detail: "The lock keeps a second creator out; get() keeps the object alive." },
  ],
};

function find(program: Program): Hazard[] {
  const byFunction = new Map<number, AccessFact[]>();
  for (const { container, accesses } of program.locations.values()) {
    // Weak keys do not vanish under a caller who holds the key.
    if (container !== "weak-values") continue;
    for (const access of accesses) {
      if (access.sharing === "shared") byFunction.set(access.functionId, [...(byFunction.get(access.functionId) ?? []), access]);
    }
  }
  return [...byFunction].flatMap(([id, weak]) => {
    const fn = program.functions[id];
    return fn ? [...lookedUpTwice(program, fn, weak), ...createdTwice(program, fn, weak)] : [];
  });
}

/** `if key in cache: ... cache[key]`: a lock does not keep the entry alive. */
function lookedUpTwice(program: Program, fn: FunctionFact, weak: readonly AccessFact[]): Hazard[] {
  return fn.tests.flatMap((test) => {
    const check = weak.find((access) => access.operation === "in" && isInCondition(access.order, test));
    const read = check && weak.find((access) => access.operation === "[]" && access.kind === "read" && followsPresence(test, access) && isSame(check, access));
    return check && read ? [hazardOfDeath(program, check, read)] : [];
  });
}

function followsPresence(test: TestFact, access: AccessFact): boolean {
  return controls(test, access.order) && !access.handled.some((name) => name === "*" || name === "KeyError" || name === "LookupError" || name === "Exception");
}

function isSame(check: AccessFact, other: AccessFact): boolean {
  return other.location.key === check.location.key && other.key === check.key;
}

function hazardOfDeath(program: Program, check: AccessFact, read: AccessFact): Hazard {
  const belief = beliefInSharing(program, check);
  return draftHazard(program, metadata, {
    main: check,
    sequence: [check, read],
    interfering: [],
    confidence: belief.confidence,
    evidence: [...belief.evidence, "an entry of a weak dictionary dies with its last strong reference, in any thread, under any lock"],
    message: `${check.text} has the entry here, and line ${read.span.line} asks for it again: it may have died in between (KeyError)`,
  });
}

/** `value = cache.get(key)`, or a `not in` test, and then `cache[key] = ...` without a lock: two threads make and hand out one each. */
function createdTwice(program: Program, fn: FunctionFact, weak: readonly AccessFact[]): Hazard[] {
  const seen = new Set<string>();
  return weak.flatMap((store) => {
    if (!adds(store.operation) || store.operation === "setdefault" || store.lockset.length > 0 || seen.has(store.location.key)) return [];
    const lookup = weak.find((access) => isLookup(access) && access.order < store.order && isSame(access, store));
    if (!lookup || !fn.tests.some((test) => controls(test, store.order))) return [];
    seen.add(store.location.key);
    return [hazardOfTwins(program, lookup, store)];
  });
}

function isLookup({ operation }: AccessFact): boolean {
  return operation === "in" || operation === "get" || operation === "[]";
}

const keptElsewhere: Doubt = { steps: 1, because: "harmless when the two objects are equal and nobody compares identities" };

function hazardOfTwins(program: Program, lookup: AccessFact, store: AccessFact): Hazard {
  const belief = doubt(beliefInSharing(program, store), [store.stored !== "fresh-object" && keptElsewhere]);
  return draftHazard(program, metadata, {
    main: lookup,
    sequence: [lookup, store],
    interfering: interferingWith(program, lookup, (other) => adds(other.operation)),
    ...belief,
    severity: "wrong-answer",
    message: `${lookup.text} misses here and line ${store.span.line} stores a new object without a lock: two threads create and use one each`,
  });
}

export const rule: Rule = { metadata, find, provoke: provokeLookup };
