// Provocations of a hazard in, the same calls in other states out: after calls that fill what they need, with flags flipped, with
// arguments of one call told apart, with as many entries as make tables grow.
// Misses: states that take several different calls to reach; those come from the package's own tests.
import type { ArgumentRecipe, CallRecipe, FunctionFact, Hazard, ParameterFact, Program, Provocation, ValueRecipe } from "../../vocabulary/index.ts";
import { CallRecipes } from "./call-recipes.ts";
import { flagsAround } from "./flag-attributes.ts";
import { onRealPaths } from "./real-paths.ts";

const mostFillers = 4;
const mostFlags = 4;
/** So many entries fill the first two tables of a hash table that grows at two thirds; the smaller number is more than most bounds of examples. */
const sizes: readonly number[] = [5, 10];

/** Lists states, most promising first: each pair of operations as the rule proposed it is varied once. */
export function varyProvocations(hazard: Hazard, program: Program, provocations: readonly Provocation[]): Provocation[] {
  const out: Provocation[] = [];
  const flags = flagsAround(hazard, program).slice(0, mostFlags);
  for (const provocation of oneOfEachPair(provocations)) {
    const classes = classesOf(provocation, program);
    const fillers = fillersFor(hazard, program, provocation, classes);
    const fillings = fillers.map((fn) => fillingWith(fn, program));
    const sized = fillers.slice(0, 1).flatMap((fn) => sizes.map((size) => after(provocation, fillingUpTo(size, fn, program))));
    const settings = flags.flatMap(({ owner, name, values }) => {
      const object = provocation.shared.find(({ value }) => isInstanceOf(value, owner, program));
      return object === undefined ? [] : values.map((python) => assignment(object.name, owner, name, python));
    });
    const filled = fillings.map((filling) => after(provocation, filling));
    const set = settings.flatMap((call) => [
      ...fillings.slice(0, 2).map(({ shared, calls }) => after(provocation, { shared, calls: [call, ...calls] })),
      after(provocation, { shared: [], calls: [call] }),
    ]);
    const warm = after(provocation, { shared: [], calls: provocation.operations.flat() });
    const states = interleaved(interleaved(filled, set), [warm, ...sized, ...[warm, ...filled.slice(0, 2)].flatMap((each) => withOtherOptions(each, program))]);
    const apart = [...filled, provocation].flatMap(tellArgumentsApart);
    for (const each of [...onRealPaths(provocation, program), ...interleaved(apart, states)]) out.push(each);
  }
  return [...out, ...provocations.flatMap((each) => withOtherOptions(each, program))];
}

interface Filling {
  readonly shared: Provocation["shared"];
  readonly calls: readonly CallRecipe[];
}

function after(provocation: Provocation, { shared, calls }: Filling): Provocation {
  const known = new Set(provocation.shared.map(({ name }) => name));
  const names = calls.map(({ qualifiedName, use, arguments: [first] }) =>
    use === "assign" ? `${qualifiedName} = ${literalText(first?.value)}` : qualifiedName,
  );
  const said = [...new Set(names)].map((name) => {
    const times = names.filter((each) => each === name).length;
    return times === 1 ? name : `${times} times ${name}`;
  });
  return {
    ...provocation,
    rationale: `${provocation.rationale}, in the state after ${said.join(", ")}`,
    shared: [...provocation.shared, ...shared.filter(({ name }) => !known.has(name))],
    prefix: [...calls, ...provocation.prefix],
  };
}

function literalText(value: ValueRecipe | undefined): string {
  return value?.kind === "literal" ? value.python : "...";
}

/** As the rule proposed it first: equal arguments before others, without a prefix of its own before with one. */
function oneOfEachPair(provocations: readonly Provocation[]): Provocation[] {
  const best = new Map<string, Provocation>();
  for (const provocation of provocations) {
    const key = provocation.operations.map((calls) => calls.map(({ module, qualifiedName }) => `${module}:${qualifiedName}`).join()).join("|");
    const before = best.get(key);
    if (before === undefined || (hasDifferent(before) && !hasDifferent(provocation))) best.set(key, provocation);
  }
  return [...best.values()];
}

