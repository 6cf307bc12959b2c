// Accesses that need a section in, the function whose body should run under it out: the one that has them, if it can name the objects, or the helper
// on the way that can. What is taken out of arguments, or known only after a check of its type, has a name and a type in the helper it is given to.
import { originKey, ownerOf, startsWithOrigin } from "../../vocabulary/index.ts";
import type { FixAnswer, FixSource, NativeEffect, NativeFunction, NativeOrigin, NativeProgram } from "../../vocabulary/index.ts";
import { isProtected, nativeIndexOf } from "./native-index.ts";
import { splitUnderSection } from "./split-function.ts";

export interface TouchingFunction {
  readonly fn: NativeFunction;
  /** Its effects that nothing protects. */
  readonly touched: readonly NativeEffect[];
}

export function protectTouched(program: NativeProgram, { fn, touched }: TouchingFunction, source: FixSource): FixAnswer {
  const unnamed = touched.find(({ base }) => expressionOf(fn, ownerOf(base)) === undefined);
  return unnamed === undefined ? splitFor({ fn, touched }, source) : protectInHelper(program, { fn, effect: unnamed }, source);
}

/** In the first function on the way to the access that names all that it touches. */
export function protectInHelper(program: NativeProgram, from: { readonly fn: NativeFunction; readonly effect: NativeEffect }, source: FixSource): FixAnswer {
  const { contended } = nativeIndexOf(program);
  let { fn, effect } = from;
  for (;;) {
    const helper = calledFrom(program, fn, effect);
    const inHelper = helper?.effects.find((each) => each.location === effect.location && each.mode === effect.mode && isSamePlace(each, effect));
    if (helper === undefined || inHelper === undefined || helper.entries.length > 0)
      return refusal("an object it touches is known only after a check of its type in the body");
    if (expressionOf(helper, ownerOf(inHelper.base)) !== undefined) {
      const touched = helper.effects.filter(
        (each) => !each.debugOnly && !each.atomic && each.base.root.kind === "parameter" && contended.has(each.location) && !isProtected(each),
      );
      const open = touched.filter(({ base }) => ownerOf(base) !== undefined);
      const unnamed = open.find(({ base }) => expressionOf(helper, ownerOf(base)) === undefined);
      if (unnamed === undefined) return splitFor({ fn: helper, touched: open }, source);
      [fn, effect] = [helper, unnamed];
    } else {
      [fn, effect] = [helper, inHelper];
    }
  }
}

function refusal(reason: string): FixAnswer {
  return { kind: "refusal", reason };
}

function isSamePlace({ span: a }: NativeEffect, { span: b }: NativeEffect): boolean {
  return a.file === b.file && a.line === b.line && a.column === b.column;
}

function calledFrom(program: NativeProgram, fn: NativeFunction, { calls, function: id }: NativeEffect): NativeFunction | undefined {
  const [span, next] = calls;
  const call = fn.events.find(
    (event) => event.kind === "call" && event.span.file === span?.file && event.span.line === span.line && event.span.column === span.column,
  );
  if (call?.kind !== "call") return undefined;
  // The one of several targets that goes on as the access's way does.
  return call.targets
    .map((target) => program.functions[target])
    .find(
      (target) =>
        target !== undefined && (next === undefined ? target.id === id : target.events.some(({ span: at }) => at.file === next.file && at.line === next.line)),
    );
}

function splitFor({ fn, touched }: TouchingFunction, source: FixSource): FixAnswer {
  const place = source.functionAt(fn.span);
  if (place === undefined) return refusal("it has no text of its own: a macro makes it");
  const objects = nearestOwners(touched).map((owner) => expressionOf(fn, owner) as string);
  return objects.length > 2 ? refusal(`it touches ${objects.length} objects, and a section locks two at most`) : splitUnderSection(place, objects, source);
}

/** Objects that lead to another of them are protected by that one's section: an iterator by its container's. */
function nearestOwners(touched: readonly NativeEffect[]): NativeOrigin[] {
  const owners = new Map(touched.map(({ base }) => ownerOf(base)).flatMap((owner) => (owner ? [[originKey(owner), owner] as const] : [])));
  return [...owners.values()]
    .filter((owner) => ![...owners.values()].some((other) => other.path.length > owner.path.length && startsWithOrigin(other, owner)))
    .toSorted((a, b) => (originKey(a) < originKey(b) ? -1 : 1));
}

/** In terms of the parameters, before the body has looked at anything: only of the first parameter of a slot, and of declared types, is the type sure. */
function expressionOf({ parameters, entries }: NativeFunction, owner: NativeOrigin | undefined): string | undefined {
  if (owner?.root.kind !== "parameter" || owner.path.includes("[]")) return undefined;
  const parameter = parameters[owner.root.index];
  if (parameter === undefined || parameter.name === "") return undefined;
  if (owner.path.length === 0) return parameter.name;
  const isEither = entries.some(({ name }) => name.startsWith("nb_"));
  return parameter.type === "PyObject" || isEither ? undefined : [parameter.name, ...owner.path].join("->");
}
