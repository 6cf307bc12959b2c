// A field is visited only under a condition that says nothing about whether it holds something.
// A test of the field itself, of what leads to it, or a lock that is tried is no such condition.
import type { Hazard, RuleMetadata, RustFunction, RustProgram, RustRule, RustScope } from "../../../vocabulary/index.ts";
import { draftRustHazard } from "../rust-hazard.ts";
import { traversalsOf } from "../traversals.ts";
import { isSamePath, visitsOf } from "../visits.ts";
import type { Visit } from "../visits.ts";

const metadata: RuleMetadata = {
  id: "rust/conditional-traverse",
  title: "Traverse visits only under a condition",
  severity: "leak",
  consequence: "While the condition does not hold, references that the object owns are hidden from the collector: cycles through them stay.",
  sources: ["PyO3 #3165 (clear_on_traverse)", "docs.python.org/3/c-api/gcsupport.html#c.traverseproc"],
  since: "0.3.0",
  fixes: [{ title: "Visit always", cost: "low", detail: "An empty Option or container is no trouble for the visitor; drop the condition." }],
};

function find(program: RustProgram): Hazard[] {
  return traversalsOf(program).flatMap((fn) => {
    const visits = visitsOf(fn);
    const reported = visits.flatMap((visit) => {
      const foreign = visit.conditions.find((scope) => !mirrors(fn, scope, visit)) ?? leavingBefore(fn, visit);
      return foreign === undefined || hasCounterpart(visits, visit) ? [] : [{ visit, foreign }];
    });
    return reported.map(({ visit, foreign }) => report(program, fn, visit, foreign));
  });
}

/** `if x { visit(a) } else { visit(a) }` visits always. */
function hasCounterpart(visits: readonly Visit[], { path, effect, conditions }: Visit): boolean {
  return visits.some(
    (other) =>
      other.effect !== effect &&
      other.path.join() === path.join() &&
      other.conditions.length === conditions.length &&
      other.conditions.at(-1)?.parent === conditions.at(-1)?.parent,
  );
}

/** The condition asks the field, or what it is in. */
function mirrors(fn: RustFunction, { condition }: RustScope, { path }: Visit): boolean {
  if (condition === undefined) return true;
  const { origin } = condition.value;
  if (
    origin.root.kind === "self" &&
    isSamePath(
      origin.path.filter((part) => !part.startsWith("[")),
      path,
    )
  )
    return true;
  if (origin.through.some((name) => name.startsWith("try_"))) return true;
  return path.some((field) => new RegExp(`\\b${field.split(".").at(-1)}\\b`).test(condition.text)) || asksThroughCall(fn, condition.value.origin.root, path);
}

/** `self.a.is_some()`: the call's receiver is asked. */
function asksThroughCall(fn: RustFunction, root: Visit["effect"]["place"]["root"], path: readonly string[]): boolean {
  const event = root.kind === "call" ? fn.events[root.order] : undefined;
  const receiver = event?.kind === "call" ? event.receiver?.origin : undefined;
  return receiver?.root.kind === "self" && isSamePath(receiver.path, path);
}

/** `if !self.enabled { return Ok(()) }` before it. */
function leavingBefore(fn: RustFunction, visit: Visit): RustScope | undefined {
  for (const event of fn.events) {
    if (event.kind !== "return" || event.order >= visit.effect.order) continue;
    const scope = fn.scopes[event.scope];
    const visited = fn.events[visit.effect.order]?.scope;
    if (scope?.condition !== undefined && scope.id !== visited && !mirrors(fn, scope, visit) && scope.kind !== "arm" && !isAround(fn, scope, visited))
      return scope;
  }
  return undefined;
}

function isAround(fn: RustFunction, { id }: RustScope, scope: number | undefined): boolean {
  for (let at = fn.scopes[scope ?? -1]; at !== undefined; at = fn.scopes[at.parent]) if (at.id === id) return true;
  return false;
}

function report(program: RustProgram, fn: RustFunction, { path, effect }: Visit, { condition }: RustScope): Hazard {
  const span = effect.calls[0] ?? effect.span;
  const owner = fn.owner?.name ?? "";
  return draftRustHazard(program, metadata, {
    subject: fn.qualifiedName,
    crate: fn.crate,
    span,
    location: `${owner}.${path.join(".")}`,
    accesses: [{ span, function: fn.qualifiedName, kind: "read" }],
    confidence: "medium",
    singleThreaded: true,
    evidence: [`\`${condition?.text ?? ""}\` does not say whether ${path.join(".")} holds a reference`],
    message: `${fn.qualifiedName} visits ${owner}.${path.join(".")} only if \`${condition?.text ?? ""}\`: otherwise the collector does not see what it owns`,
  });
}

export const rule: RustRule = { metadata, find };
