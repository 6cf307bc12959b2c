// A raw call of the C API returns a reference that is not owned, from a container that other threads may change.
// Inside a critical section it is fine.
import { borrowedResults } from "../../../models/index.ts";
import type { Hazard, RuleMetadata, RustCall, RustFunction, RustProgram, RustRule } from "../../../vocabulary/index.ts";
import { callsOf, closuresOf, isWithin } from "../attached-calls.ts";
import { draftRustHazard, reachOf } from "../rust-hazard.ts";

const metadata: RuleMetadata = {
  id: "rust/borrowed-ffi",
  title: "Borrowed reference from a raw call",
  severity: "crash",
  consequence: "Another thread removes the element between the call and the use: the object is freed while in use.",
  sources: ["docs.python.org/3/howto/free-threading-extensions.html#borrowed-references", "PyO3 #4355"],
  since: "0.3.0",
  fixes: [
    {
      title: "A reference of one's own",
      cost: "low",
      detail: "Call the variant that returns a new reference (PyList_GetItemRef, PyDict_GetItemRef), or PyO3's own get_item of 0.22.3 and later.",
    },
    { title: "A critical section", cost: "medium", detail: "Do both in with_critical_section." },
  ],
};

const unchecked: ReadonlySet<string> = new Set(["get_item_unchecked"]);
const sections = /^with_critical_section/;

function find(program: RustProgram): Hazard[] {
  return program.functions.flatMap((fn) => {
    if (fn.testOnly) return [];
    const protectedScopes = new Set(
      callsOf(fn)
        .filter(({ name }) => sections.test(name))
        .flatMap((call) => [...closuresOf(call)]),
    );
    const inSection = (call: RustCall): boolean =>
      isWithin(fn, call.scope, protectedScopes) || callsOf(fn).some(({ name, order }) => name.startsWith("PyCriticalSection_Begin") && order < call.order);
    return callsOf(fn)
      .filter((call) => isBorrowing(call) && !inSection(call))
      .map((call) => report(program, fn, call));
  });
}

function isBorrowing({ name, form, receiver }: RustCall): boolean {
  if (form === "method") return unchecked.has(name) && /^Py(?:List|Dict)$/.test(receiver?.type.arguments[0]?.name ?? receiver?.type.name ?? "");
  const kind = borrowedResults.get(name)?.lender.kind;
  return form === "path" && (name === "PyDict_Next" || kind === "argument" || kind === "interpreter");
}

function report(program: RustProgram, fn: RustFunction, call: RustCall): Hazard {
  const strong = borrowedResults.get(call.name)?.strong;
  return draftRustHazard(program, metadata, {
    subject: fn.qualifiedName,
    crate: fn.crate,
    span: call.span,
    location: `${fn.qualifiedName}.${call.name}`,
    confidence: reachOf(program, fn.crate) === "live" ? "medium" : "low",
    evidence: [
      strong === undefined
        ? "the container may change before the reference is used"
        : `${strong.name} returns a reference of one's own (Python ${strong.since})`,
    ],
    message: `${call.name} returns a borrowed reference from a container that other threads may change`,
  });
}

export const rule: RustRule = { metadata, find };
