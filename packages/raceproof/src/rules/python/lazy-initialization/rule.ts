// An attribute is filled by the first caller that finds it empty: two first callers fill it twice, or one sees it half filled.
// Misses: flags asked in another function. Class attributes and globals have rules of their own.
import type { AccessFact, FunctionFact, Hazard, Program, Rule, RuleMetadata } from "../../../vocabulary/index.ts";
import { activity, openly, shared } from "../activity.ts";
import { beliefInSharing, doubt } from "../confidence.ts";
import type { Doubt } from "../confidence.ts";
import { draftHazard, interferingWith } from "../hazard-draft.ts";
import { indexOf } from "../program-index.ts";
import { cachedPropertyIn } from "./cached-properties.ts";
import { getOrCreatesIn } from "./get-or-create.ts";
import type { GetOrCreate } from "./get-or-create.ts";
import { halfMadePairsIn } from "./half-made-pairs.ts";
import { lazyStoresIn } from "./lazy-stores.ts";
import type { LazyStore } from "./lazy-stores.ts";
import { provokeFirstUse } from "./provoke.ts";
import { makingOf } from "./what-is-made.ts";

const metadata: RuleMetadata = {
  id: "python/lazy-initialization",
  title: "Value made on first use without a lock",
  severity: "wrong-answer",
  consequence: "Two first callers each make one: work is done twice, callers hold different objects, or one of them sees the value before it is complete.",
  sources: [
    "Schmidt, Harrison, Double-Checked Locking, PLoP 1996; Bacon et al., The Double-Checked Locking is Broken Declaration, 2000",
    "docs.python.org/3/library/functools.html#functools.cached_property: no lock since 3.12",
    "measured: an empty result in 20 of 20 repeats on CPython 3.13t where the flag is set before the data",
  ],
  since: "0.1.0",
  guardedShape: "filled-when-empty",
  fixes: [
    { title: "Make it in the constructor", cost: "low", detail: "What is cheap to make needs no laziness." },
    { title: "Test, make and store under one lock", cost: "low", detail: "Testing once more inside the lock lets the test outside stay unlocked." },
    { title: "Make it in a local, store it last", cost: "low", detail: "`x = make(); fill(x); self._x = x`; in a dict `setdefault(key, x)` decides who wins." },
  ],
};

function find(program: Program): Hazard[] {
  const index = indexOf(program);
  const out: Hazard[] = [];
  for (const fn of index.ordinary) {
    if (index.does(fn.id, shared(activity.store)))
      for (const lazy of [...lazyStoresIn(program, fn), ...halfMadePairsIn(program, fn)]) out.push(hazardOfStore(program, fn, lazy));
    if (index.does(fn.id, openly(activity.element), openly(activity.mutate)))
      for (const pair of getOrCreatesIn(program, fn)) out.push(hazardOfEntry(program, pair));
    if (fn.decorators.length > 0) out.push(...cachedHazards(program, fn));
  }
  return out;
}

const oneLoop: Doubt = { steps: 1, because: "tasks of one event loop take turns only at an await" };

function hazardOfStore(program: Program, fn: FunctionFact, lazy: LazyStore): Hazard {
  const { check, store, fault, late } = lazy;
  const making = makingOf(program, fn, lazy);
  const belief = doubt(beliefInSharing(program, check), [(fault === "unlocked" || fault === "worn-out") && making.doubt, fn.asynchronous && oneLoop]);
  return draftHazard(program, metadata, {
    main: store,
    sequence: check === store ? [store] : [check, store, ...late.slice(0, 1)].toSorted((a, b) => a.order - b.order),
    interfering: interferingWith(program, check, (other) => other.functionId !== fn.id),
    ...belief,
    message: messageFor(lazy, making.matters),
  });
}

function placeOf(access: AccessFact | undefined): string {
  return access ? `${access.function} (line ${access.span.line})` : "its reader";
}

function messageFor({ check, store, fault, late }: LazyStore, matters: string | undefined): string {
  const asked = `${store.text} is found empty at line ${check.span.line}`;
  const reason = matters === undefined ? "" : `; ${matters}`;
  const [first] = late;
  const data = first ? { text: first.text, line: first.span.line } : { text: "the data", line: 0 };
  switch (fault) {
    case "flag-first":
      return `${store.text} is set before ${data.text} is filled: a second thread skips that and uses it half made (line ${data.line})`;
    case "filled-twice":
      return `${asked} and set after ${data.text} was filled at line ${data.line}: two first callers fill it twice`;
    case "worn-out":
      return `${check.text} is found of no use any more at line ${check.span.line} and replaced here without a lock: of two threads each makes one${reason}`;
    case "unchecked-again":
      return `${asked}, outside the lock, and made here without asking again: threads that waited for the lock make it once more`;
    case "half-made":
      return `${asked}, and stored here before ${data.text} at line ${data.line}: a second thread takes both for made, and ${placeOf(late[1])} reads the old value`;
    case "unlocked":
      return `${asked} and made here without a lock: two first callers both make it${reason}`;
  }
}

function hazardOfEntry(program: Program, { lookup, store, made, doubt: doubted }: GetOrCreate): Hazard {
  const others = interferingWith(program, lookup, (other: AccessFact) => other.id !== store.id && other.kind !== "read");
  return draftHazard(program, metadata, {
    main: store,
    sequence: [lookup, store],
    interfering: others,
    ...doubt(beliefInSharing(program, lookup), [doubted]),
    message: `the entry of ${store.text} is looked up at line ${lookup.span.line} and made here (${made}) without a lock: two threads get different objects for one key`,
  });
}

function cachedHazards(program: Program, fn: FunctionFact): Hazard[] {
  const cached = cachedPropertyIn(fn);
  if (!cached || cached.store.lockset.length > 0) return [];
  const { store, made } = cached;
  return [
    draftHazard(program, metadata, {
      main: store,
      sequence: [store],
      interfering: [],
      ...beliefInSharing(program, store),
      message: `${store.text} is kept by a cached_property, which takes no lock: each of two first callers gets ${made}() of its own`,
    }),
  ];
}

export const rule: Rule = { metadata, find, provoke: provokeFirstUse };
