// An access's place and the name its path starts with in, whether another thread can reach the object there out, as far as one function shows.
import { nameOf, parentOf } from "../../sources/index.ts";
import type { Sharing } from "../../vocabulary/index.ts";
import type { FunctionDeclaration } from "../declarations/declarations.ts";
import { receiverNameOf } from "../declarations/declarations.ts";
import type { Evaluator } from "../evaluation/evaluator.ts";
import type { Place } from "../evaluation/static-value.ts";
import type { Publication } from "./publication.ts";

/** Cython's extension types are also built by `__cinit__` and taken apart by `__dealloc__`: nobody else has the object then either. */
const constructors: ReadonlySet<string> = new Set(
  "__init__ __new__ __setstate__ __post_init__ __init_subclass__ __set_name__ __cinit__ __dealloc__".split(" "),
);

export function isConstructor(fn: FunctionDeclaration): boolean {
  return constructors.has(fn.name) && fn.owner !== undefined;
}

export interface AccessPath {
  readonly fn: FunctionDeclaration;
  readonly publication: Publication;
  readonly node: number;
  readonly place: Place;
  /** The Name at the left end of the path, or undefined when it starts with a call. */
  readonly root: number | undefined;
}

export function sharingOf(evaluator: Evaluator, path: AccessPath): Sharing {
  const { fn, place, root } = path;
  if (fn.role === "module" || fn.role === "class-body") return "import";
  if (root === undefined) return "shared";
  // The function that makes the closure has not handed it out yet.
  if (place.captured === true && place.ownerName === fn.qualifiedName) return "fresh";
  if (place.ownerKind === "class") return sharingOfClass(evaluator, fn, root);
  return place.ownerKind === "instance" ? sharingOfInstance(path, root) : "shared";
}

function sharingOfInstance({ fn, publication, node }: AccessPath, root: number): Sharing {
  const { tree } = fn.module;
  const name = nameOf(tree, root);
  if (publication.isFresh(name, tree.start[node] as number)) return "fresh";
  const direct = parentOf(tree, root) === node || root === node;
  return direct && name === receiverNameOf(fn) && isConstructor(fn) ? "construction" : "shared";
}

function sharingOfClass(evaluator: Evaluator, fn: FunctionDeclaration, root: number): Sharing {
  if (isLocalClass(evaluator, fn, root)) return "fresh";
  return fn.name === "__init_subclass__" && nameOf(fn.module.tree, root) === receiverNameOf(fn) ? "construction" : "shared";
}

/** A class statement in this function makes a new class in every call. */
function isLocalClass(evaluator: Evaluator, fn: FunctionDeclaration, name: number): boolean {
  const { shape } = evaluator.valueOf(fn.module, name);
  return shape.kind === "class" && evaluator.declarations.scopes.functionAround(shape.of.module, shape.of.node) === fn;
}
