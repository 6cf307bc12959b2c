// A class in, every call its users' threads may make on one instance out: public and special methods, properties, class methods,
// inherited ones included, and what threads run that the class itself starts; each in several forms of arguments.
// Misses: methods added at run time, protocols that need an object of a certain shape, asynchronous methods.
import type {
  ArgumentRecipe,
  CallRecipe,
  ClassFact,
  ClassPlan,
  EntryCall,
  EntryForm,
  FunctionFact,
  ParameterFact,
  Program,
  SharedObject,
  ValueRecipe,
} from "../../vocabulary/index.ts";
import { classInstance } from "../../vocabulary/index.ts";
import { argumentForms } from "./argument-forms.ts";
import { CallRecipes } from "./call-recipes.ts";

/** Keys 0..4 are put in by set-up, later ones are not there. */
export const variantsPerForm = 8;

const neverCalled =
  /^__(new|init|del|init_subclass|class_getitem|subclasshook|getattr|getattribute|setattr|delattr|reduce|reduce_ex|getstate|setstate|getnewargs|dir|sizeof|set_name|post_init|await|aiter|anext|aenter|aexit|prepare)__$/;
const lifecycle = /^(reset|close|shutdown|stop|start|dispose|terminate|destroy|tear_?down|set_?up|pause|resume|open|join|run|__enter__|__exit__)$/i;

/** "package.module:Class" or "package.module.Class"; undefined when the program has no such class. */
export function findClass(program: Program, name: string): ClassFact | undefined {
  const exact = program.classes.get(name);
  if (exact) return exact;
  return [...program.classes.values()].find(({ module, qualifiedName }) => `${module}.${qualifiedName}` === name.replace(":", "."));
}

export function planClass(program: Program, cls: ClassFact): ClassPlan {
  const entries = entriesOf(program, cls);
  return {
    name: `${cls.module}:${cls.qualifiedName}`,
    instances: instancesOf(program, cls),
    forms: entries.flatMap((entry) => formsOf(program, cls, entry)),
    flags: entries.flatMap(({ fn }) => flagOf(fn)),
  };
}

interface Entry {
  readonly method: string;
  readonly fn: FunctionFact;
  readonly ownThread: boolean;
}

function entriesOf(program: Program, cls: ClassFact): Entry[] {
  const found = new Map<string, Entry>();
  for (const each of program.lineageOf(cls.key)) {
    const functions = program.functions.filter(({ owner, role, qualifiedName }) => owner === each.key && role !== "nested" && isDirect(qualifiedName, each));
    const seen = new Set(found.keys());
    for (const fn of functions) {
      const method = fn.qualifiedName.split(".").at(-1) ?? fn.qualifiedName;
      const key = fn.role === "property-setter" ? `${method}=` : method;
      const ownThread = !isEntry(fn, method);
      if (!seen.has(key) && (!ownThread || isRunByOwnThread(program, fn))) found.set(key, { method, fn, ownThread });
    }
  }
  return [...found.values()];
}

function isDirect(qualifiedName: string, cls: ClassFact): boolean {
  return qualifiedName.startsWith(`${cls.qualifiedName}.`) && !qualifiedName.slice(cls.qualifiedName.length + 1).includes(".");
}

function isEntry(fn: FunctionFact, method: string): boolean {
  if (fn.asynchronous || fn.role === "class-body" || fn.role === "static-method") return false;
  const isSpecial = /^__\w+__$/.test(method);
  return isSpecial ? !neverCalled.test(method) : !method.startsWith("_");
}

/** The target of a thread, or a step of it: users call the others meanwhile. */
function isRunByOwnThread(program: Program, fn: FunctionFact): boolean {
  if (fn.role !== "method" || fn.asynchronous || fn.eventLoopOnly || fn.phase !== "ordinary" || fn.entryLockset.length > 0) return false;
  const isTarget = (id: number): boolean => program.functions[id]?.threadEntry !== undefined;
  return isTarget(fn.id) || (fn.callers.length > 0 && fn.callers.every((id) => isTarget(id) && program.functions[id]?.owner === fn.owner));
}

function formsOf(program: Program, cls: ClassFact, { method, fn, ownThread }: Entry): EntryForm[] {
  const base = {
    method,
    ownThread,
    module: fn.module,
    qualifiedName: fn.qualifiedName,
    lifecycle: lifecycle.test(method) || fn.calls.some(({ text }) => text.startsWith("self.") && lifecycle.test(text.slice(5))),
  };
  const parameters = fn.parameters.slice(1);
  const forms = argumentForms(parameters).map((form): EntryForm => ({
    ...base,
    variants: Array.from({ length: variantsPerForm }, (_, variant) => callOf({ program, cls, fn }, form(variant), variant)),
  }));
  const isPlainCall = fn.role !== "property" && fn.role !== "property-setter" && !fn.generator && !fn.contextManager;
  const walks = isPlainCall && forms[0] !== undefined && parameters.every((each) => each.default !== undefined || each.kind.startsWith("var"));
  return walks ? [...forms, exhausted(forms[0] as EntryForm)] : forms;
}

