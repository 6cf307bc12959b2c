// The initializer of a GILOnceCell changes something: it may run more than once.
import type { Hazard, RuleMetadata, RustCall, RustEvent, RustFunction, RustProgram, RustRule } from "../../../vocabulary/index.ts";
import { callsOf, closuresOf, isWithin, placeName } from "../attached-calls.ts";
import { draftRustHazard } from "../rust-hazard.ts";

const metadata: RuleMetadata = {
  id: "rust/gil-once-cell-side-effects",
  title: "Initializer that may run twice",
  severity: "wrong-answer",
  consequence:
    "Two threads can both run the closure: it lets go of the GIL when it runs Python, and without the GIL they run at once. What it changes is changed twice.",
  sources: ["docs.rs/pyo3 GILOnceCell::get_or_init"],
  since: "0.3.0",
  fixes: [
    { title: "Only make a value", cost: "low", detail: "Let the closure build the value; register it afterwards, once." },
    { title: "PyOnceLock", cost: "low", detail: "Its closure runs once (PyO3 0.26)." },
  ],
};

function find(program: RustProgram): Hazard[] {
  return program.functions.flatMap((fn) => {
    if (fn.testOnly) return [];
    return callsOf(fn).flatMap((call) => {
      const changed = isFilling(call) ? firstChange(fn, call) : undefined;
      return changed === undefined ? [] : [report(program, fn, call, changed)];
    });
  });
}

function isFilling({ name, receiver }: RustCall): boolean {
  const type = receiver?.type.name === "&" ? receiver.type.arguments[0] : receiver?.type;
  return type?.name === "GILOnceCell" && /^get_or_(?:try_)?init/.test(name);
}

/** A store to a static, an atomic changed, or a call that changes a static. */
function firstChange(fn: RustFunction, call: RustCall): RustEvent | undefined {
  const closures = closuresOf(call);
  return fn.events.find((event) => isWithin(fn, event.scope, closures) && changesStatic(fn, event));
}

function changesStatic({ effects }: RustFunction, event: RustEvent): boolean {
  if (event.kind === "access") return event.mode !== "read" && event.place.root.kind === "static";
  if (event.kind !== "call") return false;
  if (event.receiver?.origin.root.kind === "static" && /^(?:fetch_\w+|store|swap|compare_exchange\w*)$/.test(event.name)) return true;
  return effects.some(({ kind, order, place }) => kind === "mutates" && order === event.order && place.root.kind === "static");
}

function report(program: RustProgram, fn: RustFunction, call: RustCall, changed: RustEvent): Hazard {
  const cell = call.receiver === undefined ? "" : placeName(fn, call.receiver.origin);
  return draftRustHazard(program, metadata, {
    subject: fn.qualifiedName,
    crate: fn.crate,
    span: changed.span,
    location: cell === "" ? fn.qualifiedName : cell,
    accesses: [{ span: call.span, function: fn.qualifiedName, kind: "call" }],
    confidence: "medium",
    singleThreaded: true,
    evidence: ["the closure of a GILOnceCell may run in several threads; all but one result are thrown away"],
    message: `${changed.text} in the initializer of ${cell === "" ? "a GILOnceCell" : cell} may be done more than once`,
  });
}

export const rule: RustRule = { metadata, find };
