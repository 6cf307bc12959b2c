// A function in, the entries that it puts back when a change of them says that they are missing out:
// `try: self.order.move_to_end(key)`, `except KeyError: self.order[key] = None`, where others take entries away.
// Look-ups that make what is missing (`d[k]`, then `d[k] = Thing()`) are what lazy-initialization is about.
import type { AccessFact, FunctionFact, Program } from "../../../vocabulary/index.ts";
import { beliefInSharing, doubt } from "../confidence.ts";
import { needsElement, removes } from "../container-operations.ts";
import type { HazardDraft } from "../hazard-draft.ts";
import { interferingWith } from "../hazard-draft.ts";
import { handlesMissing } from "./direct-pairs.ts";

/** At most one per container. */
export function triedElementsIn(program: Program, fn: FunctionFact): HazardDraft[] {
  const out = new Map<string, HazardDraft>();
  for (const store of fn.accesses) {
    if (store.operation !== "[]=" || !isOpen(store) || out.has(store.location.key)) continue;
    const tried = fn.accesses.find((access) => isTried(access) && isSameEntry(access, store));
    const removers = tried === undefined ? [] : interferingWith(program, store, (other) => removes(other.operation) && other.functionId !== fn.id);
    if (tried && removers.length > 0) out.set(store.location.key, draftOf(program, { tried, store, removers }));
  }
  return [...out.values()];
}

function isOpen({ sharing, lockset }: AccessFact): boolean {
  return sharing === "shared" && lockset.length === 0;
}

function isTried(access: AccessFact): boolean {
  return isOpen(access) && access.operation !== "[]" && needsElement(access.operation) && handlesMissing(access.handled);
}

function isSameEntry(tried: AccessFact, store: AccessFact): boolean {
  return tried.location.key === store.location.key && tried.text === store.text && tried.key === store.key && tried.order < store.order;
}

interface TriedElement {
  readonly tried: AccessFact;
  readonly store: AccessFact;
  readonly removers: readonly AccessFact[];
}

function draftOf(program: Program, { tried, store, removers }: TriedElement): HazardDraft {
  const remover = removers[0] as AccessFact;
  return {
    main: store,
    sequence: [tried, store],
    interfering: removers,
    ...doubt(beliefInSharing(program, store), [{ steps: 2, because: "only wrong where something else says that the entry is gone" }]),
    message: `${tried.text} is found without the entry at line ${tried.span.line} and the entry put in here: ${remover.function} (line ${remover.span.line}) may just have taken it away for good`,
  };
}
