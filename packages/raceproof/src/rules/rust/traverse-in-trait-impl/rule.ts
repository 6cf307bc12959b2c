// `__traverse__` stands in the impl of a trait, where PyO3 does not look for it.
import { withoutReferences } from "../../../vocabulary/index.ts";
import type { Hazard, RuleMetadata, RustFunction, RustProgram, RustRule } from "../../../vocabulary/index.ts";
import { draftRustHazard } from "../rust-hazard.ts";

const metadata: RuleMetadata = {
  id: "rust/traverse-in-trait-impl",
  title: "Traverse outside #[pymethods]",
  severity: "leak",
  consequence:
    "The collector never calls it, and cycles through the object are never freed; before PyO3 0.19 a trait's function of that name could be called in place of the class's own.",
  sources: ["PyO3 #3168 (traverse_cannot_be_hijacked)", "pyo3.rs/latest/class/protocols.html#garbage-collector-integration"],
  since: "0.3.0",
  fixes: [{ title: "Move it", cost: "low", detail: "Into `#[pymethods] impl Class`." }],
};

function find(program: RustProgram): Hazard[] {
  return program.functions.flatMap((fn) => (isMisplaced(fn) && isForClass(program, fn) ? [report(program, fn)] : []));
}

/** For a class, or what PyO3 gives of one; impls for all types and for plain structs are somebody's own protocol. */
function isForClass({ structs }: RustProgram, { owner }: RustFunction): boolean {
  const type = owner === undefined ? undefined : withoutReferences(owner);
  const own = type !== undefined && /^(?:PyRef|PyRefMut|Bound|Py|PyCell)$/.test(type.name) ? withoutReferences(type.arguments[0] ?? type) : type;
  return structs[own?.declaration ?? -1]?.pyclass !== undefined;
}

/** The old protocol was a trait, and its impl is the slot. */
function isMisplaced({ name, context, trait, parameters, testOnly }: RustFunction): boolean {
  if (name !== "__traverse__" || testOnly || trait?.name === "PyGCProtocol" || context === "pymethods" || context === "trait") return false;
  return parameters.some(({ type }) => withoutReferences(type).name === "PyVisit");
}

function report(program: RustProgram, fn: RustFunction): Hazard {
  const where = fn.trait === undefined ? "an impl without #[pymethods]" : `an impl of ${fn.trait.name}`;
  return draftRustHazard(program, metadata, {
    subject: fn.qualifiedName,
    crate: fn.crate,
    span: { ...fn.span, endLine: fn.span.line, endColumn: fn.span.column },
    location: `${fn.owner?.name ?? fn.name}.__traverse__`,
    confidence: fn.trait === undefined ? "medium" : "high",
    singleThreaded: true,
    evidence: ["PyO3 makes the slot from #[pymethods] alone"],
    message: `${fn.qualifiedName} stands in ${where}: the collector does not call it`,
  });
}

export const rule: RustRule = { metadata, find };
