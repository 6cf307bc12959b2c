// A Cython module, or its build, says that it runs without the GIL, while nothing in it locks and its extension types change.
import type { AccessFact, CythonProgram, CythonRule, Hazard, RuleMetadata, SourceSpan } from "../../../vocabulary/index.ts";
import { draftBlockHazard } from "../block-hazard.ts";
import { declaredLocations, isTorn } from "../declared-variables.ts";

const metadata: RuleMetadata = {
  id: "cython/declared-but-unsafe",
  title: "Declared safe without a lock",
  severity: "crash",
  consequence: "Importing the module keeps the GIL off: every race in it is live.",
  sources: ["cython.readthedocs.io, Free threading: freethreading_compatible sets Py_MOD_GIL_NOT_USED and changes nothing else"],
  since: "0.2.0",
  fixes: [
    { title: "Take the directive back", cost: "low", detail: "Without it the interpreter turns the GIL on when the module is imported." },
    { title: "Critical sections", cost: "medium", detail: "`@cython.critical_section` on the methods that store attributes." },
  ],
};

function find(cython: CythonProgram): Hazard[] {
  const byDirective = new Map<string, Suspect[]>();
  for (const { file, freeThreading } of cython.files.values()) {
    const stores = declaredLocations(cython).flatMap((fact) => fact.open.filter((access) => access.span.file === file && isTorn(fact, access)));
    if (freeThreading === undefined || stores.length === 0 || locks(cython, file)) continue;
    const directive = `${freeThreading.file}:${freeThreading.line}`;
    byDirective.set(directive, [...(byDirective.get(directive) ?? []), { file, span: freeThreading, stores }]);
  }
  return [...byDirective.values()].flatMap((suspects) => hazardOf(cython, suspects));
}

interface Suspect {
  readonly file: string;
  readonly span: SourceSpan;
  readonly stores: readonly AccessFact[];
}

function hazardOf(cython: CythonProgram, suspects: readonly Suspect[]): Hazard[] {
  const [first] = suspects;
  if (first === undefined) return [];
  const files = suspects.map(({ file }) => file).join(", ");
  const stores = suspects.flatMap((suspect) => suspect.stores);
  return [
    draftBlockHazard(cython, metadata, {
      span: first.span,
      subject: "freethreading_compatible",
      accesses: stores.slice(0, 3),
      confidence: "high",
      evidence: [`${stores.length} stores of cdef attributes and variables by methods, ${stores[0]?.text} among them`, "no critical section or lock in any"],
      message: `${files} ${suspects.length === 1 ? "is" : "are"} declared to need no GIL, and nothing there locks`,
    }),
  ];
}

function locks({ program }: CythonProgram, file: string): boolean {
  return program.functions.some((fn) => fn.span.file === file && (fn.acquisitions.length > 0 || fn.accesses.some(({ lockset }) => lockset.length > 0)));
}

export const rule: CythonRule = { metadata, find };
