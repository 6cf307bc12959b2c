// An instance keeps a Python function whose Rust closure owns the instance: a cycle that no traverse function can show.
// Misses: closures that are made in another function than the one that stores them.
import type { Hazard, RuleMetadata, RustCall, RustFunction, RustProgram, RustRule } from "../../../vocabulary/index.ts";
import { closuresOf, isWithin } from "../attached-calls.ts";
import { pythonClassesOf } from "../python-classes.ts";
import type { PythonClass } from "../python-classes.ts";
import { draftRustHazard } from "../rust-hazard.ts";

const metadata: RuleMetadata = {
  id: "rust/self-capturing-callback",
  title: "Callback that owns the instance it is kept in",
  severity: "leak",
  consequence: "The function owns the instance and the instance the function; what a Rust closure captures is never visited, so neither is ever freed.",
  sources: ["docs.rs/pyo3 PyCFunction::new_closure", "pyo3.rs/latest/class/protocols.html#garbage-collector-integration"],
  since: "0.3.0",
  fixes: [{ title: "A weak reference", cost: "low", detail: "Let the closure own a PyWeakref to the instance and upgrade it when it is called." }],
};

function find(program: RustProgram): Hazard[] {
  return pythonClassesOf(program).flatMap((cls) => cls.functions.flatMap((fn) => reportIn(program, cls, fn)));
}

function reportIn(program: RustProgram, { struct }: PythonClass, fn: RustFunction): Hazard[] {
  const made = fn.events.find(
    (event): event is RustCall => event.kind === "call" && event.name.startsWith("new_closure") && capturesInstance(fn, event, struct.id),
  );
  if (made === undefined) return [];
  const stored = fn.events.find((event) => event.kind === "access" && event.mode !== "read" && event.order > made.order && isInstance(fn, event.place.root));
  if (stored?.kind !== "access") return [];
  const field = stored.place.path[0] ?? "";
  const hazard = draftRustHazard(program, metadata, {
    subject: fn.qualifiedName,
    crate: fn.crate,
    span: made.span,
    location: `${struct.name}.${field}`,
    accesses: [{ span: stored.span, function: fn.qualifiedName, kind: "write" }],
    confidence: "medium",
    singleThreaded: true,
    evidence: ["the collector is never shown what a Rust closure captures"],
    message: `${fn.qualifiedName} keeps in ${field} a function that owns the instance: neither is ever freed`,
  });
  return [hazard];
}

/** In the closure something of the type of the class is used that does not come from the closure's own parameters. */
function capturesInstance(fn: RustFunction, call: RustCall, struct: number): boolean {
  const closures = closuresOf(call);
  return fn.events.some((event) => {
    if (event.kind !== "call" || !isWithin(fn, event.scope, closures)) return false;
    return [event.receiver, ...event.arguments].some(
      (value) => value !== undefined && value.origin.root.kind !== "closure" && value.type.name === "Py" && value.type.arguments[0]?.declaration === struct,
    );
  });
}

function isInstance({ owner, parameters }: RustFunction, root: { readonly kind: string; readonly index?: number }): boolean {
  if (root.kind === "self") return true;
  const type = root.kind === "parameter" && root.index !== undefined ? parameters[root.index]?.type : undefined;
  return type !== undefined && (type.declaration ?? type.arguments[0]?.declaration) === owner?.declaration;
}

export const rule: RustRule = { metadata, find };
