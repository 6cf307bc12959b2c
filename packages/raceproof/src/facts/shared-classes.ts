// Declarations and raw facts in, for each class the evidence that several threads reach one instance out, strongest first.
// Misses: instances handed to threads by the library's users (that is why public classes are never excluded).
import type { ClassDeclaration, Declarations } from "./declarations.ts";
import type { Evaluator } from "./evaluator.ts";
import type { RawFunction } from "./raw-facts.ts";

export function sharingEvidence(evaluator: Evaluator, declarations: Declarations, functions: readonly RawFunction[]): Map<string, string[]> {
  const evidence = new Map<string, Set<string>>();
  const add = (cls: ClassDeclaration, sentence: string): void => {
    const known = evidence.get(cls.key);
    if (known) known.add(sentence);
    else evidence.set(cls.key, new Set([sentence]));
  };
  for (const fn of functions) {
    const owner = fn.declaration.owner;
    if (owner && fn.lockSpans > 0) add(owner, `${owner.qualifiedName} takes a lock itself`);
  }
  for (const module of declarations.modules.values()) {
    for (const [name, bindings] of module.bindings) {
      if (!bindings.some((binding) => binding.kind === "assign")) continue;
      const value = evaluator.valueOfGlobal(module, name);
      if (value?.shape.kind === "instance") add(value.shape.of, `module ${module.name} keeps an instance in ${name}`);
    }
  }
  for (const cls of declarations.classes.values()) noteStoredInstances(evaluator, cls, add);
  return new Map([...evidence].map(([key, sentences]) => [key, [...sentences]]));
}

/** `self.helper = Helper()` or a parameter kept on self: the object is reached through another one. */
function noteStoredInstances(evaluator: Evaluator, cls: ClassDeclaration, add: (cls: ClassDeclaration, sentence: string) => void): void {
  for (const [attribute, assignments] of cls.attributes) {
    for (const { method, value } of assignments) {
      if (value < 0) continue;
      const { shape } = evaluator.valueOf(method.module, value);
      if (shape.kind === "instance" && shape.of !== cls) add(shape.of, `reached through ${cls.qualifiedName}.${attribute}`);
    }
  }
}
