// Shape 3: a shared dict, set or deque is iterated in Python code while another function adds or removes elements.
// Misses: containers whose kind is unknown and that are iterated without items(), keys() or values(); lists (they skip, not raise).
import type { AccessFact, Hazard, Program, Rule, RuleMetadata } from "../../../vocabulary/index.ts";
import { consumers } from "../../../models/index.ts";
import type { ConsumerRow } from "../../../models/index.ts";
import { beliefInSharing, doubt } from "../confidence.ts";
import type { Doubt } from "../confidence.ts";
import { addsOrRemoves } from "../container-operations.ts";
import { draftHazard, interferingWith, ordinaryFunctions } from "../hazard-draft.ts";
import { provokeIteration } from "./provoke.ts";

export const metadata: RuleMetadata = {
  id: "python/mutate-during-iterate",
  title: "Container changed while it is iterated",
  severity: "crash",
  consequence: "RuntimeError: dictionary changed size during iteration, in a thread that only reads.",
  sources: [
    "docs.python.org/3/library/stdtypes.html#dictionary-view-objects",
    "measured: 20 of 20 repeats on CPython 3.11, 3.13, 3.13t and PyPy for a loop with Python code in its body",
  ],
  since: "0.1.0",
  fixes: [
    {
      title: "Iterate over a snapshot",
      cost: "low",
      detail: "`for k in list(d)` or `list(d.items())`: one atomic call on every runtime; tuple(d) and sum(d.values()) are not atomic without the GIL.",
    },
    { title: "Hold the lock of the writers while iterating", cost: "medium", detail: "Needed when the loop must see a consistent state." },
    { title: "Copy on write", cost: "medium", detail: "Writers build a new dict and rebind the attribute; readers iterate the one they loaded." },
  ],
};

/** Kinds whose iterators notice a change of size. */
const noticesChange: ReadonlySet<string> = new Set(["dict", "set", "deque"]);

function find(program: Program): Hazard[] {
  return ordinaryFunctions(program).flatMap((fn) => fn.accesses.flatMap((access) => hazardAt(program, access)));
}

function hazardAt(program: Program, access: AccessFact): Hazard[] {
  const consumer = access.kind === "call" ? consumers.get(access.operation) : undefined;
  const elementwise = consumer && !consumer.atomicFreeThreaded ? consumer : undefined;
  if (access.sharing !== "shared" || (access.kind !== "iterate" && !elementwise)) return [];
  const kind = program.locations.get(access.location.key)?.container ?? access.container;
  if (!noticesChange.has(kind)) return [];
  const writers = interferingWith(program, access, (other) => addsOrRemoves(other.operation));
  const writer = writers[0];
  if (!writer) return [];
  const sharing = beliefInSharing(program, access);
  const found = { ...sharing, evidence: [...sharing.evidence, `${writers.length} other accesses add or remove elements`] };
  const belief = doubt(found, doubtsAbout(access, elementwise));
  return [
    draftHazard(program, metadata, {
      main: access,
      sequence: [access],
      interfering: writers,
      ...belief,
      message: `${access.text} is iterated here while ${writer.function} (${writer.span.file}:${writer.span.line}) may add or remove elements`,
    }),
  ];
}

function doubtsAbout(access: AccessFact, elementwise: ConsumerRow | undefined): (Doubt | false)[] {
  const handled = access.handled.includes("RuntimeError") || access.handled.includes("*");
  const because = `one C call: atomic with the GIL, not on free-threaded builds (${elementwise?.source ?? ""})`;
  return [
    handled && { steps: 2, because: "RuntimeError is handled around the loop" },
    elementwise !== undefined && { steps: 1, because },
    access.operation === "next-iter" && { steps: 1, because: "only the first element is taken: the window is narrow" },
  ];
}

export const rule: Rule = { metadata, find, provoke: provokeIteration };
