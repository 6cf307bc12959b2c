// The same reference is visited twice, or one that the object does not own: the collector subtracts more than there is.
// Branches that exclude each other are not twice. Misses: the same object in two fields.
import type { Hazard, RuleMetadata, RustEffect, RustFunction, RustProgram, RustRule, RustScope } from "../../../vocabulary/index.ts";
import { draftRustHazard } from "../rust-hazard.ts";
import { traversalsOf } from "../traversals.ts";
import { visitsOf } from "../visits.ts";
import type { Visit } from "../visits.ts";

const metadata: RuleMetadata = {
  id: "rust/repeated-visit",
  title: "Traverse visits a reference twice",
  severity: "leak",
  consequence:
    "The collector takes every visit for one reference the object owns. With one too many its sums do not come out: it keeps garbage, and debug builds of Python abort.",
  sources: ["docs.python.org/3/c-api/gcsupport.html#c.traverseproc", "devguide.python.org/internals/garbage-collector"],
  since: "0.3.0",
  fixes: [{ title: "Once each", cost: "low", detail: "Visit every owned reference once, and nothing else." }],
};

function find(program: RustProgram): Hazard[] {
  return traversalsOf(program).flatMap((fn) => {
    const visits = visitsOf(fn);
    const foreign = fn.effects.filter(({ kind, place }) => kind === "visits" && place.root.kind === "static");
    return [
      ...visits.flatMap((visit, index) => {
        const before = visits.slice(0, index).find((other) => isSame(visit, other) && !excludeEachOther(fn, visit, other));
        return before === undefined ? [] : [report(program, fn, visit.effect, { what: visit.path.join("."), why: "is visited before", before: before.effect })];
      }),
      ...foreign.map((effect) => report(program, fn, effect, { what: effect.text, why: "is nothing that the object owns", before: undefined })),
    ];
  });
}

/** Told by the whole path, and by the one element if it is one. */
function isSame(left: Visit, right: Visit): boolean {
  const whole = ({ effect }: Visit): string => effect.place.path.join(".");
  return left.path.length > 0 && whole(left) === whole(right) && left.effect !== right.effect && !isElementByIndex(left, right);
}

/** `self.slots[0]` and `self.slots[1]` are two. */
function isElementByIndex(left: Visit, right: Visit): boolean {
  return (
    left.effect.place.path.at(-1) === "[]" && left.effect.text !== right.effect.text && /\[\w+\]/.test(left.effect.text) && /\[\w+\]/.test(right.effect.text)
  );
}

function excludeEachOther(fn: RustFunction, left: Visit, right: Visit): boolean {
  const a = chainOf(fn, left.effect);
  const b = chainOf(fn, right.effect);
  return (
    a.some((scope) => b.some((other) => scope.parent === other.parent && scope.id !== other.id && isBranch(scope) && isBranch(other))) ||
    leavesBefore(fn, left, right)
  );
}

/** The branch of the earlier visit ends with a return. */
function leavesBefore(fn: RustFunction, later: Visit, earlier: Visit): boolean {
  const branch = chainOf(fn, earlier.effect).find(isBranch);
  return (
    branch !== undefined &&
    fn.events.some((event) => event.kind === "return" && event.scope === branch.id && event.order > earlier.effect.order && event.order < later.effect.order)
  );
}

function isBranch({ kind }: RustScope): boolean {
  return kind === "then" || kind === "else" || kind === "arm";
}

function chainOf(fn: RustFunction, { order }: RustEffect): RustScope[] {
  const chain: RustScope[] = [];
  for (let scope = fn.scopes[fn.events[order]?.scope ?? -1]; scope !== undefined; scope = fn.scopes[scope.parent]) chain.push(scope);
  return chain;
}

interface Told {
  readonly what: string;
  readonly why: string;
  readonly before: RustEffect | undefined;
}

function report(program: RustProgram, fn: RustFunction, effect: RustEffect, { what, why, before }: Told): Hazard {
  const span = effect.calls[0] ?? effect.span;
  return draftRustHazard(program, metadata, {
    subject: fn.qualifiedName,
    crate: fn.crate,
    span,
    location: before === undefined ? `${fn.owner?.name ?? fn.name}.__traverse__` : `${fn.owner?.name ?? fn.name}.${what}`,
    accesses: [effect, ...(before ? [before] : [])].map((each) => ({ span: each.calls[0] ?? each.span, function: fn.qualifiedName, kind: "read" as const })),
    confidence: "high",
    singleThreaded: true,
    evidence: [before === undefined ? "a static, not a field, holds the reference" : `line ${(before.calls[0] ?? before.span).line} visits it too`],
    message: `${fn.qualifiedName} visits ${what}, which ${why}: the collector subtracts more references than there are`,
  });
}

export const rule: RustRule = { metadata, find };
