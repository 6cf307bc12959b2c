// `__traverse__` takes more than `&self` and the visitor: a token, or a receiver that leads to one.
// Since PyO3 0.19 that does not compile, so the rule is silent there.
import { withoutReferences } from "../../../vocabulary/index.ts";
import type { Hazard, RuleMetadata, RustFunction, RustParameter, RustProgram, RustRule } from "../../../vocabulary/index.ts";
import { draftRustHazard, isBefore } from "../rust-hazard.ts";
import { traversalsOf } from "../traversals.ts";

const metadata: RuleMetadata = {
  id: "rust/wrong-traverse-signature",
  title: "Traverse can get at the interpreter by its parameters",
  severity: "crash",
  consequence: "Taking such a parameter changes reference counts in the middle of the collector's walk, and hands out a token that allows everything else.",
  sources: ["PyO3 #3165", "PyO3 #4045"],
  since: "0.3.0",
  fixes: [{ title: "&self and the visitor", cost: "low", detail: "`fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError>`." }],
};

const firstThatRejects = "0.19.0";
const withToken: ReadonlySet<string> = new Set(["Python", "PyRef", "PyRefMut", "Py", "Bound", "PyCell"]);

function find(program: RustProgram): Hazard[] {
  return traversalsOf(program).flatMap((fn) => {
    const known = program.crates[fn.crate]?.pyo3?.version !== undefined;
    if (known && !isBefore(program, fn.crate, firstThatRejects)) return [];
    const wrong = fn.parameters.find(isWrong);
    return wrong === undefined ? [] : [report(program, fn, wrong, known)];
  });
}

function isWrong({ name, type }: RustParameter): boolean {
  return withToken.has(withoutReferences(type).name) || (name === "self" && type.name === "&" && type.mutable);
}

function report(program: RustProgram, fn: RustFunction, { name }: RustParameter, known: boolean): Hazard {
  return draftRustHazard(program, metadata, {
    subject: fn.qualifiedName,
    crate: fn.crate,
    span: { ...fn.span, endLine: fn.span.line, endColumn: fn.span.column },
    location: `${fn.owner?.name ?? fn.name}.__traverse__`,
    confidence: known ? "high" : "medium",
    singleThreaded: true,
    evidence: [`PyO3 before ${firstThatRejects} accepts it`, ...(known ? [] : ["which PyO3 the crate is built with is not known; newer ones reject it"])],
    message: `${fn.qualifiedName} takes \`${name}\`, which leads to the interpreter: a traverse function gets &self and the visitor`,
  });
}

export const rule: RustRule = { metadata, find };
