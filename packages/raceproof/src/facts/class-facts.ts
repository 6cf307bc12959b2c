// Class declarations in, class facts out: bases inside and outside the program, methods, and why instances may be shared.
import { childWithRole, nameOf, PythonKind as K, PythonRole as R } from "../sources/index.ts";
import type { ClassFact } from "../vocabulary/index.ts";
import { lineage } from "./class-hierarchy.ts";
import type { ClassDeclaration, Declarations, FunctionDeclaration } from "./declarations.ts";
import type { Evaluator } from "./evaluator.ts";
import { sharingEvidence } from "./shared-classes.ts";
import { keptPartsOf } from "./kept-parts.ts";
import { reachableClasses } from "./reachable-classes.ts";
import type { RawFunction } from "./raw-facts.ts";
import { spanOf } from "./source-text.ts";

export function classFactsOf(evaluator: Evaluator, declarations: Declarations, functions: readonly RawFunction[]): Map<string, ClassFact> {
  const keptParts = keptPartsOf(evaluator, declarations);
  const evidence = sharingEvidence(evaluator, declarations, functions, keptParts);
  const reachable = reachableClasses(evaluator, declarations, functions, keptParts);
  const factOf = (cls: ClassDeclaration): ClassFact => ({
    ...describeClass(evaluator, cls),
    public: reachable.has(cls),
    sharedBecause: evidence.get(cls.key) ?? [],
  });
  return new Map([...declarations.classes.values()].map((cls) => [cls.key, factOf(cls)]));
}

function describeClass(evaluator: Evaluator, cls: ClassDeclaration): Omit<ClassFact, "public" | "sharedBecause"> {
  const classes = lineage(evaluator, cls);
  const externalBases = externalBasesOf(evaluator, cls);
  return {
    key: cls.key,
    module: cls.module.name,
    qualifiedName: cls.qualifiedName,
    span: spanOf(cls.module, cls.node),
    bases: classes.slice(1).map((each) => each.key),
    externalBases,
    methods: new Map([...cls.methods].map(([name, methods]) => [name, (methods.at(-1) as FunctionDeclaration).id])),
    abstract: externalBases.some((base) => base === "ABC" || base === "Protocol"),
    exception: classes.some((each) => externalBasesOf(evaluator, each).some((base) => /(Error|Exception|Warning)$/.test(base))),
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
