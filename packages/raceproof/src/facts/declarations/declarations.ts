// The shapes of what a program declares: modules, classes, functions and the bindings of their names.
// What enters: nothing. What leaves: the mutable records that `collect-declarations` fills and every later pass reads.
import type { SyntaxTree } from "../../sources/index.ts";
import type { Scopes } from "./scopes.ts";

/** One place where a name gets its value. `path` selects inside a tuple target: [0] of `a, b = ...`. */
export type Binding =
  | { readonly kind: "assign"; readonly value: number; readonly path: readonly number[] }
  | { readonly kind: "annotation"; readonly annotation: number }
  | { readonly kind: "parameter"; readonly parameter: ParameterDeclaration; readonly owner: FunctionDeclaration }
  | { readonly kind: "iteration"; readonly iterable: number; readonly path: readonly number[] }
  | { readonly kind: "context"; readonly manager: number }
  | { readonly kind: "import"; readonly module: string; readonly attribute: string | undefined }
  | { readonly kind: "function"; readonly declaration: FunctionDeclaration }
  | { readonly kind: "class"; readonly declaration: ClassDeclaration }
  | { readonly kind: "opaque" };

export interface ParameterDeclaration {
  readonly name: string;
  readonly node: number;
  readonly annotation: number;
  readonly default: number;
  readonly kind: "positional-only" | "positional" | "keyword-only" | "var-positional" | "var-keyword";
  readonly index: number;
}

export type Bindings = Map<string, Binding[]>;

export interface ModuleDeclaration {
  readonly name: string;
  readonly file: string;
  readonly tree: SyntaxTree;
  /** True for `__init__.py`: relative imports start at the module itself. */
  readonly isPackage: boolean;
  readonly bindings: Bindings;
  /** The pseudo function that is the module's body. */
  body: FunctionDeclaration;
  readonly functions: FunctionDeclaration[];
  readonly classes: ClassDeclaration[];
  /** Modules named in `from m import *`. */
  readonly starImports: string[];
}

export interface ClassDeclaration {
  readonly key: string;
  readonly module: ModuleDeclaration;
  readonly qualifiedName: string;
  readonly node: number;
  readonly bases: readonly number[];
  readonly bindings: Bindings;
  /** Every `def` of a name, in order: properties have several. */
  readonly methods: Map<string, FunctionDeclaration[]>;
  /** `self.name = value` in the class's own methods. */
  readonly attributes: Map<string, AttributeAssignment[]>;
}

export interface AttributeAssignment {
  readonly method: FunctionDeclaration;
  /** Stored through `self.__class__`. */
  readonly ofClass: boolean;
  /** Value node, or -1 when the assignment only annotates or unpacks. */
  readonly value: number;
  readonly annotation: number;
}

export type FunctionRole = "module" | "class-body" | "function" | "method" | "static-method" | "class-method" | "property" | "property-setter" | "nested";

export interface FunctionDeclaration {
  /** Unique within a program: "pkg/module.py:Class.method", numbered when a file defines the name again. */
  readonly key: string;
  readonly module: ModuleDeclaration;
  readonly node: number;
  readonly name: string;
  readonly qualifiedName: string;
  readonly role: FunctionRole;
  /** The class whose method this is, or in whose method it is nested. */
  readonly owner: ClassDeclaration | undefined;
  readonly parent: FunctionDeclaration | undefined;
  readonly parameters: ParameterDeclaration[];
  readonly bindings: Bindings;
  /** Names that it declares to be the module's, or of a function around it. */
  globals: ReadonlySet<string>;
  nonlocals: ReadonlySet<string>;
  /** Source text of decorators, without "@". */
  readonly decorators: readonly string[];
  /** Value nodes of return statements (-1 for a bare return). */
  readonly returns: number[];
  readonly yields: number[];
  readonly asynchronous: boolean;
}

/** Name of the first parameter of a method: the receiver. */
export function receiverNameOf(declaration: FunctionDeclaration): string | undefined {
  switch (declaration.role) {
    case "method":
    case "class-method":
    case "property":
    case "property-setter":
      return declaration.parameters[0]?.name;
    case "module":
    case "class-body":
    case "function":
    case "static-method":
    case "nested":
      return undefined;
  }
}

export function addBinding(bindings: Bindings, name: string, binding: Binding): void {
  const known = bindings.get(name);
  if (known) known.push(binding);
  else bindings.set(name, [binding]);
}

/** What a program declares, by name. */
export interface Declarations {
  readonly scopes: Scopes;
  moduleNamed(name: string): ModuleDeclaration | undefined;
  /** "pkg.module:Class". */
  classWithKey(key: string): ClassDeclaration | undefined;
  functionWithKey(key: string): FunctionDeclaration | undefined;
  /** Key of the single class of the program whose instances have this attribute or method. */
  onlyClassWith(attribute: string): string | undefined;
  /** Names that a person said are locks. */
  readonly isLockName: ((name: string) => boolean) | undefined;
}
