// What static evaluation can say of an expression: what kind of object it is and which location it was read from.
// What enters: nothing. What leaves: types and constructors. "unknown" is always allowed.
import type { ContainerKind, OwnerKind } from "../../vocabulary/index.ts";
import type { ClassDeclaration, FunctionDeclaration, ModuleDeclaration } from "../declarations/declarations.ts";

export type Shape =
  | { readonly kind: "instance"; readonly of: ClassDeclaration }
  | { readonly kind: "class"; readonly of: ClassDeclaration }
  | { readonly kind: "module"; readonly of: ModuleDeclaration }
  /** A name outside the program: "os", "heapq.heappush", "builtins.len". */
  | { readonly kind: "external"; readonly name: string }
  | { readonly kind: "function"; readonly of: FunctionDeclaration; readonly receiver: StaticValue | undefined }
  | { readonly kind: "container"; readonly container: ContainerKind; readonly element: Shape | undefined; readonly key?: Shape | undefined }
  | { readonly kind: "tuple"; readonly elements: readonly StaticValue[] }
  | { readonly kind: "super"; readonly of: ClassDeclaration }
  | { readonly kind: "unknown" };

/** Where a value was read from: lets a local name stand for the shared object behind it. */
export interface Place {
  readonly ownerKind: OwnerKind;
  /** Canonical owner: the class that declares the attribute, so that all subclasses share one key. */
  readonly owner: string;
  readonly path: string;
  /** The owner as the code names it, for people: "FakeDirectory". */
  readonly ownerName: string;
  readonly guessed: boolean;
  /** An attribute of thread-local storage: one per thread. */
  readonly confined?: true;
  /** A name that functions handed out by their maker keep in a closure; the owner is the function that makes them. */
  readonly captured?: true;
}

export interface StaticValue {
  readonly shape: Shape;
  readonly place?: Place | undefined;
  /** Created by this very expression (a constructor call or a display). */
  readonly fresh?: boolean;
  /** A lazy view or iterator over the container at `place`: items(), enumerate(d), iter(d). */
  readonly view?: boolean;
  /** An iterator made by a built-in: who takes from it uses it up. */
  readonly lazy?: boolean;
  /** A copy of the container at this place (`list(d)`, `l[:]`): its own elements are those of the other. */
  readonly copyOf?: Place | undefined;
}

/** What a name or attribute holds that such a value is stored in: the iterator, no longer what it goes over. */
export function heldShape({ shape, lazy }: StaticValue): Shape {
  return lazy === true ? containerShape("iterator", shape.kind === "container" ? shape.element : undefined) : shape;
}

export const unknownShape: Shape = { kind: "unknown" };
export const unknownValue: StaticValue = { shape: unknownShape };

export function containerShape(container: ContainerKind, element?: Shape, key?: Shape): Shape {
  return { kind: "container", container, element, key };
}

/** Container kind a shape stands for, as far as rules care. */
export function containerKindOf(shape: Shape): ContainerKind {
  switch (shape.kind) {
    case "container":
      return shape.container;
    case "tuple":
      return "immutable";
    case "instance":
      return "object";
    case "class":
    case "module":
    case "external":
    case "function":
    case "super":
    case "unknown":
      return "unknown";
  }
}

/** Kinds of what may be a container. */
export const mayHoldElements: ReadonlySet<ContainerKind> = new Set([
  "dict",
  "list",
  "set",
  "deque",
  "heap",
  "weak-values",
  "weak-keys",
  "weak-set",
  "iterator",
  "generator",
  "unknown",
]);

export const hasLength: ReadonlySet<ContainerKind> = new Set(["dict", "list", "set", "deque"]);

/** The first value that says something, merged with the first place: joins what several bindings may hold. */
export function joinValues(values: readonly StaticValue[]): StaticValue {
  return values.length === 1 ? (values[0] as StaticValue) : joinSeveral(values);
}

function joinSeveral(values: readonly StaticValue[]): StaticValue {
  if (values.length === 0) return unknownValue;
  let place: Place | undefined;
  let copyOf: Place | undefined;
  let fresh = true;
  let view = false;
  let lazy = false;
  for (const value of values) {
    place ??= value.place;
    copyOf ??= value.copyOf;
    fresh &&= value.fresh === true;
    view ||= value.view === true;
    lazy ||= value.lazy === true;
  }
  return { shape: joinShapes(values), place, fresh, view, lazy, copyOf };
}

function joinShapes(values: readonly StaticValue[]): Shape {
  let first: Shape | undefined;
  for (const { shape } of values) {
    if (shape.kind === "unknown") continue;
    if (!isNone(shape)) return shape.kind === "container" ? refine(shape, values) : shape;
    first ??= shape;
  }
  return first ?? unknownShape;
}

/** `x = []` says less than `x: list[Foo] = []`: take the element shape from whichever binding has one. */
function refine(shape: Extract<Shape, { kind: "container" }>, values: readonly StaticValue[]): Shape {
  if (shape.element) return shape;
  for (const { shape: other } of values) {
    if (other.kind === "container" && other.element && other.container === shape.container) return other;
  }
  return shape;
}

function isNone(shape: Shape): boolean {
  return shape.kind === "container" && shape.container === "none";
}
