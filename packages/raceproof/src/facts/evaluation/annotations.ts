// An annotation in, the shape it promises out: classes of the program, containers with their element, None-able ones without the None.
// Misses: type variables, callables, protocols as structural types.
import {
  childrenOf,
  childWithRole,
  ConstantType,
  nameOf,
  parsePythonExpression,
  PythonKind as K,
  PythonRole as R,
  stringValueOf,
} from "../../sources/index.ts";
import { annotatedKinds, constructedKinds } from "../../models/index.ts";
import type { ModuleDeclaration } from "../declarations/declarations.ts";
import { bindingsIn } from "./bindings-in.ts";
import type { Evaluator } from "./evaluator.ts";
import { containerShape, unknownShape } from "./static-value.ts";
import type { Shape } from "./static-value.ts";

/** Wrappers that say nothing about the object itself. */
const transparentAnnotations: ReadonlySet<string> = new Set(["Optional", "Union", "ClassVar", "Final", "Annotated", "Required", "NotRequired"]);

/** Of an annotation that is just being read. */
const openShape: Shape = { kind: "unknown" };

/** `node` may be -1: no annotation promises nothing. */
export function shapeOfAnnotation(evaluator: Evaluator, module: ModuleDeclaration, node: number): Shape {
  if (node < 0) return unknownShape;
  const shapes = evaluator.annotationShapesOf(module.tree);
  const known = shapes.get(node);
  if (known === openShape) evaluator.cuts++;
  if (known) return known;
  shapes.set(node, openShape); // an alias that contains itself sees "unknown"
  const shape = evaluator.descend(unknownShape, () => shapeOfNode(evaluator, module, node));
  shapes.set(node, shape);
  return shape;
}

function shapeOfNode(evaluator: Evaluator, module: ModuleDeclaration, node: number): Shape {
  const { tree } = module;
  switch (tree.kind[node]) {
    case K.Constant: {
      if (tree.detail[node] === ConstantType.None) return containerShape("none");
      const text = stringValueOf(tree, node);
      return text === undefined ? unknownShape : shapeOfText(evaluator, module, text);
    }
    case K.BinOp:
      return firstInformative(evaluator, module, alternativesOf(module, node));
    case K.Subscript:
      return shapeOfGeneric(evaluator, module, node);
    case K.Name:
    case K.Attribute:
      return shapeOfName(evaluator, module, node);
    default:
      return unknownShape;
  }
}

/** A string annotation is evaluated in its module's scope: a view of the module with the annotation's own tree. */
function shapeOfText(evaluator: Evaluator, module: ModuleDeclaration, text: string): Shape {
  const tree = parsePythonExpression(text, module.tree.names);
  const root = tree.size - 1;
  const expression = tree.kind[root] === K.Module ? (childrenOf(tree, root)[0] ?? -1) : root;
  const inner = expression >= 0 && tree.kind[expression] === K.Expr ? childWithRole(tree, expression, R.value) : expression;
  return shapeOfAnnotation(evaluator, { ...module, tree }, inner);
}

/** `A | B | C`, which nests to the left, as [A, B, C]. */
function alternativesOf(module: ModuleDeclaration, node: number): number[] {
  const { tree } = module;
  const out: number[] = [];
  let at = node;
  for (; tree.kind[at] === K.BinOp; at = childWithRole(tree, at, R.left)) out.push(childWithRole(tree, at, R.right));
  out.push(at);
  return out.reverse();
}

function firstInformative(evaluator: Evaluator, module: ModuleDeclaration, nodes: readonly number[]): Shape {
  for (const node of nodes) {
    const shape = shapeOfAnnotation(evaluator, module, node);
    const isNone = shape.kind === "container" && shape.container === "none";
    if (shape.kind !== "unknown" && !isNone) return shape;
  }
  return unknownShape;
}

function shapeOfGeneric(evaluator: Evaluator, module: ModuleDeclaration, node: number): Shape {
  const { tree } = module;
  const base = childWithRole(tree, node, R.value);
  const slice = childWithRole(tree, node, R.slice);
  const name = nameOf(tree, base);
  const parameters = tree.kind[slice] === K.Tuple ? childrenOf(tree, slice) : [slice];
  if (transparentAnnotations.has(name)) return firstInformative(evaluator, module, name === "Annotated" ? parameters.slice(0, 1) : parameters);
  const isKnown = annotatedKinds.has(name) || name === "Type" || name === "type";
  if (!isKnown) return shapeOfName(evaluator, module, base);
  return shapeWithParameters(
    name,
    parameters.map((parameter) => shapeOfAnnotation(evaluator, module, parameter)),
  );
}

function shapeWithParameters(name: string, parameters: readonly Shape[]): Shape {
  const [first] = parameters;
  if (name === "Type" || name === "type") return first?.kind === "instance" ? { kind: "class", of: first.of } : unknownShape;
  if (name === "Tuple" || name === "tuple") return { kind: "tuple", elements: parameters.map((shape) => ({ shape })) };
  const kind = annotatedKinds.get(name) ?? "unknown";
  const element = parameters.at(-1);
  return containerShape(kind, element?.kind === "unknown" ? undefined : element, kind === "dict" ? first : undefined);
}

function shapeOfName(evaluator: Evaluator, module: ModuleDeclaration, node: number): Shape {
  const name = nameOf(module.tree, node);
  const { shape } = evaluator.valueOf(module, node);
  if (shape.kind === "class") return { kind: "instance", of: shape.of };
  if (shape.kind !== "external") return shapeOfAlias(evaluator, module, name);
  const kind = constructedKinds.get(shape.name) ?? annotatedKinds.get(name);
  return kind ? containerShape(kind) : unknownShape;
}

/** `AnyFile = Union[FakeFile, FakeDirectory]`: a module-level alias used as an annotation. */
function shapeOfAlias(evaluator: Evaluator, module: ModuleDeclaration, name: string): Shape {
  return evaluator.descend(unknownShape, () => {
    const binding = bindingsIn(evaluator, module.body, name)?.[0];
    // The alias is written in the module's own tree, whatever tree the annotation came from.
    const home = evaluator.moduleNamed(module.name) ?? module;
    if (binding?.kind === "assign") return shapeOfAnnotation(evaluator, home, binding.value);
    const source = binding?.kind === "import" ? evaluator.moduleNamed(binding.module) : undefined;
    return source && binding?.kind === "import" && binding.attribute ? shapeOfAlias(evaluator, source, binding.attribute) : unknownShape;
  });
}
