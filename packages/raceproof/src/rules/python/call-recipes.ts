// Functions of the program in, calls a driver can make out: receivers built once, arguments from static facts.
// Misses: classes whose constructors need the outside world; such candidates fail in setup and are discarded with the reason.
import type {
  ArgumentRecipe,
  CallRecipe,
  CallUse,
  ClassFact,
  FunctionFact,
  ParameterFact,
  Program,
  SharedObject,
  ValueRecipe,
} from "../../vocabulary/index.ts";
import { madeFunction } from "../../vocabulary/index.ts";
import { literalFor } from "./argument-recipes.ts";
import { type Making, makingOf } from "./made-functions.ts";
import { instantiable } from "./receiver-classes.ts";
import type { ArgumentMode } from "./argument-recipes.ts";

/** Objects of objects of objects: deeper constructions are not worth trying. */
const maximumConstructionDepth = 3;

/** Collects the shared objects of one provocation while its calls are written. */
export class CallRecipes {
  readonly shared: SharedObject[] = [];
  private readonly program: Program;
  private readonly mode: ArgumentMode;

  constructor(program: Program, mode: ArgumentMode) {
    this.program = program;
    this.mode = mode;
  }

  /** A call of a function by one thread (0, 1, ...). */
  call(fn: FunctionFact, thread: number): CallRecipe {
    const making = makingOf(this.program, fn);
    if (making !== undefined) return this.callOfMade(fn, making, thread);
    const owner = fn.owner === undefined ? undefined : this.program.classes.get(fn.owner);
    if (owner && (fn.qualifiedName.endsWith(".__init__") || fn.qualifiedName.endsWith(".__new__"))) return this.construction(owner, thread);
    const bound = fn.role === "method" || fn.role === "property" || fn.role === "property-setter";
    return {
      module: fn.module,
      qualifiedName: fn.qualifiedName,
      receiver: bound && owner ? this.objectOf(instantiable(this.program, owner), 0) : undefined,
      arguments: this.argumentsOf(fn, thread, 0),
      use: useOf(fn),
    };
  }

  /** A function that another one made, once for all threads. */
  private callOfMade(fn: FunctionFact, { maker, applications }: Making, thread: number): CallRecipe {
    const name = madeFunction;
    if (!this.shared.some((object) => object.name === name)) {
      let value: ValueRecipe = { kind: "construct", module: maker.module, qualifiedName: maker.qualifiedName, arguments: this.argumentsOf(maker, 0, 1) };
      for (let index = 0; index < applications; index++) value = { kind: "apply", callee: value, arguments: [positional(anyFunction)] };
      this.shared.push({ name, value });
    }
    const required = this.argumentsOf(fn, thread, 0);
    const takesMore = required.length === 0 && fn.parameters.some(({ kind }) => kind === "var-positional");
    const key = this.mode === "different" ? String.fromCodePoint(97 + thread) : "a";
    return {
      module: maker.module,
      qualifiedName: `${maker.qualifiedName}.__call__`,
      receiver: { kind: "shared", name },
      arguments: takesMore ? [positional(`'${key}'`)] : required,
      use: fn.generator ? "exhaust" : "call",
    };
  }

  private construction(cls: ClassFact, thread: number): CallRecipe {
    return {
      module: cls.module,
      qualifiedName: cls.qualifiedName,
      receiver: undefined,
      arguments: this.constructorArguments(cls, thread, 0),
      use: "call",
    };
  }

  /** The one instance of a class that this provocation shares between its threads. */
  private objectOf(cls: ClassFact, depth: number): ValueRecipe {
    return this.define(nameFor(cls), cls, 0, depth);
  }

  private define(name: string, cls: ClassFact, thread: number, depth: number): ValueRecipe {
    if (!this.shared.some((object) => object.name === name)) {
      const value: ValueRecipe = {
        kind: "construct",
        module: cls.module,
        qualifiedName: cls.qualifiedName,
        arguments: this.constructorArguments(cls, thread, depth + 1),
      };
      // Arguments were defined on the way: they come first.
      if (!this.shared.some((object) => object.name === name)) this.shared.push({ name, value });
    }
    return { kind: "shared", name };
  }

  private constructorArguments(cls: ClassFact, thread: number, depth: number): ArgumentRecipe[] {
    for (const each of this.program.lineageOf(cls.key)) {
      const id = each.methods.get("__init__") ?? each.methods.get("__new__");
      const fn = id === undefined ? undefined : this.program.functions[id];
      if (fn) return this.argumentsOf(fn, thread, depth);
    }
    return [];
  }

