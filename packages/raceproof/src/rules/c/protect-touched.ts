// Accesses that need a section in, the function whose body should run under it out: the one that has them, if it can name the objects, or the helper
// on the way that can. What is taken out of arguments, or known only after a check of its type, has a name and a type in the helper it is given to.
import { offsetIn, originKey, ownerOf, startsWithOrigin } from "../../vocabulary/index.ts";
import type { FixAnswer, FixSource, NativeEffect, NativeFunction, NativeOrigin, NativeProgram, SourceSpan } from "../../vocabulary/index.ts";
import { isProtected, nativeIndexOf } from "./native-index.ts";
import { callUnderSection, splitUnderSection } from "./split-function.ts";

export interface TouchingFunction {
  readonly fn: NativeFunction;
  /** Its effects that nothing protects. */
  readonly touched: readonly NativeEffect[];
}

export function protectTouched(program: NativeProgram, { fn, touched }: TouchingFunction, source: FixSource): FixAnswer {
  const unnamed = touched.find(({ base }) => expressionOf(fn, ownerOf(base)) === undefined);
  return unnamed === undefined ? splitFor({ fn, touched }, source) : protectInHelper(program, { fn, effect: unnamed }, source);
}

/** At the first call on the way to the access whose callee names all that it touches. */
function protectInHelper(program: NativeProgram, from: { readonly fn: NativeFunction; readonly effect: NativeEffect }, source: FixSource): FixAnswer {
  let { fn, effect } = from;
  // Helpers that call each other lead back to where one was.
  const seen = new Set<number>();
  for (;;) {
    const call = callTo(program, fn, effect);
    const inHelper = call?.helper.effects.find((each) => each.location === effect.location && each.mode === effect.mode && isSamePlace(each, effect));
    if (call === undefined || inHelper === undefined || call.helper.entries.length > 0 || seen.has(call.helper.id))
      return refusal("an object it touches is known only after a check of its type in the body");
    const { helper, span } = call;
    seen.add(helper.id);
    const open = openIn(program, helper);
    const unnamed = open.find(({ base }) => expressionOf(helper, ownerOf(base)) === undefined);
    if (expressionOf(helper, ownerOf(inHelper.base)) !== undefined && unnamed === undefined) return lockedCall({ fn: helper, touched: open }, span, source);
    [fn, effect] = [helper, unnamed ?? inHelper];
  }
}

function lockedCall(touching: TouchingFunction, { file, line, column }: SourceSpan, source: FixSource): FixAnswer {
  const place = source.functionAt(touching.fn.span);
  const objects = namesOf(touching);
  if (place === undefined || typeof objects === "string") return refusal(typeof objects === "string" ? objects : madeByMacro);
  return callUnderSection(place, objects, { file, at: offsetIn(source.textOf(file), line, column) }, source);
}

const madeByMacro = "it has no text of its own: a macro makes it";

/** What a helper touches of its parameters with nothing held. */
function openIn(program: NativeProgram, { effects }: NativeFunction): NativeEffect[] {
  const { contended } = nativeIndexOf(program);
  return effects.filter(
    (each) =>
      !each.debugOnly &&
      !each.atomic &&
      each.base.root.kind === "parameter" &&
      ownerOf(each.base) !== undefined &&
      contended.has(each.location) &&
      !isProtected(each),
  );
}

function refusal(reason: string): FixAnswer {
  return { kind: "refusal", reason };
}

function isSamePlace({ span: a }: NativeEffect, { span: b }: NativeEffect): boolean {
  return a.file === b.file && a.line === b.line && a.column === b.column;
}

function callTo(
  program: NativeProgram,
  fn: NativeFunction,
  { calls, function: id }: NativeEffect,
): { readonly helper: NativeFunction; readonly span: SourceSpan } | undefined {
  const [span, next] = calls;
  const call = fn.events.find(
    (event) => event.kind === "call" && event.span.file === span?.file && event.span.line === span.line && event.span.column === span.column,
  );
  if (call?.kind !== "call") return undefined;
  // The one of several targets that goes on as the access's way does.
  const helper = call.targets
    .map((target) => program.functions[target])
    .find(
      (target) =>
        target !== undefined && (next === undefined ? target.id === id : target.events.some(({ span: at }) => at.file === next.file && at.line === next.line)),
    );
  return helper && { helper, span: call.span };
}

function splitFor(touching: TouchingFunction, source: FixSource): FixAnswer {
  const place = source.functionAt(touching.fn.span);
  const objects = namesOf(touching);
  if (place === undefined || typeof objects === "string") return refusal(typeof objects === "string" ? objects : madeByMacro);
  return splitUnderSection(place, objects, source);
}

/** Expressions for one or two objects, or why there are none. */
function namesOf({ fn, touched }: TouchingFunction): string[] | string {
  const objects = nearestOwners(touched).map((owner) => expressionOf(fn, owner) as string);
  return objects.length > 2 ? `it touches ${objects.length} objects, and a section locks two at most` : objects;
}

/** Objects that lead to another of them are protected by that one's section: an iterator by its container's. */
function nearestOwners(touched: readonly NativeEffect[]): NativeOrigin[] {
  const owners = new Map(touched.map(({ base }) => ownerOf(base)).flatMap((owner) => (owner ? [[originKey(owner), owner] as const] : [])));
  return [...owners.values()]
    .filter((owner) => ![...owners.values()].some((other) => other.path.length > owner.path.length && startsWithOrigin(other, owner)))
    .toSorted((a, b) => (originKey(a) < originKey(b) ? -1 : 1));
}

/** In terms of the parameters, before the body has looked at anything: what is sure to be an object, and of which type. */
function expressionOf({ parameters, entries }: NativeFunction, owner: NativeOrigin | undefined): string | undefined {
  if (owner?.root.kind !== "parameter" || owner.path.includes("[]")) return undefined;
  const parameter = parameters[owner.root.index];
  if (parameter === undefined || parameter.name === "") return undefined;
  const isDeclared = parameter.type !== "PyObject";
  // Python gives entry points two objects at most; keywords after them may be missing, and so may whatever a helper gets as "some object".
  if (owner.path.length === 0) return isDeclared || (entries.length > 0 && owner.root.index < 2) ? parameter.name : undefined;
  const isEither = entries.some(({ name }) => name.startsWith("nb_"));
  return isDeclared && !isEither ? [parameter.name, ...owner.path].join("->") : undefined;
}
