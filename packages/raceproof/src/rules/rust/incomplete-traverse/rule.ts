// A field that can hold Python objects is not visited: cycles through it are never collected.
// Misses: what the class owns behind trait objects or raw pointers. Objects that cannot be part of a cycle (text, bytes, numbers) may be left out.
import type { Hazard, RuleMetadata, RustField, RustFunction, RustHolding, RustProgram, RustRule } from "../../../vocabulary/index.ts";
import { rustTypeText } from "../../../vocabulary/index.ts";
import { canMakeCycle } from "../python-classes.ts";
import { draftRustHazard } from "../rust-hazard.ts";
import { traversalsOf } from "../traversals.ts";
import { isOpaque, isSamePath, structOf, visitsOf } from "../visits.ts";
import type { Visit } from "../visits.ts";
import { propose } from "./fix.ts";

const metadata: RuleMetadata = {
  id: "rust/incomplete-traverse",
  title: "Traverse leaves a field out",
  severity: "leak",
  consequence: "A cycle through the field is never collected: the objects and all they lead to stay until the process ends.",
  sources: ["pyo3.rs/latest/class/protocols.html#garbage-collector-integration", "docs.python.org/3/c-api/gcsupport.html#c.traverseproc"],
  since: "0.3.0",
  fixes: [{ title: "Visit it", cost: "low", detail: "`visit.call(&self.field)?;`, for containers in a loop; and reset it in __clear__ when it can change." }],
};

function find(program: RustProgram): Hazard[] {
  return traversalsOf(program).flatMap((fn) => {
    const struct = structOf(program, fn);
    if (struct === undefined || isOpaque(program, fn)) return [];
    const visits = visitsOf(fn);
    return struct.fields.flatMap((field) => {
      const missing = field.holdings.filter(
        (holding) => !holding.shared && canMakeCycle(program, holding.type) && !isVisited(visits, [field.name, ...holding.path]),
      );
      return missing.slice(0, 1).map((holding) => report(program, fn, field, { holding, visits }));
    });
  });
}

function isVisited(visits: readonly Visit[], path: readonly string[]): boolean {
  return visits.some((visit) => isSamePath(visit.path, path));
}

interface Missing {
  readonly holding: RustHolding;
  readonly visits: readonly Visit[];
}

function report(program: RustProgram, fn: RustFunction, field: RustField, { holding }: Missing): Hazard {
  const path = [field.name, ...holding.path].join(".");
  const owner = fn.owner?.name ?? "";
  const isRead = fn.events.some((event) => event.kind === "access" && event.place.root.kind === "self" && event.place.path[0] === field.name);
  return draftRustHazard(program, metadata, {
    subject: fn.qualifiedName,
    crate: fn.crate,
    span: { ...fn.span, endLine: fn.span.line, endColumn: fn.span.column },
    location: `${owner}.${path}`,
    accesses: [{ span: field.span, function: owner, kind: "read" }],
    confidence: isRead ? "low" : "high",
    singleThreaded: true,
    evidence: [
      `${owner}.${path} owns ${rustTypeText(holding.type)}${holding.wrappers.length === 0 ? "" : ` (in ${holding.wrappers.join(", ")})`}`,
      isRead ? "the field is used there, but no visit of what it holds is recognized" : "the field is not mentioned there",
    ],
    message: `${fn.qualifiedName} does not visit ${owner}.${path}: cycles through it are never collected`,
  });
}

export const rule: RustRule = { metadata, find, propose };
