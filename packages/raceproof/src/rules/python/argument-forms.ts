// The parameters of one function in, several ways to fill them out: each a function from the number of a key to values.
// Keys are equal for equal numbers, so that two calls can be made to meet at one key.
import type { ParameterFact, ValueRecipe } from "../../vocabulary/index.ts";
import { classInstance } from "../../vocabulary/index.ts";
import { literalFor } from "./argument-recipes.ts";

export type ArgumentForm = (variant: number) => ReadonlyMap<string, ValueRecipe>;

/** More would only repeat the same paths through the function. */
const mostForms = 14;
/** Number of a key that set-up does not put in. */
const absentKey = 6;

export function argumentForms(parameters: readonly ParameterFact[]): ArgumentForm[] {
  const required = parameters.filter(({ default: text, kind }) => text === undefined && !kind.startsWith("var"));
  const standard: ArgumentForm = (variant) => new Map(required.map((parameter) => [parameter.name, literal(literalFor(parameter, variant, "different"))]));
  const forms: ArgumentForm[] = [standard];
  if (required.length > 1) forms.push(movedTo(standard, required.slice(1)));
  forms.push(...starForms(parameters, standard), ...flagForms(parameters, standard), ...poolForms(required, standard), ...filledForms(parameters, standard));
  return forms.slice(0, mostForms);
}

/** From a key that is there to one that is not. */
function movedTo(standard: ArgumentForm, others: readonly ParameterFact[]): ArgumentForm {
  return (variant) => {
    const absent = others.map((parameter) => [parameter.name, literal(literalFor(parameter, absentKey, "different"))] as const);
    return new Map([...standard(variant), ...absent]);
  };
}

/** What an argument without a type may be. */
function pool(variant: number): ValueRecipe[] {
  const key = `'${String.fromCodePoint(97 + variant)}'`;
  const literals = [key, `{${key}: ${variant}}`, `[(${key}, ${variant})]`, `${variant}`, `[${key}]`];
  return [...literals.map(literal), { kind: "shared", name: classInstance }, literal("(lambda *arguments, **keywords: None)")];
}

const poolSize = pool(0).length;

function poolForms(required: readonly ParameterFact[], standard: ArgumentForm): ArgumentForm[] {
  const untyped = required.filter(({ annotation, type }) => type === undefined && !isPlainAnnotation(annotation)).slice(0, 2);
  return untyped.toReversed().flatMap((parameter) =>
    Array.from(
      { length: poolSize },
      (_, index): ArgumentForm =>
        (variant) =>
          new Map([...standard(variant), ...valueAt(parameter, variant, index)]),
    ),
  );
}

/** `*arguments`: none is the standard form. */
function starForms(parameters: readonly ParameterFact[], standard: ArgumentForm): ArgumentForm[] {
  const star = parameters.find(({ kind }) => kind === "var-positional");
  if (!star) return [];
  return Array.from(
    { length: poolSize },
    (_, index): ArgumentForm =>
      (variant) =>
        new Map([...standard(variant), ...valueAt(star, variant, index)]),
  );
}

function valueAt(parameter: ParameterFact, variant: number, index: number): [string, ValueRecipe][] {
  const value = pool(variant)[index];
  return value === undefined ? [] : [[parameter.name, value]];
}

/** Booleans the other way round, one after the other. */
function flagForms(parameters: readonly ParameterFact[], standard: ArgumentForm): ArgumentForm[] {
  return parameters
    .filter(({ default: text }) => text === "True" || text === "False")
    .slice(0, 3)
    .map(
      (parameter): ArgumentForm =>
        (variant) =>
          new Map([...standard(variant), [parameter.name, literal(parameter.default === "True" ? "False" : "True")]]),
    );
}

/** Everything that is None unless it is given; and the instance for the first of them, which may well take one of its kind. */
function filledForms(parameters: readonly ParameterFact[], standard: ArgumentForm): ArgumentForm[] {
  const absent = parameters.filter(({ default: text, kind }) => text === "None" && kind !== "keyword-only");
  const open = absent.filter(({ type }) => type === undefined);
  const filled: ArgumentForm = (variant) =>
    new Map([...standard(variant), ...open.map((each) => [each.name, literal(literalFor(each, variant, "different"))] as const)]);
  const [first] = absent.filter(({ annotation }) => !isPlainAnnotation(annotation));
  const itself =
    (name: string): ArgumentForm =>
    (variant) =>
      new Map([...standard(variant), [name, { kind: "shared", name: classInstance }]]);
  return [...(open.length === 0 ? [] : [filled]), ...(first === undefined ? [] : [itself(first.name)])];
}

function isPlainAnnotation(annotation: string | undefined): boolean {
  return annotation !== undefined && /\b(str|int|float|bool|bytes|AnyStr|Path|PathLike|AnyPath|Callable)\b/.test(annotation);
}

function literal(python: string): ValueRecipe {
  return { kind: "literal", python };
}
