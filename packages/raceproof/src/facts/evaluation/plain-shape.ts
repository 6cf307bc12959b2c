// A shape in, the same shape as plain data out, and back: classes, functions and modules by name, so that what one module says
// of another's parameters can be stored and sent. Places of a tuple's elements are left out.
import type { ContainerKind } from "../../vocabulary/index.ts";
import type { Evaluator } from "./evaluator.ts";
import { containerShape, unknownShape } from "./static-value.ts";
import type { Shape } from "./static-value.ts";

interface NamedShape {
  readonly kind: "instance" | "class" | "super" | "function" | "module" | "external";
  readonly name: string;
}

export type PlainShape =
  | NamedShape
  | { readonly kind: "container"; readonly container: ContainerKind; readonly element?: PlainShape; readonly key?: PlainShape }
  | { readonly kind: "tuple"; readonly elements: readonly PlainShape[] }
  | { readonly kind: "unknown" };

export function plainShapeOf(shape: Shape): PlainShape {
  switch (shape.kind) {
    case "instance":
    case "class":
    case "super":
    case "function":
      return { kind: shape.kind, name: shape.of.key };
    case "module":
      return { kind: "module", name: shape.of.name };
    case "external":
      return { kind: "external", name: shape.name };
    case "container":
      return {
        kind: "container",
        container: shape.container,
        ...(shape.element ? { element: plainShapeOf(shape.element) } : {}),
        ...(shape.key ? { key: plainShapeOf(shape.key) } : {}),
      };
    case "tuple":
      return { kind: "tuple", elements: shape.elements.map((element) => plainShapeOf(element.shape)) };
    case "unknown":
      return { kind: "unknown" };
  }
}

export function shapeFromPlain(evaluator: Evaluator, plain: PlainShape): Shape {
  switch (plain.kind) {
    case "container":
      return containerShape(plain.container, plain.element && shapeFromPlain(evaluator, plain.element), plain.key && shapeFromPlain(evaluator, plain.key));
    case "tuple":
      return { kind: "tuple", elements: plain.elements.map((element) => ({ shape: shapeFromPlain(evaluator, element) })) };
    case "unknown":
      return unknownShape;
    default:
      return namedShape(evaluator, plain) ?? unknownShape;
  }
}

function namedShape(evaluator: Evaluator, { kind, name }: NamedShape): Shape | undefined {
  switch (kind) {
    case "external":
      return { kind, name };
    case "module": {
      const of = evaluator.moduleNamed(name);
      return of && { kind, of };
    }
    case "function": {
      const of = evaluator.functionWithKey(name);
      return of && { kind, of, receiver: undefined };
    }
    default: {
      const of = evaluator.classWithKey(name);
      return of && { kind, of };
    }
  }
}
