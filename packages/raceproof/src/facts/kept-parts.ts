// Declarations in, which objects keep instances of which classes in their attributes out: `self.helper = Helper()`.
import type { ClassDeclaration, Declarations } from "./declarations.ts";
import type { Evaluator } from "./evaluator.ts";

/** An instance of `part` is kept in an attribute of `holder`. */
export interface KeptPart {
  readonly part: ClassDeclaration;
  readonly holder: ClassDeclaration;
  readonly attribute: string;
}

export function keptPartsOf(evaluator: Evaluator, declarations: Declarations): KeptPart[] {
  const parts: KeptPart[] = [];
  for (const holder of declarations.classes.values()) {
    for (const [attribute, assignments] of holder.attributes) {
      for (const { method, value } of assignments) {
        const { shape } = evaluator.valueOf(method.module, value);
        if (shape.kind === "instance" && shape.of !== holder) parts.push({ part: shape.of, holder, attribute });
      }
    }
  }
  return parts;
}
