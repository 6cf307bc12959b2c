// Shape 3: a shared dict, set or deque is iterated in Python code while another function adds or removes elements.
// Misses: containers whose kind is unknown and that are iterated without items(), keys() or values(); lists (they skip, not raise).
import type { AccessFact, ContainerKind, Hazard, Program, Rule, RuleMetadata } from "../../../vocabulary/index.ts";
import { atomicityOf, consumers, isAtomicEverywhere, processContainers } from "../../../models/index.ts";
import type { AtomicityRow } from "../../../models/index.ts";
import { beliefInSharing, doubt } from "../confidence.ts";
import type { Doubt } from "../confidence.ts";
import { addsOrRemoves } from "../container-operations.ts";
import { draftHazard, interferingWith, ordinaryFunctions } from "../hazard-draft.ts";
import { runtimesInTrouble } from "../runtimes-in-trouble.ts";
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
const noticesChange: ReadonlySet<string> = new Set(["dict", "set", "deque", "weak-values", "weak-keys", "weak-set"]);

function find(program: Program): Hazard[] {
  return ordinaryFunctions(program).flatMap((fn) => fn.accesses.flatMap((access) => hazardAt(program, access)));
}

function hazardAt(program: Program, access: AccessFact): Hazard[] {
  if (access.sharing !== "shared" || (access.kind !== "iterate" && access.kind !== "call")) return [];
  const kind = program.locations.get(access.location.key)?.container ?? access.container;
  const walk = noticesChange.has(kind) ? walkOf(access, kind) : undefined;
  if (!walk || isAtomicEverywhere(walk)) return [];
  const writers = interferingWith(program, access, (other) => addsOrRemoves(other.operation));
  const changedBy = nameOfWriter(access, writers[0]);
  if (changedBy === undefined) return [];
  const sharing = beliefInSharing(program, access);
  const counted = writers.length > 0 ? [`${writers.length} other accesses add or remove elements`] : [];
  const found = { ...sharing, evidence: [...sharing.evidence, ...counted] };
  const belief = doubt(found, doubtsAbout(access, walk));
  return [
    draftHazard(program, metadata, {
      main: access,
      sequence: [access],
      interfering: writers,
      ...belief,
      message: `${access.text} is iterated here while ${changedBy} may add or remove elements`,
    }),
  ];
}

/** Containers of the interpreter are changed by the interpreter. */
function nameOfWriter({ location }: AccessFact, writer: AccessFact | undefined): string | undefined {
  const interpreter = location.ownerKind === "process" ? processContainers.get(location.display)?.changedBy : undefined;
  return interpreter ?? (writer && `${writer.function} (${writer.span.file}:${writer.span.line})`);
}

/** How the operation walks over the container; undefined when it does not. */
function walkOf(access: AccessFact, kind: ContainerKind): AtomicityRow | undefined {
  return access.kind === "iterate" || consumers.has(access.operation) ? atomicityOf(access.operation, kind) : undefined;
}

function doubtsAbout(access: AccessFact, walk: AtomicityRow): (Doubt | undefined | false)[] {
  const handled = access.handled.includes("RuntimeError") || access.handled.includes("*");
  return [
    handled && { steps: 2, because: "RuntimeError is handled around the loop" },
    onlySomewhere(walk),
    access.operation === "next-iter" && { steps: 1, because: "only the first element is taken: the window is narrow" },
  ];
}

/** One call of C code is atomic with the GIL. */
function onlySomewhere(walk: AtomicityRow): Doubt | undefined {
  return walk.on.gil === "atomic" ? { steps: 1, because: `one call of C code: ${runtimesInTrouble(walk)}` } : undefined;
}

export const rule: Rule = { metadata, find, provoke: provokeIteration };
