// What a type owns of Python, through containers, aliases and the program's own types: the fields a collector must be shown.
// Misses: what hides behind `dyn Trait` and raw pointers. References and Weak own nothing.
import { pythonOwner, sharedPointers } from "../../models/index.ts";
import type { RustField, RustHolding, RustStruct, RustType } from "../../vocabulary/index.ts";
import { substitute } from "./type-reader.ts";

const ownsNothing: ReadonlySet<string> = new Set(["&", "*", "fn", "dyn", "impl", "Weak", "PhantomData", "NonNull"]);
const deepest = 8;
/** Enough to say what is missing; a type with more is generated. */
const mostHoldings = 64;

/** The program's types as far as holdings need them. */
export interface DeclaredFields {
  readonly fields: readonly Pick<RustField, "name" | "type">[];
  readonly parameters: readonly string[];
}

export class PythonHoldings {
  readonly #declared: (id: RustStruct["id"]) => DeclaredFields | undefined;

  readonly #known = new WeakMap<RustType, readonly RustHolding[]>();

  constructor(declared: (id: RustStruct["id"]) => DeclaredFields | undefined) {
    this.#declared = declared;
  }

  of(type: RustType): readonly RustHolding[] {
    let found = this.#known.get(type);
    if (found === undefined) this.#known.set(type, (found = this.#below(type, { path: [], wrappers: [], shared: false }, new Set())));
    return found;
  }

  #below(type: RustType, around: Omit<RustHolding, "type">, open: ReadonlySet<number>): RustHolding[] {
    if (ownsNothing.has(type.name) || around.path.length + around.wrappers.length > deepest) return [];
    if (pythonOwner(type)) return [{ ...around, type }];
    const { declaration } = type;
    if (declaration !== undefined) return open.has(declaration) ? [] : this.#inDeclared(type, around, new Set([...open, declaration]));
    const inside = {
      ...around,
      wrappers: type.name === "()" ? around.wrappers : [...around.wrappers, type.name],
      shared: around.shared || sharedPointers.has(type.name),
    };
    return type.arguments
      .flatMap((part, index) => this.#below(part, type.name === "()" ? { ...inside, path: [...around.path, String(index)] } : inside, open))
      .slice(0, mostHoldings);
  }

  #inDeclared(type: RustType, around: Omit<RustHolding, "type">, open: ReadonlySet<number>): RustHolding[] {
    const declared = this.#declared(type.declaration as number);
    const given = new Map((declared?.parameters ?? []).map((parameter, index) => [parameter, type.arguments[index] ?? type]));
    return (declared?.fields ?? [])
      .flatMap((field) => this.#below(substitute(field.type, given), { ...around, path: [...around.path, field.name] }, open))
      .slice(0, mostHoldings);
  }
}
