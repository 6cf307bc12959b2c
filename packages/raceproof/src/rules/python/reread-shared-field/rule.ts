// A shared field or element is read, tested or measured, and read again or used later as if it were still the same, while others
// empty, shrink or replace it. Misses: rereads through getters. Tests for None of a whole attribute are what check-then-act is about.
import type { AccessFact, FunctionFact, Hazard, Program, Rule, RuleMetadata } from "../../../vocabulary/index.ts";
import { activity, openly, shared } from "../activity.ts";
import { beliefInSharing, doubt } from "../confidence.ts";
import { draftHazard } from "../hazard-draft.ts";
import { indexOf } from "../program-index.ts";
import { copiedValues } from "./copied-values.ts";
import { emptiedElementsIn } from "./element-uses.ts";
import type { Reread } from "./element-uses.ts";
import { flagDependencesIn } from "./flag-dependence.ts";
import { passedIndexesIn } from "./passed-indexes.ts";
import { provokeReread } from "./provoke.ts";
import { shrunkContainersIn } from "./shrunk-containers.ts";

const metadata: RuleMetadata = {
  id: "python/reread-shared-field",
  title: "Shared value read again as if it had not changed",
  severity: "crash",
  consequence:
    "The element is None or gone, or the index belongs to a table that has been replaced: AttributeError, IndexError, or a change to the wrong entry.",
  sources: [
    "Lu et al., AVIO: Detecting Atomicity Violations via Access Interleaving Invariants, ASPLOS 2006: a remote write between two local reads",
    "measured: AttributeError on None and IndexError in a hash table of this kind on CPython 3.13t and 3.12 with the GIL",
  ],
  since: "0.1.0",
  fixes: [
    { title: "Read once into a local", cost: "low", detail: "`table = self.table` at the start, and only `table` from there on; test the local." },
    {
      title: "Hold the lock of the writers from the first read to the last",
      cost: "medium",
      detail: "An index or a length is only good while nobody changes the list.",
    },
  ],
};

/** By function, with what the function must do for it, as bits of activity. */
interface Shape {
  readonly needs: readonly number[];
  find(program: Program, fn: FunctionFact): readonly Reread[];
}

const shapes: readonly Shape[] = [
  { needs: [openly(activity.measure), openly(activity.need)], find: shrunkContainersIn },
  { needs: [openly(activity.element)], find: passedIndexesIn },
  { needs: [], find: flagDependencesIn },
];

function find(program: Program): Hazard[] {
  const emptied = emptiedSlots(program);
  const all = emptied.size === 0 ? shapes : [{ needs: looks, find: emptiedElements(emptied) }, ...shapes];
  const index = indexOf(program);
  const rereads: Reread[] = [];
  for (const fn of index.ordinary) {
    for (const shape of all) if (index.does(fn.id, ...shape.needs)) for (const reread of shape.find(program, fn)) rereads.push(reread);
  }
  return [...rereads, ...copiedValues(program)].map((reread) => hazardOf(program, reread));
}

const looks = [openly(activity.element | activity.walk)];

function emptiedElements(emptied: ReadonlyMap<string, readonly AccessFact[]>): Shape["find"] {
  return (program, fn) => emptiedElementsIn(program, fn, emptied);
}

/** Containers whose elements are set to None at run time, with the stores that do it. */
function emptiedSlots(program: Program): Map<string, AccessFact[]> {
  const out = new Map<string, AccessFact[]>();
  for (const { location, accesses } of indexOf(program).locationsDoing(shared(activity.element))) {
    const stores = accesses.filter((access) => access.operation === "[]=" && access.stored === "none" && access.sharing === "shared");
    if (stores.length > 0) out.set(location.key, stores);
  }
  return out;
}

function hazardOf(program: Program, reread: Reread): Hazard {
  const { first, second, interfering, why } = reread;
  return draftHazard(program, metadata, {
    main: second,
    sequence: [first, second],
    interfering,
    ...doubt(beliefInSharing(program, first), [
      why === "shrunk" && { steps: 1, because: "who changes the list may be the one who walks it" },
      why === "flag" && interfering.length === 0 && { steps: 1, because: "nothing in the library changes the flag: its users may" },
    ]),
    message: messageFor(reread),
  });
}

function messageFor({ first, second, interfering, why }: Reread): string {
  const by = nameOf(interfering[0]);
  switch (why) {
    case "emptied":
      return `${second.text} takes for granted that the element of ${first.text} read at line ${first.span.line} is there; ${by} sets elements to None`;
    case "asserted":
      return `this takes for granted that no element of ${first.text} is None; ${by} sets elements to None`;
    case "shrunk":
      return `${second.text}[${second.key ?? ""}] uses the length that ${first.text} had at line ${first.span.line}; ${by} shortens it meanwhile`;
    case "replaced":
      return `index ${second.key ?? ""} was found in an earlier ${first.text}; ${by} replaces it, and this reads it again`;
    case "copied":
      return `${first.text} was copied at line ${first.span.line} and the copy tested, but this takes it from the shared place: ${by} may have emptied it`;
    case "flag":
      return `the flag tested at line ${first.span.line} is tested again, and this relies on what only the first branch has set`;
  }
}

function nameOf(other: AccessFact | undefined): string {
  return `${other?.function ?? "another function"} (line ${other?.span.line ?? 0})`;
}

export const rule: Rule = { metadata, find, provoke: provokeReread };
