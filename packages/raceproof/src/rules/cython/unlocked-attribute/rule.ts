// Attributes of an extension type that ordinary methods store without a critical section or lock.
// Misses: stores through variables whose type is not known. Over-reports: types whose instances never leave one thread.
import { declaredLocations, tornStores } from "../declared-variables.ts";
import type { DeclaredLocation } from "../declared-variables.ts";
import type { AccessFact, CythonProgram, CythonRule, Hazard, RuleMetadata, Severity } from "../../../vocabulary/index.ts";
import { beliefInSharing, doubt } from "../../python/confidence.ts";
import { draftHazard, sharesLock } from "../../python/hazard-draft.ts";

const metadata: RuleMetadata = {
  id: "cython/unlocked-attribute",
  title: "Attribute of an extension type stored without a lock",
  severity: "crash",
  consequence: "One thread drops the old object while another still reads it: use after free. Numbers lose updates.",
  sources: [
    "cython.readthedocs.io, Free threading: cdef attributes are accessed without any lock, so concurrent stores may crash the interpreter",
    "docs.python.org/3/howto/free-threading-extensions.html",
  ],
  since: "0.2.0",
  general: true,
  fixes: [
    {
      title: "A critical section on the object",
      cost: "low",
      detail: "`@cython.critical_section` on the method, or `with cython.critical_section(self):` around the statements (Cython 3.1).",
    },
    { title: "A cython.pymutex in the object", cost: "medium", detail: "Held around every store and every read of the attribute." },
  ],
};

function find(cython: CythonProgram): Hazard[] {
  return declaredLocations(cython)
    .filter(({ location }) => location.ownerKind === "instance")
    .flatMap((fact) => tornStores(fact).map((store) => hazardOf(cython, fact, store)));
}

function hazardOf({ program }: CythonProgram, fact: DeclaredLocation, store: AccessFact): Hazard {
  const { declared, open } = fact;
  const others = open.filter((other) => other.id !== store.id && !sharesLock(other, store));
  const fn = program.functions[store.functionId];
  const iterates = fn !== undefined && program.classes.get(fn.owner ?? "")?.methods.has("__next__") === true;
  return draftHazard(program, metadata, {
    main: store,
    sequence: [store],
    interfering: others,
    ...doubt(beliefInSharing(program, store), [
      iterates && { steps: 1, because: "it is an iterator, which one thread normally uses up" },
      open.every(({ functionId }) => program.functions[functionId]?.public === false) && {
        steps: 1,
        because: "only functions that Python cannot call touch it",
      },
      others.length === 0 && { steps: 1, because: "nothing else touches it but the same statement in another thread" },
    ]),
    severity: severityOf(fact),
    message: `${store.text} (cdef ${declared.type}) is ${declared.content === "number" ? "updated" : "replaced"} without a critical section: ${troubleOf(fact)}`,
  });
}

function severityOf({ declared }: DeclaredLocation): Severity {
  return declared.content === "number" ? "corruption" : "crash";
}

function troubleOf({ declared }: DeclaredLocation): string {
  switch (declared.content) {
    case "object":
      return "another thread may hold the old object, which is freed now";
    case "pointer":
      return "another thread may still follow the old pointer";
    default:
      return "two threads that add at once count once";
  }
}

export const rule: CythonRule = { metadata, find };
