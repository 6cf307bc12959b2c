// The result of a visit is thrown away, so the walk goes on although the collector asked to stop.
import { withoutReferences } from "../../../vocabulary/index.ts";
import type { Hazard, RuleMetadata, RustCall, RustFunction, RustProgram, RustRule } from "../../../vocabulary/index.ts";
import { draftRustHazard } from "../rust-hazard.ts";

const metadata: RuleMetadata = {
  id: "rust/ignored-visit-result",
  title: "The result of a visit is ignored",
  severity: "wrong-answer",
  consequence: "A visitor that asks to stop is called again: gc.get_referrers and the collector's own checks see a walk that did not end where they ended it.",
  sources: ["docs.python.org/3/c-api/gcsupport.html#c.traverseproc", "docs.rs/pyo3 (PyVisit)"],
  since: "0.3.0",
  fixes: [{ title: "Pass it on", cost: "low", detail: "`visit.call(&self.a)?;`, and the last result is the function's." }],
};

/** Turns a result into nothing. */
const forgetting: ReadonlySet<string> = new Set(["ok", "is_ok", "is_err", "unwrap_or", "unwrap_or_default", "unwrap_or_else", "err"]);

function find(program: RustProgram): Hazard[] {
  return program.functions.flatMap((fn) =>
    fn.testOnly
      ? []
      : fn.events.flatMap((event) => (event.kind === "call" && isVisit(program, event) && isIgnored(fn, event) ? [report(program, fn, event)] : [])),
  );
}

/** A visit, or a function of the program that visits and says how it went. */
function isVisit({ functions }: RustProgram, { name, receiver, targets }: RustCall): boolean {
  if (name === "call" && receiver !== undefined && withoutReferences(receiver.type).name === "PyVisit") return true;
  return targets.some((target) => functions[target]?.returns?.arguments.some(({ name: error }) => error === "PyTraverseError") === true);
}

function isIgnored({ events }: RustFunction, { order, use }: RustCall): boolean {
  if (use === "ignored") return true;
  const next = events[order + 1];
  return (
    next?.kind === "call" &&
    forgetting.has(next.name) &&
    next.use === "ignored" &&
    next.receiver?.origin.root.kind === "call" &&
    next.receiver.origin.root.order === order
  );
}

function report(program: RustProgram, fn: RustFunction, { span, text }: RustCall): Hazard {
  return draftRustHazard(program, metadata, {
    subject: fn.qualifiedName,
    crate: fn.crate,
    span,
    location: `${fn.owner?.name ?? fn.name}.__traverse__`,
    accesses: [{ span, function: fn.qualifiedName, kind: "call" }],
    confidence: "high",
    singleThreaded: true,
    evidence: [`${text} says whether the walk goes on, and nobody listens`],
    message: `${fn.qualifiedName} ignores what a visit returns: the walk goes on when it should stop`,
  });
}

export const rule: RustRule = { metadata, find };
