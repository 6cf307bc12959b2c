// A class declaration in, what its documentation and its bases outside the program promise about threads out.
// Misses: promises made in manuals, comments, or docstrings of single methods.
import { childWithRole, childrenWithRole, PythonKind as K, PythonRole as R, textOf } from "../../sources/index.ts";
import { singleUserBases } from "../../models/index.ts";
import { baseShapesOf, lineage } from "../evaluation/class-hierarchy.ts";
import type { ClassDeclaration } from "../declarations/declarations.ts";
import type { Evaluator } from "../evaluation/evaluator.ts";
import type { DocumentedUse } from "../module-facts.ts";

const unsafe =
  /\b(not|isn't|never|aren't) (be )?(\w+ )?thread[- ]?safe|thread[- ]?unsafe|not safe (for|to) (be )?(use[d]? )?(from |in |by )?(multiple|several|different|concurrent) threads|one (instance )?per thread/i;
const safe =
  /thread[- ]?safe|safe (for|to (use|share|call)) \w+ (multiple|several|different) threads|(accessed|used|called|shared) (by|from|between|across) (multiple|several|different) threads/i;

export function documentedUseOf(evaluator: Evaluator, cls: ClassDeclaration): DocumentedUse {
  // "is **not** thread-safe"
  const documentation = docstringOf(cls).replaceAll(/[*_`]/g, "");
  const refuses = unsafe.test(documentation);
  return {
    shared: !refuses && safe.test(documentation) ? `the documentation of ${cls.qualifiedName} speaks of several threads` : undefined,
    confined: refuses ? `${cls.qualifiedName} is documented not to be thread-safe` : singleUserBaseOf(evaluator, cls),
  };
}

function docstringOf({ module: { tree }, node }: ClassDeclaration): string {
  const first = childrenWithRole(tree, node, R.body)[0] ?? -1;
  const value = tree.kind[first] === K.Expr ? childWithRole(tree, first, R.value) : -1;
  return tree.kind[value] === K.Constant ? textOf(tree, value).replaceAll(/\s+/g, " ") : "";
}

function singleUserBaseOf(evaluator: Evaluator, cls: ClassDeclaration): string | undefined {
  for (const each of lineage(evaluator, cls)) {
    for (const shape of baseShapesOf(evaluator, each)) {
      const row = shape.kind === "external" ? singleUserBases.find(({ bases }) => bases.includes(shape.name)) : undefined;
      if (row) return `${cls.qualifiedName} is ${row.because}`;
    }
  }
  return undefined;
}