function hasDifferent({ operations }: Provocation): boolean {
  const [first, ...others] = operations.map((calls) => JSON.stringify(calls.map((call) => call.arguments)));
  return others.some((text) => text !== first);
}

function classesOf({ shared }: Provocation, program: Program): readonly string[] {
  const keys = shared.flatMap(({ value }) => (value.kind === "construct" ? [`${value.module}:${value.qualifiedName}`] : []));
  return [...new Set(keys.flatMap((key) => program.lineageOf(key).map((cls) => cls.key)))];
}

function isInstanceOf(value: ValueRecipe, owner: string, program: Program): boolean {
  return value.kind === "construct" && program.lineageOf(`${value.module}:${value.qualifiedName}`).some(({ key }) => key === owner);
}

/** What methods that bring something into being are called, the plainest words first. */
const makingNames: readonly (readonly [pattern: RegExp, score: number])[] = [
  [/^(create|make|mk|__setitem__|insert|append|push)/, 3],
  [/^(add|register|put|enqueue|extend|symlink|link)/, 2],
  [/^(set|store|update|open|write)/, 0],
];

/** Public methods of the objects at hand that bring about what the operations look for: in the hazard's location first. */
function fillersFor(hazard: Hazard, program: Program, { operations }: Provocation, classes: readonly string[]): FunctionFact[] {
  const wanted = new Set(operations.flat().flatMap((call) => needsOf(call, program)));
  const methods = classes.flatMap((key) => [...(program.classes.get(key)?.methods ?? [])]);
  const scored = methods.flatMap(([name, id]) => {
    const fn = program.functions[id];
    const naming = makingNames.find(([pattern]) => pattern.test(name));
    if (fn === undefined || naming === undefined || !fn.public || fn.role !== "method" || fn.generator || fn.asynchronous) return [];
    const { mutations } = program.effectsOf(id);
    // What many calls down changes something is seldom what the method is for.
    const own = mutations.get(hazard.location.key);
    const others = [...mutations].flatMap(([key, depth]) => (wanted.has(key) && isFilled(program, key) ? [3 - depth] : []));
    const useful = own === undefined ? Math.max(...others) : 5 - own / 2;
    const required = fn.parameters.slice(1).filter((parameter) => parameter.default === undefined && !parameter.kind.startsWith("var-")).length;
    return useful <= 0 || required === 0 ? [] : [{ fn, score: useful + naming[1] - required }];
  });
  return scored
    .toSorted((a, b) => b.score - a.score)
    .slice(0, mostFillers)
    .map(({ fn }) => fn);
}

const containers: ReadonlySet<string | undefined> = new Set(["dict", "list", "set", "deque", "heap", "weak-values", "weak-keys", "weak-set", "queue"]);

function isFilled(program: Program, key: string): boolean {
  return containers.has(program.locations.get(key)?.container);
}

/** Locations whose content an operation asks for. */
function needsOf({ module, qualifiedName }: CallRecipe, program: Program): string[] {
  const fn = program.functions.find((each) => each.module === module && each.qualifiedName === qualifiedName);
  if (fn === undefined) return [];
  const { checks, reads } = program.effectsOf(fn.id);
  return [...checks.keys(), ...reads.keys()];
}

function fillingWith(fn: FunctionFact, program: Program): Filling {
  const recipes = new CallRecipes(program, "same");
  const calls = [recipes.call(fn, 0)];
  return { shared: recipes.shared, calls };
}

/** Different things, so that what holds them is about to become larger, or to throw something out. */
function fillingUpTo(size: number, fn: FunctionFact, program: Program): Filling {
  const recipes = new CallRecipes(program, "different");
  const calls = Array.from({ length: size }, (_, index) => recipes.call(fn, index));
  return { shared: recipes.shared, calls };
}

