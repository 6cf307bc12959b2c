// Structs and typedefs of a C program, and what their fields hold.
// What enters: trees. What leaves: a table that resolves names of types. Misses: templates, bit fields, unions as alternatives.
import { childrenOf, childrenWithRole, childWithRole, CFlag, CKind, CRole } from "../../sources/index.ts";
import type { SyntaxTree } from "../../sources/index.ts";
import type { NativeContent, SourceSpan } from "../../vocabulary/index.ts";
import { cppAtomic, cppMutex, movingTypes } from "../../models/index.ts";
import { readDeclarator, typeNameOf } from "./declarators.ts";
import type { Declarator } from "./declarators.ts";

/** A type as far as memory sharing needs it: a name, the struct behind it, and how many pointers lead there. */
export interface NativeType {
  readonly name: string;
  readonly struct: string | undefined;
  readonly pointers: number;
  readonly functionPointer: boolean;
  /** A reference of C++ to a struct: a pointer that is written like the struct. */
  readonly reference?: true;
}

export const unknownType: NativeType = { name: "", struct: undefined, pointers: 0, functionPointer: false };

export interface NativeField {
  readonly type: NativeType;
  readonly span: SourceSpan;
  readonly array: boolean;
  readonly atomic: boolean;
}

interface StructEntry {
  readonly name: string;
  readonly span: SourceSpan;
  readonly fields: Map<string, NativeField>;
  /** Base classes of C++, as named. */
  readonly bases: readonly string[];
  /** Type of the first member. */
  first: NativeType | undefined;
}

/** Python's own object structs, by their names. Source: Include/ of CPython. */
const pythonObject = /^(_?Py[A-Z]\w*Object|PyObject|PyVarObject|_object)$/;
const mutexType = /^(PyMutex|_PyOnceFlag|pthread_mutex_t|pthread_rwlock_t|mtx_t|PyThread_type_lock|std::mutex|std::recursive_mutex|std::shared_mutex)$/;

/** Nobody derives classes deeper; damaged sources may go round. */
const deepestLineage = 8;

export class NativeTypeTable {
  readonly #structs = new Map<string, StructEntry>();
  readonly #aliases = new Map<string, NativeType>();
  /** Structs that a module's state was seen to be. */
  readonly moduleStates: Set<string> = new Set<string>();
  /** Classes of C++ whose instances Python objects hold. */
  readonly bound: Set<string> = new Set<string>();
  /** "Class::name" of methods without an object. */
  readonly staticMethods: Set<string> = new Set<string>();

  /** @param spanOf the place of a node, for messages */
  collect(tree: SyntaxTree, spanOf: (node: number) => SourceSpan): void {
    for (let node = 0; node < tree.size; node++) {
      const kind = tree.kind[node];
      if (kind === CKind.StructSpecifier || kind === CKind.UnionSpecifier || kind === CKind.ClassSpecifier) this.#collectStruct(tree, node, spanOf);
      else if (kind === CKind.TypeDefinition) this.#collectTypedef(tree, node, spanOf);
    }
  }

