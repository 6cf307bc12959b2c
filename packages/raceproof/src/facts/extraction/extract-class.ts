// A class declaration in, what its own text and its bases say out, as plain data: lineage, methods, what its instances keep.
import { childWithRole, nameOf, PythonKind as K, PythonRole as R } from "../../sources/index.ts";
import type { ClassDeclaration, FunctionDeclaration } from "../declarations/declarations.ts";
import { spanOf } from "../declarations/source-text.ts";
import { baseShapesOf, lineage } from "../evaluation/class-hierarchy.ts";
import type { Evaluator } from "../evaluation/evaluator.ts";
import type { Shape } from "../evaluation/static-value.ts";
import type { ExtractedClass, KeptPart } from "../module-facts.ts";
import { documentedUseOf } from "./documented-use.ts";
import { instancesIn } from "./kept-classes.ts";

export function extractClass(evaluator: Evaluator, cls: ClassDeclaration): ExtractedClass {
  const inBody = valuesInBody(evaluator, cls);
  return {
    key: cls.key,
    module: cls.module.name,
    qualifiedName: cls.qualifiedName,
    span: spanOf(cls.module, cls.node),
    lineage: lineage(evaluator, cls).map((each) => each.key),
    externalBases: externalBasesOf(evaluator, cls),
    externalNames: baseShapesOf(evaluator, cls).flatMap((shape) => (shape.kind === "external" ? [shape.name] : [])),
    methods: [...cls.methods].map(([name, methods]) => [name, (methods.at(-1) as FunctionDeclaration).key]),
    documented: documentedUseOf(evaluator, cls),
    keptParts: keptPartsOf(evaluator, cls),
    keptInstances: inBody.flatMap(({ name, shape }) =>
      shape.kind === "instance" ? [{ type: shape.of.key, sentence: `class ${cls.qualifiedName} keeps an instance in ${name}` }] : [],
    ),
    keptClasses: inBody.flatMap(({ shape }) => instancesIn(shape).map((each) => each.key)),
  };
}

/** Last names of the bases that are not classes of the program. */
function externalBasesOf(evaluator: Evaluator, cls: ClassDeclaration): string[] {
  const { module } = cls;
  return cls.bases.flatMap((base) => {
    const node = module.tree.kind[base] === K.Subscript ? childWithRole(module.tree, base, R.value) : base;
    return evaluator.valueOf(module, node).shape.kind === "class" ? [] : [nameOf(module.tree, node)];
  });
}

/** `self.helper = Helper()`. */
function keptPartsOf(evaluator: Evaluator, holder: ClassDeclaration): KeptPart[] {
  const parts: KeptPart[] = [];
  for (const [attribute, assignments] of holder.attributes) {
    for (const { method, value } of assignments) {
      const { shape } = evaluator.valueOf(method.module, value);
      if (shape.kind === "instance" && shape.of !== holder) parts.push({ part: shape.of.key, attribute });
    }
  }
  return parts;
}

function valuesInBody(evaluator: Evaluator, cls: ClassDeclaration): { readonly name: string; readonly shape: Shape }[] {
  return [...cls.bindings].flatMap(([name, bindings]) =>
    bindings.flatMap((binding) => (binding.kind === "assign" ? [{ name, shape: evaluator.valueOf(cls.module, binding.value).shape }] : [])),
  );
}
