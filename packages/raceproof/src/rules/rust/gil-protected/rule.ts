// State in GILProtected: whoever is attached may use it, and without the GIL that is everybody.
import type { Hazard, RuleMetadata, RustProgram, RustRule, RustType, SourceSpan } from "../../../vocabulary/index.ts";
import { draftRustHazard } from "../rust-hazard.ts";

const metadata: RuleMetadata = {
  id: "rust/gil-protected",
  title: "State protected by the GIL alone",
  severity: "corruption",
  consequence: "Without the GIL nothing protects it; newer releases do not offer the type there, so the crate does not build.",
  sources: ["docs.rs/pyo3 GILProtected", "PyO3 #4504", "pyo3.rs/latest/free-threading.html"],
  since: "0.3.0",
  fixes: [{ title: "A lock", cost: "low", detail: "Put it into a Mutex that is held for no more than the access." }],
};

function find(program: RustProgram): Hazard[] {
  const statics = program.statics.filter(({ type }) => isProtected(type)).map(({ name, crate, span }) => report(program, name, { crate, span }));
  const fields = program.structs.flatMap((struct) =>
    struct.testOnly
      ? []
      : struct.fields.filter(({ type }) => isProtected(type)).map(({ name, span }) => report(program, `${struct.name}.${name}`, { crate: struct.crate, span })),
  );
  return [...statics, ...fields];
}

function isProtected({ name, arguments: parts }: RustType): boolean {
  return name === "GILProtected" || parts.some(isProtected);
}

function report(program: RustProgram, location: string, { crate, span }: { readonly crate: number; readonly span: SourceSpan }): Hazard {
  return draftRustHazard(program, metadata, {
    subject: location,
    crate,
    span,
    location,
    confidence: "high",
    evidence: ["a token of the interpreter is all that its access asks for"],
    message: `${location} is protected by the GIL alone`,
  });
}

export const rule: RustRule = { metadata, find };
