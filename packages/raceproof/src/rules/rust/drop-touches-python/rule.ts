// The destructor of a Python class runs Python, takes the interpreter or waits.
// It runs wherever the last reference goes: inside the collector, under any lock, on a thread that is not attached, while the interpreter ends.
import type { Confidence, Hazard, RuleMetadata, RustEffect, RustEffectKind, RustFunction, RustProgram, RustRule } from "../../../vocabulary/index.ts";
import { pythonClassesOf } from "../python-classes.ts";
import { draftRustHazard } from "../rust-hazard.ts";

const metadata: RuleMetadata = {
  id: "rust/drop-touches-python",
  title: "Destructor that touches Python",
  severity: "deadlock",
  consequence: "It runs at a moment nobody chose: it can wait for ever for a lock that its own thread has, or meet objects that the collector took apart.",
  sources: [
    "docs.rs/pyo3 Python::attach (what happens when the interpreter ends)",
    "PEP 442",
    "docs.python.org/3/c-api/typeobj.html#c.PyTypeObject.tp_dealloc",
  ],
  since: "0.3.0",
  fixes: [{ title: "A method to close", cost: "medium", detail: "Do it in an explicit close() or __exit__; let Drop free Rust's own memory only." }],
};

/** The worst first: one hazard per destructor. */
const kinds: readonly { readonly kind: RustEffectKind; readonly does: string; readonly confidence: Confidence }[] = [
  { kind: "runs-python", does: "runs Python code", confidence: "high" },
  { kind: "blocks", does: "may wait for another thread", confidence: "medium" },
  { kind: "attaches", does: "attaches to the interpreter", confidence: "low" },
];

function find(program: RustProgram): Hazard[] {
  return pythonClassesOf(program).flatMap(({ functions }) => {
    const destructor = functions.find(({ name, trait }) => name === "drop" && trait?.name === "Drop");
    if (destructor === undefined) return [];
    const worst = kinds.flatMap((each) => destructor.effects.filter(({ kind }) => kind === each.kind).map((effect) => ({ ...each, effect })))[0];
    return worst === undefined ? [] : [report(program, destructor, worst)];
  });
}

interface Worst {
  readonly effect: RustEffect;
  readonly does: string;
  readonly confidence: Confidence;
}

function report(program: RustProgram, destructor: RustFunction, { effect, does, confidence }: Worst): Hazard {
  return draftRustHazard(program, metadata, {
    subject: destructor.qualifiedName,
    crate: destructor.crate,
    span: effect.calls[0] ?? effect.span,
    location: `${destructor.owner?.name ?? ""}.drop`,
    accesses: [{ span: effect.span, function: program.functions[effect.function]?.qualifiedName ?? destructor.qualifiedName, kind: "call" }],
    confidence,
    singleThreaded: true,
    evidence: ["a destructor runs wherever the last reference goes: in a collection, under a lock, while the interpreter ends"],
    message: `${destructor.qualifiedName} ${does}: ${effect.text}`,
  });
}

export const rule: RustRule = { metadata, find };
