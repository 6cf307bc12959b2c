// A parameter in, a value to pass out: from its class, its annotation, its default, then its name.
// Misses: protocols, callables with requirements, strings with a grammar of their own.
import type { ParameterFact } from "../../vocabulary/index.ts";

/**
 * How the two threads' arguments relate. same: the very same values and objects. different: other values and objects.
 * twins: equal values in distinct objects. opaque: like different, with bare objects where a class of the program is expected.
 */
export type ArgumentMode = "same" | "different" | "twins" | "opaque";

/** Python source of a literal for a parameter; `thread` makes values of two threads differ when the mode wants that. */
export function literalFor(parameter: ParameterFact, thread: number, mode: ArgumentMode): string {
  const variant = mode === "different" || mode === "opaque" ? thread : 0;
  return byAnnotation(parameter, variant) ?? byName(parameter.name, variant);
}

const annotationTable: readonly (readonly [pattern: RegExp, python: (variant: number) => string])[] = [
  [/\bbool\b/, (variant) => (variant === 0 ? "True" : "False")],
  [/\b(str|AnyStr|PathLike|AnyPath|Path|Text)\b/, (variant) => text("name", variant)],
  [/\bint\b/, String],
  [/\bfloat\b/, (variant) => `${variant + 1}.0`],
  [/\bbytes\b/, (variant) => `b'${letter(variant)}'`],
  [/\bCallable\b/, () => "(lambda *arguments, **keywords: None)"],
  [/\b(dict|Dict|Mapping|MutableMapping)\b/, (variant) => `{'${letter(variant)}': ${variant}}`],
  [/\b(list|List|Sequence|Iterable|Collection|Iterator)\b/, (variant) => `['${letter(variant)}']`],
  [/\b(tuple|Tuple)\b/, (variant) => `('${letter(variant)}',)`],
  [/\b(set|Set|frozenset|AbstractSet)\b/, (variant) => `{'${letter(variant)}'}`],
];

function byAnnotation(parameter: ParameterFact, variant: number): string | undefined {
  const { annotation } = parameter;
  if (annotation === undefined) return undefined;
  if (/\b(str|AnyStr|PathLike|AnyPath|Path|Text)\b/.test(annotation)) return text(parameter.name, variant);
  return annotationTable.find(([pattern]) => pattern.test(annotation))?.[1](variant);
}

const letter = (variant: number): string => String.fromCodePoint(97 + variant);

/** Paths are absolute and lie where nothing exists, so that a call that reaches the real file system does no harm. */
function text(name: string, variant: number): string {
  return /path|file|dir|folder|mount/i.test(name) ? `'/raceproof-${letter(variant)}'` : `'${letter(variant)}'`;
}

function byName(name: string, variant: number): string {
  if (/^(func|function|callback|cb|fn|factory|handler|getter|method|call)$|_(func|callback|factory|handler)$/.test(name)) {
    return "(lambda *arguments, **keywords: None)";
  }
  if (/path|file|dir|folder/i.test(name)) return text(name, variant);
  if (/^(is|has|can|use|allow)_|flag$|^(enabled|force|recursive)$/.test(name)) return variant === 0 ? "True" : "False";
  if (/^(cache|memo|store|storage|registry|table)$/.test(name)) return "{}";
  if (/^ttl$|expir|lifetime|max_age/i.test(name)) return "600";
  if (/size|count|num|limit|len|index|idx|timeout|ttl|weight|amount|delta|max|min|capacity|^(n|i|k|fd|uid|gid|level|id|number)$/i.test(name)) {
    return /size|max|limit|capacity/i.test(name) ? "2" : String(variant);
  }
  if (/^(items|values|args|iterable|seq|entries|elements|keys)$/.test(name)) return `['${letter(variant)}']`;
  if (/^(mapping|kwargs|params|options|config|settings|headers|data)$/.test(name)) return `{'${letter(variant)}': ${variant}}`;
  return `'${letter(variant)}'`;
}
