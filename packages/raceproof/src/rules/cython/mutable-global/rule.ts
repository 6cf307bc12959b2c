// Variables of C in a Cython module that functions store without a lock.
// Misses: arrays and structs whose elements are stored. Over-reports: variables that only one thread's set-up stores.
import { declaredLocations, tornStores } from "../declared-variables.ts";
import type { DeclaredLocation } from "../declared-variables.ts";
import type { AccessFact, CythonProgram, CythonRule, Hazard, RuleMetadata } from "../../../vocabulary/index.ts";
import { beliefInSharing, doubt } from "../../python/confidence.ts";
import { draftHazard, sharesLock } from "../../python/hazard-draft.ts";

const metadata: RuleMetadata = {
  id: "cython/mutable-global",
  title: "Variable of a Cython module stored without a lock",
  severity: "crash",
  consequence: "All threads share it: an object is freed while another thread takes it, a counter loses counts.",
  sources: ["cython.readthedocs.io, Free threading: cdef variables of a module are plain static variables of C"],
  since: "0.2.0",
  general: true,
  fixes: [
    { title: "A cython.pymutex beside it", cost: "low", detail: "`cdef cython.pymutex lock`, held around every store and read." },
    { title: "One per thread", cost: "medium", detail: "threading.local, or an argument." },
  ],
};

function find(cython: CythonProgram): Hazard[] {
  return declaredLocations(cython)
    .filter(({ location }) => location.ownerKind === "module")
    .flatMap((fact) => tornStores(fact).map((store) => hazardOf(cython, fact, store)));
}

function hazardOf({ program }: CythonProgram, { declared, open }: DeclaredLocation, store: AccessFact): Hazard {
  const others = open.filter((other) => other.id !== store.id && !sharesLock(other, store));
  return draftHazard(program, metadata, {
    main: store,
    sequence: [store],
    interfering: others,
    ...doubt(beliefInSharing(program, store), [others.length === 0 && { steps: 1, because: "nothing else touches it" }]),
    severity: declared.content === "number" ? "corruption" : "crash",
    message: `${store.text} (cdef ${declared.type}) is one for all threads, and is stored here without a lock`,
  });
}

export const rule: CythonRule = { metadata, find };
