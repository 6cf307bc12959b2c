// A function in, the entries that it takes out of a container, or looks up there, by keys from a copy that it made before, out:
// `for key in list(self.items): if self.items[key].done: del self.items[key]`. The copy is whole; what it names may be gone by then.
// Misses: copies kept in attributes, or made by other functions.
import type { AccessFact, FunctionFact, Program } from "../../../vocabulary/index.ts";
import { beliefInSharing } from "../confidence.ts";
import { removes } from "../container-operations.ts";
import { interferingWith } from "../hazard-draft.ts";
import type { HazardDraft } from "../hazard-draft.ts";
import { handlesMissing } from "./direct-pairs.ts";

const copies: ReadonlySet<string> = new Set(["builtins.list", "builtins.tuple", "builtins.sorted", "builtins.set", "copy"]);

/** At most one per container. */
export function sweptEntriesIn(program: Program, fn: FunctionFact): HazardDraft[] {
  const out = new Map<string, HazardDraft>();
  for (const copy of fn.accesses) {
    const { key } = copy.location;
    if (copy.container !== "dict" || copy.location.path === "<items>" || !copies.has(copy.operation) || !isOpen(copy) || out.has(key)) continue;
    const acts = fn.accesses.filter((access) => reliesOn(access, copy));
    const draft = draftOf(program, copy, acts);
    if (draft) out.set(key, draft);
  }
  return [...out.values()];
}

function isOpen({ sharing, lockset }: AccessFact): boolean {
  return sharing === "shared" && lockset.length === 0;
}

function reliesOn(access: AccessFact, copy: AccessFact): boolean {
  if (access.location.key !== copy.location.key || access.text !== copy.text || !isOpen(access)) return false;
  return (access.operation === "[]" || access.operation === "del[]") && access.origins.includes(`call@${copy.order}`) && !handlesMissing(access.handled);
}

function draftOf(program: Program, copy: AccessFact, acts: readonly AccessFact[]): HazardDraft | undefined {
  const act = acts.find(({ operation }) => operation === "del[]") ?? acts[0];
  // Two threads in this very function: the second one does not find what the first one has deleted.
  const removers = act === undefined ? [] : interferingWith(program, act, (other) => removes(other.operation) && other.id !== act.id);
  if (!act || (removers.length === 0 && act.operation !== "del[]")) return undefined;
  const remover = removers[0] ?? act;
  return {
    main: act,
    sequence: [copy, act],
    interfering: removers.length > 0 ? removers : [act],
    ...beliefInSharing(program, act),
    severity: "crash",
    message: `the key comes from a copy of ${copy.text} (line ${copy.span.line}); ${remover.function} (line ${remover.span.line}) in another thread may have taken the entry out since`,
  };
}
