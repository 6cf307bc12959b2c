// What `__traverse__` functions do besides visiting, themselves or through what they call. Shared by the rules about traversal.
import type { Hazard, RuleMetadata, RustEffect, RustEffectKind, RustEvent, RustFunction, RustProgram, Severity } from "../../vocabulary/index.ts";
import { draftRustHazard } from "./rust-hazard.ts";

/** The slot: in #[pymethods], or in an impl of the old PyGCProtocol. */
export function traversalsOf({ functions }: RustProgram): RustFunction[] {
  return functions.filter(
    ({ name, context, trait, testOnly }) => name === "__traverse__" && !testOnly && (context === "pymethods" || trait?.name === "PyGCProtocol"),
  );
}

export interface TraversalWording {
  /** Follows "traverse function": "attaches to the interpreter". */
  readonly does: string;
  readonly because: string;
  readonly severity?: Severity;
}

export interface TraversalSearch {
  readonly metadata: RuleMetadata;
  readonly kinds: readonly RustEffectKind[];
  /** Effects that another rule speaks about are left out. */
  readonly isMeant?: (effect: RustEffect, event: RustEvent | undefined, fn: RustFunction) => boolean;
  /** By the crate. */
  readonly wording: (crate: number) => TraversalWording;
}

/** One hazard per statement of a traverse function that does it, or leads there. */
export function findInTraversals(program: RustProgram, { metadata, kinds, isMeant = () => true, wording }: TraversalSearch): Hazard[] {
  return traversalsOf(program).flatMap((fn) => {
    const meant = fn.effects.filter((effect) => kinds.includes(effect.kind) && isMeant(effect, innermostEvent(program, effect), fn));
    const first = [...new Map(meant.toReversed().map((effect) => [`${(effect.calls[0] ?? effect.span).line}`, effect])).values()].toReversed();
    return first.map((effect) => report(program, fn, effect, { metadata, ...wording(fn.crate) }));
  });
}

/** It is done inside an attach that `__traverse__` makes itself, or where what it calls attaches too. */
export function isBehindAttach({ scopes, effects, events }: RustFunction, { order }: RustEffect): boolean {
  for (let scope = scopes[events[order]?.scope ?? -1]; scope !== undefined; scope = scopes[scope.parent])
    if (scope.kind === "closure" && scope.attachment === "attached") return true;
  return effects.some((effect) => effect.kind === "attaches" && effect.order === order);
}

/** The event that does it, in whichever function. */
export function innermostEvent({ functions }: RustProgram, { function: id, span }: RustEffect): RustEvent | undefined {
  return functions[id]?.events.find((event) => event.span === span);
}

interface Telling extends TraversalWording {
  readonly metadata: RuleMetadata;
}

function report(program: RustProgram, fn: RustFunction, effect: RustEffect, { metadata, does, because, severity }: Telling): Hazard {
  const isDirect = effect.calls.length === 0;
  const doer = program.functions[effect.function]?.qualifiedName ?? fn.qualifiedName;
  return draftRustHazard(program, metadata, {
    subject: fn.qualifiedName,
    crate: fn.crate,
    span: effect.calls[0] ?? effect.span,
    location: locationOf(fn, effect),
    accesses: [
      ...effect.calls.map((span, index) => ({ span, function: index === 0 ? fn.qualifiedName : doer, kind: "call" as const })),
      { span: effect.span, function: doer, kind: "call" },
    ],
    confidence: "high",
    singleThreaded: true,
    evidence: isDirect ? [because] : [because, `${doer} does it: ${effect.text}`],
    message: `${fn.qualifiedName} ${isDirect ? does : `calls ${doer}, which ${does}`}: a traverse function may only visit`,
    ...(severity === undefined ? {} : { severity }),
  });
}

/** The field of self that it happens to, where it is one. */
function locationOf({ owner, qualifiedName }: RustFunction, { place }: RustEffect): string {
  const field = place.root.kind === "self" ? place.path.filter((part) => !part.startsWith("[")).join(".") : "";
  return `${owner?.name ?? qualifiedName}.${field === "" ? "__traverse__" : field}`;
}
