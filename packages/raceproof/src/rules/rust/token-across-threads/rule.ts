// A token, or an object bound to one, is smuggled to where the thread is not attached.
import type { Confidence, Hazard, RuleMetadata, RustCall, RustFunction, RustProgram, RustRule, RustType, SourceSpan } from "../../../vocabulary/index.ts";
import { callsOf } from "../attached-calls.ts";
import { draftRustHazard } from "../rust-hazard.ts";

const metadata: RuleMetadata = {
  id: "rust/token-across-threads",
  title: "Token carried to a thread that is not attached",
  severity: "corruption",
  consequence: "The object is used by a thread that does not have the interpreter: counts are torn, memory is freed while in use.",
  sources: ["docs.rs/pyo3 marker (Ungil, and what it cannot prevent)"],
  since: "0.3.0",
  fixes: [{ title: "Py and attach", cost: "low", detail: "Send a Py<T> and attach in the other thread, or take Rust values out before detaching." }],
};

const tokens = /^(?:Python|Bound|Borrowed|PyRef|PyRefMut|PyVisit)$/;
const smuggling = /(?:^|::)(?:SendWrapper::new|transmute|AssertUngil|UnsafeSend|AssertSend|ForceSend)$/;

function find(program: RustProgram): Hazard[] {
  const calls = program.functions.flatMap((fn) => (fn.testOnly ? [] : callsOf(fn).flatMap((call) => smuggledBy(program, fn, call))));
  const promised = program.implementations.flatMap((implementation) => {
    const { unsafe, trait, type, span, crate } = implementation;
    if (!unsafe || (trait?.name !== "Send" && trait?.name !== "Ungil")) return [];
    const held = tokenIn(program, type);
    return held === undefined ? [] : [report(program, { subject: type.name, crate, span, held, confidence: "high", how: `unsafe impl ${trait.name}` })];
  });
  return [...calls, ...promised];
}

function smuggledBy(program: RustProgram, fn: RustFunction, { path, arguments: given, span, text }: RustCall): Hazard[] {
  if (!smuggling.test(path)) return [];
  const held = given.map(({ type }) => tokenIn(program, type)).find((name) => name !== undefined);
  if (held === undefined) return [];
  return [report(program, { subject: fn.qualifiedName, crate: fn.crate, span, held, confidence: path.endsWith("transmute") ? "medium" : "high", how: text })];
}

function tokenIn(program: RustProgram, type: RustType): string | undefined {
  if (tokens.test(type.name)) return type.name;
  const fields = type.declaration === undefined ? [] : (program.structs[type.declaration]?.fields ?? []);
  const named = fields.find((field) => tokens.test(field.type.name))?.type.name;
  return named ?? type.arguments.map((part) => tokenIn(program, part)).find((name) => name !== undefined);
}

interface Smuggled {
  readonly subject: string;
  readonly crate: number;
  readonly span: SourceSpan;
  readonly held: string;
  readonly confidence: Confidence;
  readonly how: string;
}

function report(program: RustProgram, { subject, crate, span, held, confidence, how }: Smuggled): Hazard {
  return draftRustHazard(program, metadata, {
    subject,
    crate,
    span,
    location: `${subject}.${held}`,
    confidence,
    singleThreaded: true,
    evidence: ["the compiler is told not to look"],
    message: `${how} carries a ${held} to where the thread may not be attached`,
  });
}

export const rule: RustRule = { metadata, find };