  private argumentsOf(fn: FunctionFact, thread: number, depth: number): ArgumentRecipe[] {
    const takesReceiver = fn.role === "method" || fn.role === "class-method" || fn.role === "property" || fn.role === "property-setter";
    const out: ArgumentRecipe[] = [];
    let skipped = false;
    for (const parameter of takesReceiver ? fn.parameters.slice(1) : fn.parameters) {
      const value = this.valueFor(fn, parameter, thread, depth);
      if (value === undefined) {
        skipped = true;
        continue;
      }
      const byKeyword = parameter.kind === "keyword-only" || (skipped && parameter.kind === "positional");
      out.push({ keyword: byKeyword ? parameter.name : undefined, value });
    }
    return out;
  }

  /** An optional collaborator that a constructor keeps and that its class then uses without asking whether it is there. */
  private wantsObject(fn: FunctionFact, parameter: ParameterFact): boolean {
    if (parameter.default !== "None" || !fn.qualifiedName.endsWith(".__init__")) return false;
    return parameter.absence === "refused" || (parameter.absence === "untested" && !isTestedForAbsence(this.program, fn.owner, parameter.name));
  }

  /** undefined: leave the parameter to its default. */
  private valueFor(fn: FunctionFact, parameter: ParameterFact, thread: number, depth: number): ValueRecipe | undefined {
    if (parameter.kind === "var-positional" || parameter.kind === "var-keyword") return undefined;
    const cls = parameter.type === undefined ? undefined : this.program.classes.get(parameter.type);
    const wanted = cls !== undefined && depth < maximumConstructionDepth && this.wantsObject(fn, parameter);
    if (parameter.default !== undefined && !wanted) return undefined;
    if (cls === undefined || isProtocol(cls)) return this.plainValue(fn, parameter, cls, thread);
    return this.objectFor(cls, thread, depth);
  }

  private plainValue(fn: FunctionFact, parameter: ParameterFact, cls: ClassFact | undefined, thread: number): ValueRecipe {
    const isFunction = cls === undefined && isCalled(this.program, fn, parameter.name);
    const instead = cls?.methods.has("keys") === true ? mapping : literalFor(parameter, thread, this.mode);
    return { kind: "literal", python: isFunction ? anyNumber : instead };
  }

  private objectFor(cls: ClassFact, thread: number, depth: number): ValueRecipe {
    if (this.mode === "opaque" && depth === 0) return { kind: "literal", python: "object()" };
    if (depth >= maximumConstructionDepth) return { kind: "literal", python: "None" };
    const own = depth === 0 && this.mode !== "same";
    return own ? this.define(`${nameFor(cls)}_${thread}`, cls, this.mode === "twins" ? 0 : thread, depth) : this.objectOf(cls, depth);
  }
}

function positional(python: string): ArgumentRecipe {
  return { keyword: undefined, value: { kind: "literal", python } };
}

const anyFunction = "(lambda *arguments, **keywords: arguments)";
/** Of what is called for a size, a weight or a time nothing else is known. */
const anyNumber = "(lambda *arguments, **keywords: 1)";

/** Called by the function itself, or kept under its name and called by the class. */
function isCalled(program: Program, fn: FunctionFact, name: string): boolean {
  if (fn.calls.some(({ text }) => text === name)) return true;
  const cls = fn.owner === undefined || !fn.qualifiedName.endsWith(".__init__") ? undefined : program.classes.get(fn.owner);
  const kept = new Set([`self.${name}`, `self._${name}`, `self.__${name}`]);
  return [...(cls?.methods.values() ?? [])].some((id) => program.functions[id]?.calls.some(({ text }) => kept.has(text)) === true);
}

/** What has keys() is a mapping to whoever asks for one. */
const mapping = "{'a': 1, 'b': 2}";

/** Cannot be built (PEP 544); anything with its methods will do. */
function isProtocol({ externalBases }: ClassFact): boolean {
  return externalBases.some((base) => /\bProtocol\b/.test(base));
}

/** What the class itself tests for None or truth it can do without. */
function isTestedForAbsence(program: Program, owner: string | undefined, attribute: string): boolean {
  for (const cls of owner === undefined ? [] : program.lineageOf(owner)) {
    const accesses = program.locations.get(`instance:${cls.key}:${attribute}`)?.accesses ?? [];
    if (accesses.some((access) => access.kind === "check")) return true;
  }
  return false;
}

function useOf(fn: FunctionFact): CallUse {
  if (fn.role === "property") return "property";
  if (fn.role === "property-setter") return "assign";
  if (fn.contextManager) return "with";
  return fn.generator ? "exhaust" : "call";
}

/** "FakeFilesystem" -> "fake_filesystem". */
function nameFor(cls: ClassFact): string {
  const simple = cls.qualifiedName.split(".").at(-1) ?? cls.qualifiedName;
  return simple
    .replace(/^_+/, "")
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase();
}
