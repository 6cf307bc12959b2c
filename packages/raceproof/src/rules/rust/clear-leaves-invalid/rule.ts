// After `__clear__` a method panics on what is gone; or `__clear__` itself panics or runs Python.
// Misses: unwrapping through a local of a match; panics on an emptied container.
import type { Hazard, RuleMetadata, RustCall, RustFunction, RustProgram, RustRule } from "../../../vocabulary/index.ts";
import { fieldsChangedBy, pythonClassesOf } from "../python-classes.ts";
import type { PythonClass } from "../python-classes.ts";
import { draftRustHazard } from "../rust-hazard.ts";

const metadata: RuleMetadata = {
  id: "rust/clear-leaves-invalid",
  title: "Clear that leaves an unusable instance",
  severity: "wrong-answer",
  consequence: "A finalizer or a weak reference's callback in the same cycle calls a method of the cleared instance, which panics.",
  sources: ["docs.python.org/3/c-api/typeobj.html#c.PyTypeObject.tp_clear", "PEP 442"],
  since: "0.3.0",
  fixes: [{ title: "Expect the cleared state", cost: "low", detail: "Return an error for a field that is None; let __clear__ only empty fields." }],
};

function find(program: RustProgram): Hazard[] {
  return pythonClassesOf(program).flatMap((cls) => {
    if (cls.clear === undefined) return [];
    return [...ownFaults(program, cls.clear), ...cls.functions.flatMap((fn) => unwrappingIn(program, cls, fn))];
  });
}

const panicking: ReadonlySet<string> = new Set(["panic", "todo", "unimplemented", "unreachable"]);

function ownFaults(program: RustProgram, clear: RustFunction): Hazard[] {
  const calls = clear.events.filter((event): event is RustCall => event.kind === "call");
  const fault = calls.find(({ form, name, effects }) => (form === "macro" && panicking.has(name)) || effects.includes("runs-python"));
  if (fault === undefined) return [];
  const does = fault.form === "macro" ? "panics" : "runs Python code";
  const hazard = draftRustHazard(program, metadata, {
    subject: clear.qualifiedName,
    crate: clear.crate,
    span: fault.span,
    location: `${clear.owner?.name ?? ""}.__clear__`,
    confidence: "medium",
    singleThreaded: true,
    evidence: ["the collector calls it while other members of the cycle are half taken apart"],
    message: `${clear.qualifiedName} ${does}: ${fault.text}`,
  });
  return [hazard];
}

/** The first `unwrap` per field: a second one says nothing new. */
function unwrappingIn(program: RustProgram, { struct, clear, references }: PythonClass, fn: RustFunction): Hazard[] {
  if (fn === clear || clear === undefined || fn.exposed === undefined || fn.name === "__traverse__") return [];
  const emptied = fieldsChangedBy(clear);
  const optional = new Set(references.filter(({ holding }) => holding.wrappers.includes("Option")).map(({ field }) => field.name));
  const unwraps = fn.events.flatMap((event) => {
    const field = event.kind === "call" ? unwrappedField(event) : undefined;
    return field !== undefined && optional.has(field) && emptied.has(field) ? [{ field, span: event.span }] : [];
  });
  const first = [...new Map(unwraps.toReversed().map((each) => [each.field, each])).values()];
  return first.map(({ field, span }) =>
    draftRustHazard(program, metadata, {
      subject: fn.qualifiedName,
      crate: fn.crate,
      span,
      location: `${struct.name}.${field}`,
      accesses: [{ span: clear.span, function: clear.qualifiedName, kind: "write" }],
      confidence: "low",
      singleThreaded: true,
      evidence: ["only what belongs to the same cycle can still call it"],
      message: `${fn.qualifiedName} panics when ${field} is None, as __clear__ leaves it`,
    }),
  );
}

/** Of `self.field.as_ref().unwrap()`: the field. */
function unwrappedField({ name, form, receiver }: RustCall): string | undefined {
  if (form !== "method" || (name !== "unwrap" && name !== "expect") || receiver === undefined) return undefined;
  const { root, path, through } = receiver.origin;
  const isOption = through.every((method) => /^(?:as_ref|as_mut|as_deref|clone|take|borrow|get_mut)$/.test(method));
  return root.kind === "self" && path.length === 1 && isOption ? path[0] : undefined;
}

export const rule: RustRule = { metadata, find };
