// A scope and a name in, what the scope binds to it out. Whoever looks into a module's own bindings goes through here, or through
// `valueOfGlobal`: both note the name, for the answer depends on it.
import type { Binding, FunctionDeclaration } from "../declarations/declarations.ts";
import type { Evaluator } from "./evaluator.ts";

export function bindingsIn(evaluator: Evaluator, scope: FunctionDeclaration, name: string): readonly Binding[] | undefined {
  if (scope.role === "module") evaluator.consulted.noteName(scope.module.name, name);
  return scope.bindings.get(name);
}