function assignment(object: string, owner: string, name: string, python: string): CallRecipe {
  const [module = "", qualifiedName = ""] = owner.split(":");
  return {
    module,
    qualifiedName: `${qualifiedName}.${name}`,
    receiver: { kind: "shared", name: object },
    arguments: [{ keyword: undefined, value: { kind: "literal", python } }],
    use: "assign",
  };
}

/** Two equal texts in one call often mean an old and a new thing: the second becomes another one, the same or not in both threads. */
function tellArgumentsApart(provocation: Provocation): Provocation[] {
  if (!provocation.operations.some((calls) => calls.some(repeatsText))) return [];
  const variant = (letters: readonly string[]): Provocation => ({
    ...provocation,
    rationale: `${provocation.rationale}, arguments of one call told apart`,
    operations: provocation.operations.map((calls, thread) => calls.map((call) => withLetter(call, letters[thread] ?? "z"))),
  });
  return [variant(["b", "b"]), variant(["b", "c"])];
}

const endsInLetter = /a'$/;

function repeatsText({ arguments: values }: CallRecipe): boolean {
  const texts = values.flatMap(({ value }) => (value.kind === "literal" && endsInLetter.test(value.python) ? [value.python] : []));
  return new Set(texts).size < texts.length;
}

function withLetter(call: CallRecipe, letter: string): CallRecipe {
  const seen = new Set<string>();
  return {
    ...call,
    arguments: call.arguments.map((argument) => {
      const { value } = argument;
      if (value.kind !== "literal" || !endsInLetter.test(value.python)) return argument;
      if (!seen.has(value.python)) {
        seen.add(value.python);
        return argument;
      }
      return { ...argument, value: { kind: "literal", python: value.python.replace(endsInLetter, `${letter}'`) } };
    }),
  };
}

const mostOptions = 3;

/** Booleans that what makes an object takes, the other way round, one after the other. */
function withOtherOptions(provocation: Provocation, program: Program): Provocation[] {
  return provocation.shared.flatMap((object, index) =>
    optionsOf(object.value, program).map(({ name, default: text }): Provocation => {
      const flipped = text === "True" ? "False" : "True";
      return {
        ...provocation,
        rationale: `${provocation.rationale}, made with ${name}=${flipped}`,
        shared: provocation.shared.with(index, { ...object, value: withOption(object.value, { keyword: name, value: { kind: "literal", python: flipped } }) }),
      };
    }),
  );
}

function optionsOf(value: ValueRecipe, program: Program): readonly ParameterFact[] {
  if (value.kind === "apply") return optionsOf(value.callee, program);
  if (value.kind !== "construct") return [];
  const maker =
    program.lineageOf(`${value.module}:${value.qualifiedName}`).flatMap((cls) => cls.methods.get("__init__") ?? [])[0] ??
    program.functions.find(({ module, qualifiedName, role }) => role === "function" && module === value.module && qualifiedName === value.qualifiedName)?.id;
  const parameters = maker === undefined ? [] : (program.functions[maker]?.parameters ?? []);
  return parameters.filter(({ default: text, kind }) => (text === "True" || text === "False") && !kind.startsWith("var")).slice(0, mostOptions);
}

function withOption(value: ValueRecipe, option: ArgumentRecipe): ValueRecipe {
  if (value.kind === "apply") return { ...value, callee: withOption(value.callee, option) };
  return value.kind === "construct" ? { ...value, arguments: [...value.arguments, option] } : value;
}

function interleaved<Item>(first: readonly Item[], second: readonly Item[]): Item[] {
  return Array.from({ length: Math.max(first.length, second.length) }).flatMap((_, index) => [
    ...first.slice(index, index + 1),
    ...second.slice(index, index + 1),
  ]);
}
