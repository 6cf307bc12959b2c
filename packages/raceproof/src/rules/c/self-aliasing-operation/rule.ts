// An operation on two objects walks memory of one while it resizes the other, and nothing asks whether they are the same: x.extend(x).
// Over-reports: callers that compare the two in a way that is not seen.
import type { Hazard, NativeAccess, NativeEffect, NativeFunction, NativeProgram, NativeRule, RuleMetadata } from "../../../vocabulary/index.ts";
import { accessOfEffect, draftNativeHazard } from "../native-hazard.ts";
import { leadsThrough, nativeIndexOf } from "../native-index.ts";

const metadata: RuleMetadata = {
  id: "c/self-aliasing-operation",
  title: "Both objects may be one",
  severity: "crash",
  consequence: "The memory that is walked is freed by the operation itself: use after free in one thread.",
  sources: ["an extension in C: d.extend(d) frees the table it walks", "CPython bpo-34523 and list_extend (special case for a list extended by itself)"],
  since: "0.2.0",
  fixes: [
    { title: "Ask first", cost: "low", detail: "`if (other == self)`: walk a snapshot, or up to the old length with the pointer loaded again in each round." },
  ],
};

function find(program: NativeProgram): Hazard[] {
  const { reached, freed } = nativeIndexOf(program);
  return program.functions
    .filter(({ id, generated, parameters }) => !generated && reached.has(id) && parameters.length > 1)
    .flatMap((fn) => [...freed.keys()].flatMap((location) => judge(program, fn, location)));
}

function judge(program: NativeProgram, fn: NativeFunction, location: string): Hazard[] {
  const resize = fn.effects.find(
    (effect) => effect.mode === "free" && effect.location === location && effect.base.root.kind === "parameter" && !effect.debugOnly,
  );
  if (resize === undefined || comparesIdentity(fn)) return [];
  const walked = fn.events.find(
    (event): event is NativeAccess => event.kind === "access" && !event.debugOnly && isOfOther(event, resize) && leadsThrough(event.base, location),
  );
  const inLoop = walked !== undefined && fn.loops.some(({ from, to }) => from <= walked.order && walked.order < to && resizesWithin(fn, resize, { from, to }));
  return walked === undefined || !inLoop ? [] : [report(program, fn, { walked, resize, location })];
}

/** An object that was passed beside the one that is resized. */
function isOfOther({ base }: NativeAccess, { base: resized }: NativeEffect): boolean {
  return base.root.kind === "parameter" && resized.root.kind === "parameter" && base.root.index !== resized.root.index;
}

function resizesWithin(fn: NativeFunction, { calls, span }: NativeEffect, { from, to }: { readonly from: number; readonly to: number }): boolean {
  const at = calls[0] ?? span;
  return fn.events.slice(from, to).some((event) => event.span.line === at.line && event.span.column === at.column);
}

function comparesIdentity({ branches, parameters }: NativeFunction): boolean {
  const names = parameters.map(({ name }) => name).join("|");
  return branches.some(({ test }) => new RegExp(String.raw`(^|\W)(${names})\W*[!=]=\W*(\(\w+\s*\*\)\s*)?(${names})(\W|$)`).test(test));
}

interface Aliased {
  readonly walked: NativeAccess;
  readonly resize: NativeEffect;
  readonly location: string;
}

function report(program: NativeProgram, fn: NativeFunction, { walked, resize, location }: Aliased): Hazard {
  return draftNativeHazard(program, metadata, {
    fn,
    span: walked.span,
    location,
    accesses: [{ span: walked.span, function: fn.name, kind: "iterate", held: walked.held }, accessOfEffect(program, resize)],
    confidence: "medium",
    singleThreaded: true,
    evidence: [`the loop also resizes ${location} of the other object (line ${(resize.calls[0] ?? resize.span).line})`, "the two are never compared"],
    message: `${fn.name} walks ${location} of one object while it resizes the other: when both are one, it walks freed memory`,
  });
}

export const rule: NativeRule = { metadata, find };
