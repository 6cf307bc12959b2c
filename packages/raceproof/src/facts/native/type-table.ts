// Structs and typedefs of a C program, and what their fields hold.
// What enters: trees. What leaves: a table that resolves names of types. Misses: templates, bit fields, unions as alternatives.
import { childrenOf, childrenWithRole, childWithRole, CFlag, CKind, CRole } from "../../sources/index.ts";
import type { SyntaxTree } from "../../sources/index.ts";
import type { NativeContent, SourceSpan } from "../../vocabulary/index.ts";
import { readDeclarator, typeNameOf } from "./declarators.ts";

/** A type as far as memory sharing needs it: a name, the struct behind it, and how many pointers lead there. */
export interface NativeType {
  readonly name: string;
  readonly struct: string | undefined;
  readonly pointers: number;
  readonly functionPointer: boolean;
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
  /** Type of the first member. */
  first: NativeType | undefined;
}

/** Python's own object structs, by their names. Source: Include/ of CPython. */
const pythonObject = /^(_?Py[A-Z]\w*Object|PyObject|PyVarObject|_object)$/;
const mutexType = /^(PyMutex|_PyOnceFlag|pthread_mutex_t|pthread_rwlock_t|mtx_t|PyThread_type_lock|std::mutex|std::recursive_mutex|std::shared_mutex)$/;

export class NativeTypeTable {
  readonly #structs = new Map<string, StructEntry>();
  readonly #aliases = new Map<string, NativeType>();
  /** Structs that a module's state was seen to be. */
  readonly moduleStates: Set<string> = new Set<string>();

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
    if (name === undefined || this.#structs.has(name)) return;
    const entry: StructEntry = { name, span: spanOf(node), fields: new Map(), first: undefined };
    this.#structs.set(name, entry);
    for (const member of members) this.#collectMember(tree, member, spanOf, entry);
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
      const type = this.typeNamed(name, declarator.pointers, declarator.functionPointer);
      entry.first ??= type;
      const flags = tree.detail[member] ?? 0;
      entry.fields.set(declarator.name, {
        type,
        span: spanOf(node),
        array: declarator.array,
        atomic: (flags & CFlag.Atomic) !== 0 || /^_?atomic_|^std::atomic/.test(name),
      });
    }
  }

  #collectTypedef(tree: SyntaxTree, node: number, spanOf: (node: number) => SourceSpan): void {
    const typeNode = childWithRole(tree, node, CRole.type);
    for (const declaratorNode of childrenWithRole(tree, node, CRole.declarator)) {
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
      if (this.#structs.has(name)) return { name, struct: name, pointers, functionPointer };
      const alias = this.#aliases.get(name);
      if (alias === undefined || alias.name === name) break;
      name = alias.name;
      pointers += alias.pointers;
      functionPointer ||= alias.functionPointer;
    }
    return { name, struct: undefined, pointers, functionPointer };
  }

  /** The field of a struct, or of what it embeds first; undefined when not known. */
  field(struct: string, name: string): NativeField | undefined {
    const found = this.#structs.get(struct)?.fields.get(name);
    return found === undefined ? undefined : { ...found, type: this.resolve(found.type) };
  }

  /** One pointer away from a Python object? */
  pointsAtObject(type: NativeType): boolean {
    return type.pointers === 1 && this.isObject(type);
  }

  isObject(type: NativeType, depth = 0): boolean {
    const { name, struct } = this.resolve(type);
    if (pythonObject.test(name)) return true;
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
    if (mutexType.test(resolved.name) || mutexType.test(type.name)) return "mutex";
    if (this.pointsAtObject(resolved)) return "object";
    if (resolved.pointers > 0) return "pointer";
    return resolved.struct === undefined ? "number" : "struct";
  }
}

/** A struct's name as people say it. */
export function displayStruct(name: string): string {
  return name.startsWith("struct ") ? name.slice("struct ".length) : name;
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
      if (declarator.name === "" || (declarator.parameters !== undefined && !declarator.functionPointer)) return [];
      const value = tree.kind[child] === CKind.InitDeclarator ? childWithRole(tree, child, CRole.value) : -1;
      const type = types.resolve(types.typeNamed(name, declarator.pointers + (declarator.array ? 1 : 0), declarator.functionPointer));
      return [{ name: declarator.name, type, value, node: declarator.node, array: declarator.array }];
    });
}
