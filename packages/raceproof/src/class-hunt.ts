// The corridor's way for classes: names in, plans of calls from the facts out.
import { findClass, planClass } from "./rules/index.ts";
import type { AuditedSubject } from "./subject-audit.ts";
import type { ClassPlan, Program } from "./vocabulary/index.ts";
import { UserError } from "./vocabulary/index.ts";

/** @throws UserError for a name that no class of the subject has */
export async function planClasses(state: AuditedSubject, names: readonly string[]): Promise<ClassPlan[]> {
  if (names.length === 0) return [];
  const program = await state.program();
  return names.map((name) => {
    const cls = findClass(program, name);
    if (!cls) throw unknownClass(name, program);
    return planClass(program, cls);
  });
}

function unknownClass(name: string, program: Program): UserError {
  const simple = name.split(/[.:]/).at(-1) ?? name;
  const similar = [...program.classes.values()].filter(({ qualifiedName }) => qualifiedName.split(".").at(-1) === simple);
  const others = similar.length > 0 ? similar : [...program.classes.values()].filter((cls) => cls.public);
  const examples = others.slice(0, 3).map((cls) => `${cls.module}:${cls.qualifiedName}`);
  return new UserError(
    `no class "${name}" in this subject`,
    examples.length > 0 ? `name it as package.module:Class, such as ${examples.join(", ")}` : "the subject defines no class",
  );
}
