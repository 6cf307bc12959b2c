// A mutable borrow of an instance, or of a RefCell, is alive while Python code runs that may want it too.
// Borrows by the receiver itself are mut-self-method's.
import type { Hazard, RuleMetadata, RustCall, RustFunction, RustGuard, RustProgram, RustRule, RustType } from "../../../vocabulary/index.ts";
import { callsOf, placeName, pythonRunBy } from "../attached-calls.ts";
import { draftRustHazard } from "../rust-hazard.ts";

const metadata: RuleMetadata = {
  id: "rust/borrow-across-python-call",
  title: "Borrow alive while Python code runs",
  severity: "wrong-answer",
  consequence: "The Python code comes back to the same object and the second borrow panics, or raises RuntimeError: Already borrowed.",
  sources: ["docs.rs/pyo3 pycell"],
  since: "0.3.0",
  fixes: [{ title: "A shorter borrow", cost: "low", detail: "Clone the callable out of the borrow, end it, then call." }],
};

const exclusive: ReadonlySet<string> = new Set(["refcell-mut", "pycell-mut"]);

function find(program: RustProgram): Hazard[] {
  const reachable = reachableStructs(program);
  return program.functions.flatMap((fn) => {
    if (fn.testOnly) return [];
    return fn.guards.flatMap((guard, index) => {
      if (!exclusive.has(guard.kind)) return [];
      const call = callsOf(fn).find((each) => each.guards.includes(index) && pythonRunBy(program, fn, each) === "anything");
      if (call === undefined) return [];
      const { place, kind } = guard;
      const owner = fn.owner?.declaration;
      const comesBack = kind === "pycell-mut" || place.root.kind !== "self" || owner === undefined || reachable.has(owner);
      return [report(program, fn, guard, { call, comesBack })];
    });
  });
}

/** Types that a Python class or a static leads to: others belong to one call. */
function reachableStructs({ structs, statics }: RustProgram): ReadonlySet<number> {
  const found = new Set(structs.filter(({ pyclass }) => pyclass !== undefined).map(({ id }) => id));
  for (const { type } of statics) for (const id of declaredIn(type)) found.add(id);
  for (const id of found) for (const { type } of structs[id]?.fields ?? []) for (const inner of declaredIn(type)) found.add(inner);
  return found;
}

function declaredIn({ declaration, arguments: parts }: RustType): number[] {
  return [...(declaration === undefined ? [] : [declaration]), ...parts.flatMap(declaredIn)];
}

interface Crossing {
  readonly call: RustCall;
  /** Python code can lead back to what is borrowed. */
  readonly comesBack: boolean;
}

function report(program: RustProgram, fn: RustFunction, guard: RustGuard, { call, comesBack }: Crossing): Hazard {
  const place = placeName(fn, guard.place);
  const taken = fn.events[guard.from];
  return draftRustHazard(program, metadata, {
    subject: fn.qualifiedName,
    crate: fn.crate,
    span: call.span,
    location: place === "" ? `${fn.qualifiedName}.${guard.local ?? "borrow"}` : place,
    accesses: [{ span: taken?.span ?? call.span, function: fn.qualifiedName, kind: "update" }],
    confidence: comesBack ? "medium" : "low",
    singleThreaded: true,
    evidence: [
      comesBack ? "the code that is called may come back to the same object" : `no class of Python and no static leads to a ${fn.owner?.name ?? "value"}`,
    ],
    message: `${guard.local ?? "a mutable borrow"} is alive while ${call.text} runs Python code`,
  });
}

export const rule: RustRule = { metadata, find };
