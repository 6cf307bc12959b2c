// An attribute of an extension type, or a variable of its module, that the first caller who finds it empty fills.
// Misses: flags asked in another function.
import { declaredLocations, isStore } from "../declared-variables.ts";
import type { DeclaredLocation } from "../declared-variables.ts";
import type { AccessFact, CythonProgram, CythonRule, Hazard, Program, RuleMetadata, TestFact } from "../../../vocabulary/index.ts";
import { beliefInSharing } from "../../python/confidence.ts";
import { draftHazard, sharesLock } from "../../python/hazard-draft.ts";

const metadata: RuleMetadata = {
  id: "cython/lazy-attribute",
  title: "Lazy attribute of an extension type",
  severity: "crash",
  consequence: "Two first callers both fill it: the value that one of them returns is freed by the other, or memory leaks.",
  sources: ["cython.readthedocs.io, Free threading: initialization on first use, buggy_init.pyx and py_safe_call_once"],
  since: "0.2.0",
  fixes: [
    {
      title: "A critical section on the object",
      cost: "low",
      detail: "`@cython.critical_section` on the method, or `with cython.critical_section(self):` around the statements (Cython 3.1).",
    },
    { title: "Fill it in __cinit__", cost: "low", detail: "Nobody else has the object then." },
    { title: "py_safe_call_once", cost: "medium", detail: "A py_safe_once_flag in the object (Cython 3.2)." },
  ],
};

interface Lazy {
  readonly check: AccessFact;
  readonly store: AccessFact;
}

function find(cython: CythonProgram): Hazard[] {
  return declaredLocations(cython)
    .filter(({ declared }) => declared.content !== "number")
    .flatMap((fact) => lazyStores(cython, fact).map((lazy) => hazardOf(cython, fact, lazy)));
}

/** Stores that only run when a test of the same attribute in the same function found it empty: the first of each function. */
function lazyStores({ program }: CythonProgram, { open }: DeclaredLocation): Lazy[] {
  const found = open.filter(isStore).flatMap((store) => {
    if (store.stored === "none" || /=\s*NULL\s*$/.test(program.sourceOf(store.statement))) return [];
    const tests = program.functions[store.functionId]?.tests ?? [];
    const check = open.find((earlier) => {
      const isEarlier = earlier.functionId === store.functionId && earlier.order < store.order && !sharesLock(earlier, store);
      return isEarlier && tests.some((test) => contains(test.condition, earlier) && runsWhenEmpty(program, test, { check: earlier, store }));
    });
    return check === undefined ? [] : [{ check, store }];
  });
  return found.filter(({ store }, index) => found.findIndex((other) => other.store.functionId === store.functionId) === index);
}

/** `if x is None: x = …`, `if x is not None: return x` and then `x = …` */
function runsWhenEmpty(program: Program, test: TestFact, { check, store }: Lazy): boolean {
  const text = program.sourceOf(check.statement);
  const asksForEmpty = /\bis None\b|==\s*(?:NULL|None)\b|\bis NULL\b/.test(text) || (/\bnot\b/.test(text) && !/\bis not\b|\bnot in\b/.test(text));
  return asksForEmpty ? contains(test.whenTrue, store) : test.trueLeaves ? contains(test.after, store) : contains(test.whenFalse, store);
}

function contains([from, to]: readonly [number, number], { order }: AccessFact): boolean {
  return order >= from && order < to;
}

function hazardOf({ program }: CythonProgram, { declared, open }: DeclaredLocation, { check, store }: Lazy): Hazard {
  return draftHazard(program, metadata, {
    main: store,
    sequence: [check, store],
    interfering: open.filter((other) => isStore(other) && other.functionId !== store.functionId && !sharesLock(other, store)),
    ...beliefInSharing(program, store),
    severity: declared.content === "object" || declared.content === "pointer" ? "crash" : "wrong-answer",
    message: `${store.text} (cdef ${declared.type}) is found empty at line ${check.span.line} and filled here without a critical section: two first callers both fill it, and free each other's`,
  });
}

export const rule: CythonRule = { metadata, find };