  #collectStruct(tree: SyntaxTree, node: number, spanOf: (node: number) => SourceSpan, alias?: string): void {
    const members = childrenWithRole(tree, node, CRole.member);
    if (members.length === 0) return;
    const tag = tree.names.text(tree.name[node] ?? 0);
    const name = tag === "" ? alias : `struct ${tag}`;
    if (name === undefined) return;
    const known = this.#structs.get(name);
    const entry: StructEntry = { name, span: spanOf(node), fields: new Map(), bases: basesOf(tree, node), first: undefined };
    if (known === undefined && tree.language === "cpp" && tag !== "") this.#collectClass(tree, tag, members);
    this.#structs.set(name, entry);
    for (const member of members) this.#collectMember(tree, member, spanOf, entry);
    // Namespaces are not told apart: of two structs of one name, the one that Python's objects are is meant, or else the first.
    if (known !== undefined && (startsAsObject(known) || !startsAsObject(entry))) this.#structs.set(name, known);
  }

  /** C++ says the tag alone, and has methods without an object. */
  #collectClass(tree: SyntaxTree, tag: string, members: readonly number[]): void {
    if (!this.#aliases.has(tag)) this.#aliases.set(tag, { ...unknownType, name: `struct ${tag}` });
    for (const member of members) if (isStaticMethod(tree, member)) this.staticMethods.add(`${tag}::${methodNameOf(tree, member)}`);
  }

  #collectMember(tree: SyntaxTree, member: number, spanOf: (node: number) => SourceSpan, entry: StructEntry): void {
    if (tree.kind[member] !== CKind.FieldDeclaration) return;
    const typeNode = childWithRole(tree, member, CRole.type);
    const declarators = childrenWithRole(tree, member, CRole.declarator);
    const inner = typeNode >= 0 ? childrenWithRole(tree, typeNode, CRole.member) : [];
    if (inner.length > 0 && declarators.length === 0) {
      for (const each of inner) this.#collectMember(tree, each, spanOf, entry);
      return;
    }
    for (const node of declarators) {
      const declarator = readDeclarator(tree, node);
      let name = typeNameOf(tree, member);
      if (inner.length > 0 && name === "") {
        name = `${entry.name}.${declarator.name}`;
        this.#collectStruct(tree, typeNode, spanOf, name);
      }
      if (isMethod(declarator)) continue;
      const type = this.typeNamed(name, pointersOf(tree, name, { ...declarator, array: false }), declarator.functionPointer);
      entry.first ??= type;
      entry.fields.set(declarator.name, { type, span: spanOf(node), array: declarator.array, atomic: isAtomic(tree, member, name) });
    }
  }

  #collectTypedef(tree: SyntaxTree, node: number, spanOf: (node: number) => SourceSpan): void {
    const typeNode = childWithRole(tree, node, CRole.type);
    const declarators = childrenWithRole(tree, node, CRole.declarator);
    // `using name = type;`
    const alias = tree.names.text(tree.name[node] ?? 0);
    const inner = typeNode >= 0 && tree.kind[typeNode] === CKind.TypeDescriptor ? childWithRole(tree, typeNode, CRole.type) : typeNode;
    if (declarators.length === 0 && alias !== "" && inner >= 0) this.#aliases.set(alias, { ...unknownType, name: tree.names.text(tree.name[inner] ?? 0) });
    for (const declaratorNode of declarators) {
      const declarator = readDeclarator(tree, declaratorNode);
      if (declarator.name === "") continue;
      const name = typeNameOf(tree, node);
      if (name === "" && typeNode >= 0) this.#collectStruct(tree, typeNode, spanOf, declarator.name);
      else this.#aliases.set(declarator.name, { name, struct: undefined, pointers: declarator.pointers, functionPointer: declarator.functionPointer });
    }
  }

  /** Resolved late: a struct may be declared after it is named. */
  typeNamed(name: string, pointers: number, functionPointer = false): NativeType {
    return { name, struct: undefined, pointers, functionPointer };
  }

  /** Follows typedefs to a struct where there is one. */
  resolve(type: NativeType): NativeType {
    let { name, pointers, functionPointer } = type;
    for (let steps = 0; steps < 8; steps++) {
      if (this.#structs.has(name)) return { ...type, name, struct: name, pointers, functionPointer };
      const alias = this.#aliases.get(name);
      if (alias === undefined || alias.name === name) break;
      name = alias.name;
      pointers += alias.pointers;
      functionPointer ||= alias.functionPointer;
    }
    return { ...type, name, struct: undefined, pointers, functionPointer };
  }

  /** The field of a struct, or of a base class, with the struct that declares it; undefined when not known. */
  field(struct: string, name: string): (NativeField & { readonly owner: string }) | undefined {
    const owner = this.lineageOf(struct).find((each) => this.#structs.get(each)?.fields.has(name));
    const found = owner === undefined ? undefined : this.#structs.get(owner)?.fields.get(name);
    return owner === undefined || found === undefined ? undefined : { ...found, type: this.resolve(found.type), owner };
  }

  /** The class, its bases and theirs. */
  lineageOf(struct: string, depth = 0): string[] {
    return depth > deepestLineage ? [] : [struct, ...this.basesOf(struct).flatMap((base) => (base === struct ? [] : this.lineageOf(base, depth + 1)))];
  }

  /** Bases of the class and of classes below it: what a template is instantiated with does not count against it, a class that has both will do. */
  basesAround(struct: string): Set<string> {
    const heirs = [struct, ...this.#structs.keys()].map((each) => this.lineageOf(each)).filter((lineage) => lineage.includes(struct));
    return new Set(heirs.flat());
  }

  /** Python objects hold instances of the class: members of its bases are theirs too. */
  bind(struct: string): void {
    for (const each of this.lineageOf(struct)) this.bound.add(each);
  }

  /** Is the method called without an object? */
  isStatic(struct: string, method: string): boolean {
    return this.staticMethods.has(`${displayStruct(struct)}::${method}`);
  }

  /** Names of the types of a class's own fields. */
  fieldTypesOf(struct: string): string[] {
    return [...(this.#structs.get(struct)?.fields.values() ?? [])].flatMap(({ type, array }) => (type.pointers === 0 && !array ? [type.name] : []));
  }

  /** Structs of the base classes. */
  basesOf(struct: string): string[] {
    return (this.#structs.get(struct)?.bases ?? []).flatMap((base) => this.resolve(this.typeNamed(base, 0)).struct ?? []);
  }

  /** One pointer away from a Python object? */
  pointsAtObject(type: NativeType): boolean {
    return type.pointers === 1 && this.isObject(type);
  }

  isObject(type: NativeType, depth = 0): boolean {
    const { name, struct } = this.resolve(type);
    if (pythonObject.test(name) || (struct !== undefined && this.bound.has(struct))) return true;
    const first = struct === undefined ? undefined : this.#structs.get(struct)?.first;
    return first !== undefined && first.pointers === 0 && depth < 4 && this.isObject(first, depth + 1);
  }

  /** Names of structs with a mutex among their fields. */
  mutexHolders(): ReadonlySet<string> {
    const holders = [...this.#structs.values()].filter(({ fields }) =>
      [...fields.values()].some(({ type }) => type.pointers === 0 && this.holds(type) === "mutex"),
    );
    return new Set(holders.map(({ name }) => displayStruct(name)));
  }

  holds(type: NativeType): NativeContent {
    const resolved = this.resolve(type);
    if (resolved.functionPointer) return "function";
    if (mutexType.test(resolved.name) || mutexType.test(type.name) || (resolved.struct === undefined && cppMutex.test(resolved.name))) return "mutex";
    if (this.pointsAtObject(resolved)) return "object";
    if (resolved.pointers > 0) return "pointer";
    return resolved.struct === undefined ? "number" : "struct";
  }
}

const numberNames = /^((unsigned|signed|long|short|int|char|float|double|_Bool|bool|size_t|s?size_t|Py_ssize_t|Py_hash_t|u?int(8|16|32|64|ptr|max)_t)\s*)+$/;

/** A number by its own name, so that it keeps no pointer. */
export function isNumber({ name, pointers, struct }: NativeType): boolean {
  return pointers === 0 && struct === undefined && numberNames.test(name);
}

/** A struct's name as people say it. */
export function displayStruct(name: string): string {
  return name.startsWith("struct ") ? name.slice("struct ".length) : name;
}

function startsAsObject({ first }: StructEntry): boolean {
  return first !== undefined && first.pointers === 0 && pythonObject.test(first.name);
}

function basesOf(tree: SyntaxTree, node: number): string[] {
  return childrenOf(tree, node)
    .filter((child) => tree.kind[child] === CKind.BaseClause)
    .flatMap((clause) => childrenOf(tree, clause).map((base) => tree.names.text(tree.name[base] ?? 0)))
    .filter((name) => name !== "" && !/^(public|private|protected)$/.test(name));
}

function isMethod({ parameters, functionPointer }: Declarator): boolean {
  return parameters !== undefined && !functionPointer;
}

function isAtomic(tree: SyntaxTree, member: number, type: string): boolean {
  return ((tree.detail[member] ?? 0) & CFlag.Atomic) !== 0 || /^_?atomic_/.test(type) || (tree.language === "cpp" && cppAtomic.test(type));
}

function isStaticMethod(tree: SyntaxTree, member: number): boolean {
  const kind = tree.kind[member];
  return tree.language === "cpp" && (kind === CKind.FieldDeclaration || kind === CKind.FunctionDefinition) && ((tree.detail[member] ?? 0) & CFlag.Static) !== 0;
}

function methodNameOf(tree: SyntaxTree, member: number): string {
  return readDeclarator(tree, childWithRole(tree, member, CRole.declarator)).name;
}

/** What a declared name leads to: containers of C++ lead to the memory they keep. */
export function pointersOf({ language }: Pick<SyntaxTree, "language">, type: string, { pointers, array }: Pick<Declarator, "pointers" | "array">): number {
  return pointers + (array ? 1 : 0) + (language === "cpp" && pointers === 0 && movingTypes.has(type) ? 1 : 0);
}

/** The type of a declared variable or parameter. A reference to what is no pointer is one. */
export function variableType(types: NativeTypeTable, tree: SyntaxTree, name: string, declarator: Declarator): NativeType {
  const pointers = pointersOf(tree, name, declarator);
  const type = types.resolve(types.typeNamed(name, pointers, declarator.functionPointer));
  return declarator.reference && type.pointers === 0 ? { ...type, pointers: 1, reference: true } : type;
}

/** Type and name of every variable a declaration declares. */
export function declaredVariables(
  tree: SyntaxTree,
  declaration: number,
  types: NativeTypeTable,
): { name: string; type: NativeType; value: number; node: number; array: boolean }[] {
  const name = typeNameOf(tree, declaration);
  return childrenOf(tree, declaration)
    .filter((child) => tree.role[child] === CRole.declarator)
    .flatMap((child) => {
      const declarator = readDeclarator(tree, child);
      if (declarator.name === "" || isMethod(declarator)) return [];
      const value = tree.kind[child] === CKind.InitDeclarator ? childWithRole(tree, child, CRole.value) : -1;
      return [{ name: declarator.name, type: variableType(types, tree, name, declarator), value, node: declarator.node, array: declarator.array }];
    });
}
