// A function's node and scope in, what kind of function it is out: by where it stands and how it is decorated.
import { childrenWithRole, nameOf, PythonRole as R, textOf } from "../../sources/index.ts";
import type { SyntaxTree } from "../../sources/index.ts";
import type { Scope } from "./bind-names.ts";
import type { FunctionRole } from "./declarations.ts";

/** Methods that get the class without being told to (docs.python.org/3/reference/datamodel.html). */
const implicitClassMethods: ReadonlySet<string> = new Set(["__new__", "__init_subclass__", "__class_getitem__"]);

export function roleOf(tree: SyntaxTree, node: number, scope: Scope): FunctionRole {
  if (!scope.cls) return scope.fn.role === "module" ? "function" : "nested";
  const decorators = childrenWithRole(tree, node, R.decorator_list).map((decorator) => textOf(tree, decorator));
  if (decorators.includes("staticmethod")) return nameOf(tree, node) === "__new__" ? "class-method" : "static-method";
  if (decorators.includes("classmethod") || implicitClassMethods.has(nameOf(tree, node))) return "class-method";
  if (decorators.length === 0) return "method";
  if (decorators.some((text) => /\.(setter|deleter)$/.test(text))) return "property-setter";
  if (decorators.some((text) => /(^|\.)(cached_)?property$/.test(text))) return "property";
  return "method";
}
