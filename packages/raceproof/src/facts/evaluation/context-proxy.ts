// The bindings of a module-level name in; out, whether it holds a proxy: what one thread or task reaches through it is another's no business.
import { childWithRole, PythonKind as K, PythonRole as R } from "../../sources/index.ts";
import { contextProxies } from "../../models/index.ts";
import type { Binding, ModuleDeclaration } from "../declarations/declarations.ts";
import type { Evaluator } from "./evaluator.ts";

/** A proxy is bound once, or once in each of some branches. Generated modules rebind one name thousands of times, and each use of it asks. */
const mostBindings = 4;

export function isContextProxy(evaluator: Evaluator, module: ModuleDeclaration, bindings: readonly Binding[]): boolean {
  if (bindings.length > mostBindings) return false;
  return bindings.some((binding) => {
    if (binding.kind !== "assign" || module.tree.kind[binding.value] !== K.Call) return false;
    const { shape } = evaluator.valueOf(module, childWithRole(module.tree, binding.value, R.func));
    return shape.kind === "external" && contextProxies.has(shape.name);
  });
}
