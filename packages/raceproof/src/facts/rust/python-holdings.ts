// What a type owns of Python, through containers, aliases and the program's own types: the fields a collector must be shown.
// Misses: what hides behind `dyn Trait` and raw pointers. References, guards and Weak own nothing.
import { pythonOwner, sharedPointers } from "../../models/index.ts";
import type { RustField, RustHolding, RustType } from "../../vocabulary/index.ts";
import { substitute } from "./type-reader.ts";

const ownsNothing: ReadonlySet<string> = new Set([
  "&",
  "*",
  "fn",
  "dyn",
  "impl",
  "Weak",
  "PhantomData",
  "NonNull",
  "MutexGuard",
  "RwLockReadGuard",
  "RwLockWriteGuard",
  "MappedMutexGuard",
  "Ref",
  "RefMut",
]);
const deepest = 8;
/** Enough to say what is missing; a type with more is generated. */
const mostHoldings = 64;

/** The program's types as far as holdings need them. */
export interface DeclaredFields {
  readonly fields: readonly Pick<RustField, "name" | "type">[];
  readonly parameters: readonly string[];
}

export class PythonHoldings {
  readonly #declared: readonly DeclaredFields[];
  readonly #known = new WeakMap<RustType, readonly RustHolding[]>();
  /** Types of the program that own something at all: the others need not be looked into, however they refer to each other. */
  readonly #owning: ReadonlySet<number>;
  #left = 0;

  constructor(declared: readonly DeclaredFields[]) {
    this.#declared = declared;
    this.#owning = owningTypes(declared);
  }

  of(type: RustType): readonly RustHolding[] {
    let found = this.#known.get(type);
    if (found === undefined) {
      this.#left = mostHoldings;
      this.#known.set(type, (found = this.#below(type, { path: [], wrappers: [], shared: false }, new Set())));
    }
    return found;
  }

  #below(type: RustType, around: Omit<RustHolding, "type">, open: ReadonlySet<number>): RustHolding[] {
    if (ownsNothing.has(type.name) || this.#left <= 0 || around.path.length + around.wrappers.length > deepest) return [];
    if (pythonOwner(type)) {
      this.#left--;
      return [{ ...around, type }];
    }
    const { declaration } = type;
    // PyO3's own types are what its documentation says they are.
    if (type.path.startsWith("pyo3::")) return [];
    if (declaration !== undefined) return this.#isWorthIt(type, open) ? this.#inDeclared(type, around, new Set([...open, declaration])) : [];
    const inside = {
      ...around,
      wrappers: type.name === "()" ? around.wrappers : [...around.wrappers, type.name],
      shared: around.shared || sharedPointers.has(type.name),
    };
    return type.arguments.flatMap((part, index) => this.#below(part, type.name === "()" ? { ...inside, path: [...around.path, String(index)] } : inside, open));
  }

  #isWorthIt({ declaration, arguments: given }: RustType, open: ReadonlySet<number>): boolean {
    if (declaration === undefined || open.has(declaration)) return false;
    return this.#owning.has(declaration) || given.some((part) => ownedIn(part, this.#owning));
  }

  #inDeclared(type: RustType, around: Omit<RustHolding, "type">, open: ReadonlySet<number>): RustHolding[] {
    const declared = this.#declared[type.declaration as number];
    const given = new Map((declared?.parameters ?? []).map((parameter, index) => [parameter, type.arguments[index] ?? type]));
    return (declared?.fields ?? []).flatMap((field) => this.#below(substitute(field.type, given), { ...around, path: [...around.path, field.name] }, open));
  }
}

/** Ids of the types with an owner somewhere below, found from the owners upward. */
function owningTypes(declared: readonly DeclaredFields[]): ReadonlySet<number> {
  const owning = new Set<number>();
  for (let before = -1; owning.size > before;) {
    before = owning.size;
    for (const [id, { fields }] of declared.entries()) if (!owning.has(id) && fields.some(({ type }) => ownedIn(type, owning))) owning.add(id);
  }
  return owning;
}

function ownedIn(type: RustType, owning: ReadonlySet<number>): boolean {
  if (ownsNothing.has(type.name)) return false;
  return pythonOwner(type) || (type.declaration !== undefined && owning.has(type.declaration)) || type.arguments.some((part) => ownedIn(part, owning));
}
