// Shared state changed in a `with gil` block that is there to keep others out: without the GIL it keeps out nobody.
// Misses: state reached only through calls.
import { declaredLocations, isStore } from "../declared-variables.ts";
import type { DeclaredLocation } from "../declared-variables.ts";
import type { AccessFact, CythonProgram, CythonRegion, CythonRule, Hazard, RuleMetadata } from "../../../vocabulary/index.ts";
import { beliefInSharing } from "../../python/confidence.ts";
import { draftHazard } from "../../python/hazard-draft.ts";

const metadata: RuleMetadata = {
  id: "cython/gil-as-lock",
  title: "`with gil` used as a lock",
  severity: "corruption",
  consequence: "On a free-threaded build all threads are in the block at once.",
  sources: ["cython.readthedocs.io, Free threading: `with gil` only attaches the thread, it excludes nobody"],
  since: "0.2.0",
  fixes: [
    {
      title: "A lock of its own",
      cost: "low",
      detail: "A cython.pymutex, which also works without the GIL: `with lock:` instead of `with gil:` where no Python is run.",
    },
    { title: "A critical section inside", cost: "low", detail: "`with gil:` and in it `with cython.critical_section(self):`." },
  ],
};

function find(cython: CythonProgram): Hazard[] {
  return declaredLocations(cython).flatMap((fact) =>
    fact.open.filter((store) => isStore(store) && store.lockset.length === 0).flatMap((store) => hazardsOf(cython, fact, store)),
  );
}

function hazardsOf(cython: CythonProgram, fact: DeclaredLocation, store: AccessFact): Hazard[] {
  const block = blockAround(cython, store);
  const asked = fact.open.find((earlier) => earlier.order < store.order && block !== undefined && isInside(block, earlier));
  if (block === undefined || (store.kind !== "update" && asked === undefined)) return [];
  return [
    draftHazard(cython.program, metadata, {
      main: store,
      sequence: asked === undefined ? [store] : [asked, store],
      interfering: fact.open.filter((other) => other.functionId !== store.functionId),
      ...beliefInSharing(cython.program, store),
      message: `${store.text} is read and stored under \`with gil\` (line ${block.span.line}), which keeps no other thread out when there is no GIL`,
    }),
  ];
}

function blockAround({ regions }: CythonProgram, access: AccessFact): CythonRegion | undefined {
  return regions.get(access.span.file)?.findLast((region) => region.kind === "gil" && isInside(region, access));
}

function isInside({ file, from, to }: CythonRegion, { span, order }: AccessFact): boolean {
  return span.file === file && order >= from && order < to;
}

export const rule: CythonRule = { metadata, find };
