// A module in, the values its calls pass to functions of the program out, as far as they are known without asking other calls.
import { childrenWithRole, childWithRole, nameOf, PythonKind as K, PythonRole as R } from "../../sources/index.ts";
import { receiverNameOf } from "../declarations/declarations.ts";
import type { FunctionDeclaration, ModuleDeclaration, ParameterDeclaration } from "../declarations/declarations.ts";
import type { Evaluator } from "../evaluation/evaluator.ts";
import type { PassedValue } from "../evaluation/passed-values.ts";
import { plainShapeOf } from "../evaluation/plain-shape.ts";
import type { Place, StaticValue } from "../evaluation/static-value.ts";

export function extractPassedValues(evaluator: Evaluator, module: ModuleDeclaration): PassedValue[] {
  const { tree } = module;
  const seen = new Set<string>();
  const out: PassedValue[] = [];
  for (let call = tree.kind.indexOf(K.Call); call >= 0; call = tree.kind.indexOf(K.Call, call + 1)) {
    if (!passesSomething(module, call)) continue;
    for (const callee of calleesOf(evaluator, module, call)) {
      for (const value of valuesPassed(evaluator, module, call, callee)) {
        const text = JSON.stringify(value);
        if (!seen.has(text)) out.push(value);
        seen.add(text);
      }
    }
  }
  return out;
}

function passesSomething({ tree }: ModuleDeclaration, call: number): boolean {
  return childWithRole(tree, call, R.args) >= 0 || childWithRole(tree, call, R.keywords) >= 0;
}

/** A constructor is called by its class's name. */
function calleesOf(evaluator: Evaluator, module: ModuleDeclaration, call: number): readonly FunctionDeclaration[] {
  const { shape } = evaluator.valueOf(module, childWithRole(module.tree, call, R.func));
  if (shape.kind === "function") return [shape.of];
  return shape.kind === "class" ? (shape.of.methods.get("__init__") ?? []) : [];
}

/** Where the first argument goes: behind the receiver, unless the call passes that itself (`Base.method(self, x)`). Undefined: cannot be told. */
function offsetOf(evaluator: Evaluator, module: ModuleDeclaration, call: number, callee: FunctionDeclaration): number | undefined {
  if (receiverNameOf(callee) === undefined) return 0;
  const { tree } = module;
  const func = childWithRole(tree, call, R.func);
  const isConstruction = evaluator.valueOf(module, func).shape.kind === "class";
  if (isConstruction) return 1;
  if (tree.kind[func] !== K.Attribute) return undefined;
  const isOfClass = evaluator.valueOf(module, childWithRole(tree, func, R.value)).shape.kind === "class";
  return isOfClass && callee.role !== "class-method" ? 0 : 1;
}

function valuesPassed(evaluator: Evaluator, module: ModuleDeclaration, call: number, callee: FunctionDeclaration): PassedValue[] {
  const { tree } = module;
  const { parameters } = callee;
  const offset = offsetOf(evaluator, module, call, callee);
  if (offset === undefined) return [];
  const out: PassedValue[] = [];
  const note = (parameter: ParameterDeclaration | undefined, node: number): void => {
    if (!parameter || parameter.annotation >= 0) return;
    const value = evaluator.valueOf(module, node);
    if (value.shape.kind === "unknown") return;
    const place = sharedPlaceOf(value, callee);
    out.push({ callee: callee.key, parameter: parameter.index, shape: plainShapeOf(value.shape), ...(place ? { place } : {}) });
  };
  childrenWithRole(tree, call, R.args).forEach((argument, index) => {
    if (tree.kind[argument] !== K.Starred) note(parameters[index + offset], argument);
  });
  for (const keyword of childrenWithRole(tree, call, R.keywords)) {
    const name = nameOf(tree, keyword);
    note(
      parameters.find((parameter) => parameter.name === name),
      childWithRole(tree, keyword, R.value),
    );
  }
  return out;
}

/** Of a container that a private function is given to work on. A public one may be given others. */
function sharedPlaceOf({ shape, place, view }: StaticValue, callee: FunctionDeclaration): Place | undefined {
  if (shape.kind !== "container" || !filled.has(shape.container) || view === true || !/^_(?!_)/.test(callee.name)) return undefined;
  return place === undefined || place.guessed || place.confined === true || place.captured === true || place.path.endsWith("]") ? undefined : place;
}

const filled: ReadonlySet<string> = new Set(["dict", "list", "set", "deque"]);
