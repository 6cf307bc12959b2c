// The functions and static variables of an extension, before their bodies are read.
// What enters: units of one build configuration. What leaves: tables by name. A header that several files include is one unit and read once.
import { childrenWithRole, childWithRole, CFlag, CKind, CRole, nameOf, parentOf } from "../../sources/index.ts";
import type { CUnit, SyntaxTree } from "../../sources/index.ts";
import type { NativeStatic } from "../../vocabulary/index.ts";
import { bindingAround } from "./bindings.ts";
import { readDeclarator, typeNameOf } from "./declarators.ts";
import { ownerOfMethod } from "./owner-of-method.ts";
import { declaredVariables, displayStruct, unknownType, variableType } from "./type-table.ts";
import type { NativeType, NativeTypeTable } from "./type-table.ts";
import type { UnitReader } from "./unit-reader.ts";

export interface DeclaredFunction {
  readonly id: number;
  /** "Class::name" of a method. */
  readonly name: string;
  /** Struct of the class whose method it is, in C++. */
  readonly owner: string | undefined;
  readonly reader: UnitReader;
  /** FunctionDefinition node, or the Lambda that is bound. */
  readonly node: number;
  readonly body: number;
  readonly parameters: readonly { readonly name: string; readonly type: NativeType }[];
  readonly returns: NativeType;
  /** Node of its name. */
  readonly nameNode: number;
  readonly generated: boolean;
  /** Other files can name it. */
  readonly exported: boolean;
  /** Names it calls. */
  readonly calls: readonly string[];
}

export function declareFunctions(readers: readonly UnitReader[], types: NativeTypeTable): DeclaredFunction[] {
  const found: DeclaredFunction[] = [];
  for (const reader of readers) {
    const { tree, unit } = reader;
    for (let node = 0; node < tree.size; node++) {
      if (tree.kind[node] !== CKind.FunctionDefinition && !(tree.kind[node] === CKind.Lambda && bindingAround(tree, node) !== undefined)) continue;
      const body = childWithRole(tree, node, CRole.body);
      if (body >= 0) found.push(declareFunction({ reader, unit, node, body, id: found.length }, types));
    }
  }
  return found;
}

interface FunctionNode {
  readonly reader: UnitReader;
  readonly unit: CUnit;
  readonly node: number;
  readonly body: number;
  readonly id: number;
}

function declareFunction({ reader, unit, node, body, id }: FunctionNode, types: NativeTypeTable): DeclaredFunction {
  const { tree } = reader;
  const declarator = readDeclarator(tree, childWithRole(tree, node, CRole.declarator));
  const parameters = (declarator.parameters ?? [])
    .filter((parameter) => tree.kind[parameter] === CKind.ParameterDeclaration)
    .map((parameter) => {
      const own = readDeclarator(tree, childWithRole(tree, parameter, CRole.declarator));
      return { name: own.name, type: variableType(types, tree, typeNameOf(tree, parameter), own) };
    })
    .filter(({ name, type }) => name !== "" || type.name !== "void" || type.pointers > 0);
  const { name, owner } = nameOfFunction(reader, node, types);
  if (owner !== undefined && !types.staticMethods.has(name))
    parameters.unshift({ name: "this", type: { ...unknownType, name: owner, struct: owner, pointers: 1 } });
  const calls = new Set<string>();
  for (let inner = tree.first[body] as number; inner < body; inner++) if (tree.kind[inner] === CKind.Call) calls.add(nameOf(tree, inner));
  return {
    id,
    name,
    owner,
    reader,
    node,
    body,
    parameters,
    nameNode: declarator.node >= 0 ? declarator.node : node,
    returns: types.resolve(types.typeNamed(typeNameOf(tree, node), declarator.pointers)),
    generated: unit.origin !== "own",
    exported: isExported(reader, node, owner),
    calls: [...calls],
  };
}

function nameOfFunction({ tree, unit }: UnitReader, node: number, types: NativeTypeTable): Pick<DeclaredFunction, "name" | "owner"> {
  const own = nameOf(tree, node) || readDeclarator(tree, childWithRole(tree, node, CRole.declarator)).name || bindingAround(tree, node)?.name || "lambda";
  const owner = unit.language === "cpp" ? ownerOfMethod(tree, node, types) : undefined;
  return { name: owner === undefined ? own : `${displayStruct(owner)}::${own}`, owner };
}

function isExported({ tree }: UnitReader, node: number, owner: string | undefined): boolean {
  return owner === undefined && tree.kind[node] !== CKind.Lambda && ((tree.detail[node] ?? 0) & (CFlag.Static | CFlag.Inline)) === 0;
}

export interface DeclaredStatic extends NativeStatic {
  readonly nativeType: NativeType;
  /** The file whose code alone can name it, in C++: there members of bases that nobody knows have such names too. */
  readonly onlyIn: string | undefined;
}

/** Variables of static storage: at file scope, and `static` inside functions. */
export function declareStatics(readers: readonly UnitReader[], types: NativeTypeTable): Map<string, DeclaredStatic> {
  const found = new Map<string, DeclaredStatic>();
  for (const reader of readers) {
    const { tree } = reader;
    for (let node = 0; node < tree.size; node++) {
      if (tree.kind[node] !== CKind.Declaration || !declaresStatic(tree, node)) continue;
      const flags = tree.detail[node] ?? 0;
      for (const { name, type, node: at } of declaredVariables(tree, node, types)) {
        found.set(name, {
          name,
          type: type.name,
          holds: types.holds(type),
          span: reader.spanOf(at),
          constant: (flags & CFlag.Const) !== 0 && type.pointers === 0,
          threadLocal: (flags & CFlag.ThreadLocal) !== 0,
          nativeType: type,
          onlyIn: tree.language === "cpp" && (flags & CFlag.Static) !== 0 ? reader.unit.path : undefined,
        });
      }
    }
  }
  return found;
}

function declaresStatic(tree: SyntaxTree, node: number): boolean {
  const flags = tree.detail[node] ?? 0;
  const around = tree.kind[parentOf(tree, node)];
  const atFileScope = around === CKind.TranslationUnit || around === CKind.Namespace;
  const isStatic = (atFileScope || (flags & CFlag.Static) !== 0) && (flags & CFlag.Extern) === 0;
  return isStatic && childrenWithRole(tree, node, CRole.declarator).length > 0;
}
