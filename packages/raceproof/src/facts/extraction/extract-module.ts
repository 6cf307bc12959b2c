// A module's declaration in, its facts as plain data out.
import { childrenOf, stringValueOf } from "../../sources/index.ts";
import type { ModuleDeclaration } from "../declarations/declarations.ts";
import type { Evaluator } from "../evaluation/evaluator.ts";
import type { KeptInstance, ModuleFacts } from "../module-facts.ts";
import { unknownValue } from "../evaluation/static-value.ts";
import { describeFunction } from "./describe-function.ts";
import { extractClass } from "./extract-class.ts";
import { extractFunction } from "./extract-function.ts";
import { handedValuesIn } from "./handed-values.ts";
import { locksAroundCallsOf } from "./lent-locks.ts";
import { isUnderMainGuard } from "./main-guard.ts";
import { NeverReturning } from "./never-returns.ts";
import { WrittenPlaces } from "./written-places.ts";

export function extractModule(evaluator: Evaluator, module: ModuleDeclaration): ModuleFacts {
  const never = new NeverReturning(evaluator);
  const description = { never, places: new WrittenPlaces(module) };
  return {
    name: module.name,
    file: module.file,
    functions: module.functions.map((fn) => {
      const options = { neverReturns: (call: number) => never.isCall(fn, call), heldOnEntry: locksAroundCallsOf(evaluator, fn) };
      return describeFunction(evaluator, extractFunction(evaluator, fn, options), description);
    }),
    classes: module.classes.map((cls) => extractClass(evaluator, cls)),
    exportedClasses: exportedClasses(evaluator, module),
    keptInstances: keptInstances(evaluator, module),
    handed: handedValuesIn(evaluator, module),
  };
}

function exportedClasses(evaluator: Evaluator, module: ModuleDeclaration): string[] {
  const exported = new Set<string>();
  const promised = namesInAll(module);
  for (const [name, bindings] of module.bindings) {
    if (!module.isPackage && !promised.has(name)) continue;
    for (const binding of bindings) {
      if (binding.kind === "class") exported.add(binding.declaration.key);
      if (binding.kind !== "import") continue;
      const { shape } = evaluator.valueOfImport(binding.module, binding.attribute);
      if (shape.kind === "class") exported.add(shape.of.key);
    }
  }
  return [...exported];
}

function namesInAll(module: ModuleDeclaration): ReadonlySet<string | undefined> {
  const { tree } = module;
  const values = (module.bindings.get("__all__") ?? []).flatMap((binding) => (binding.kind === "assign" ? childrenOf(tree, binding.value) : []));
  return new Set(values.map((value) => stringValueOf(tree, value)));
}

function keptInstances(evaluator: Evaluator, module: ModuleDeclaration): KeptInstance[] {
  return [...module.bindings].flatMap(([name, bindings]) => {
    if (!bindings.some((binding) => binding.kind === "assign" && !isUnderMainGuard(module, binding.value))) return [];
    const { shape, place } = evaluator.valueOfGlobal(module, name) ?? unknownValue;
    return shape.kind === "instance" && place?.confined !== true
      ? [{ type: shape.of.key, sentence: `module ${module.name} keeps an instance in ${name}` }]
      : [];
  });
}