/** What is given back may be a view or an iterator that reads later. */
function exhausted(form: EntryForm): EntryForm {
  return { ...form, variants: form.variants.map(({ call, needs }) => ({ needs, call: { ...call, use: "exhaust" } })) };
}

interface Method {
  readonly program: Program;
  readonly cls: ClassFact;
  readonly fn: FunctionFact;
}

/** `literals`: by parameter name; parameters that are not listed and hold an object of the program get one. */
function callOf({ program, cls, fn }: Method, literals: ReadonlyMap<string, ValueRecipe>, variant: number): EntryCall {
  const recipes = new CallRecipes(program, "different");
  const plain = recipes.call(fn, Math.min(variant, 1));
  const receiver: ValueRecipe = { kind: "shared", name: classInstance };
  const required = fn.parameters.slice(1).filter(({ default: text, kind }) => text === undefined && !kind.startsWith("var"));
  const values = fn.parameters
    .slice(1)
    .flatMap((parameter) => argumentOf(parameter, { literals, object: plain.arguments[required.indexOf(parameter)]?.value, cls }));
  const used = new Set(values.flatMap(({ value }) => (value.kind === "shared" ? [value.name] : [])));
  const needs = used.size === 0 || (used.size === 1 && used.has(classInstance)) ? [] : recipes.shared;
  return { call: { ...plain, receiver, arguments: withKeywords(fn.parameters.slice(1), values), qualifiedName: fn.qualifiedName }, needs };
}

interface NamedArgument {
  readonly parameter: ParameterFact;
  readonly value: ValueRecipe;
}

interface Choices {
  readonly literals: ReadonlyMap<string, ValueRecipe>;
  readonly object: ValueRecipe | undefined;
  readonly cls: ClassFact;
}

function argumentOf(parameter: ParameterFact, { literals, object, cls }: Choices): NamedArgument[] {
  const literal = literals.get(parameter.name);
  if (parameter.default === undefined && parameter.type === cls.key) return [{ parameter, value: { kind: "shared", name: classInstance } }];
  if (object?.kind === "shared") return [{ parameter, value: object }];
  return literal === undefined ? [] : [{ parameter, value: literal }];
}

/** After a parameter that was left out, the rest go by name. */
function withKeywords(parameters: readonly ParameterFact[], values: readonly NamedArgument[]): ArgumentRecipe[] {
  return values.map(({ parameter, value }, index) => {
    const isInOrder = parameters[index] === parameter && parameter.kind !== "keyword-only";
    return { keyword: isInOrder || parameter.kind.startsWith("var") ? undefined : parameter.name, value };
  });
}

function instancesOf(program: Program, cls: ClassFact): SharedObject[][] {
  const init = program.lineageOf(cls.key).flatMap((each) => each.methods.get("__init__") ?? each.methods.get("__new__") ?? [])[0];
  const fn = init === undefined ? undefined : program.functions[init];
  if (!fn) return [[instanceOf(cls, [])]];
  const recipes = new CallRecipes(program, "different");
  const plain = recipes.call(fn, 0).arguments;
  const parameters = fn.parameters.slice(1);
  const tried = argumentForms(parameters).map((form): SharedObject[] => {
    const values = form(0);
    const literals = parameters.flatMap((parameter): NamedArgument[] => {
      const value = values.get(parameter.name);
      return value === undefined ? [] : [{ parameter, value }];
    });
    return [instanceOf(cls, withKeywords(parameters, literals))];
  });
  return [[...recipes.shared, instanceOf(cls, plain)], ...tried];
}

function instanceOf(cls: ClassFact, values: readonly ArgumentRecipe[]): SharedObject {
  return { name: classInstance, value: { kind: "construct", module: cls.module, qualifiedName: cls.qualifiedName, arguments: values } };
}

/** A property with a setter that takes a boolean: both settings are states of their own. */
function flagOf(fn: FunctionFact): CallRecipe[] {
  if (fn.role !== "property-setter") return [];
  const [, parameter] = fn.parameters;
  if (!parameter || !/\bbool\b/.test(parameter.annotation ?? "")) return [];
  return [
    {
      module: fn.module,
      qualifiedName: fn.qualifiedName,
      receiver: { kind: "shared", name: classInstance },
      arguments: [{ keyword: undefined, value: { kind: "literal", python: "False" } }],
      use: "assign",
    },
  ];
}
