// The corridor's way for classes: names in, plans of calls from the facts out.
import { findClass, planClass } from "./rules/index.ts";
import type { AuditedSubject } from "./subject-audit.ts";
import type { ClassAudit, ClassFact, ClassPlan, Confirmation, Program } from "./vocabulary/index.ts";
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

/** Classes that threads may share and that hazards are about, those with the most first; with nothing but a reason to be shared, last. */
export async function chooseClasses(state: AuditedSubject, most: number): Promise<ClassPlan[]> {
  if (most === 0) return [];
  const program = await state.program();
  const scored = [...program.classes.values()].flatMap((cls) => {
    const isCandidate = cls.public && !cls.exception && !cls.abstract && cls.confinedBecause === undefined;
    const score = isCandidate ? hazardsAbout(cls, state, program) : 0;
    return score > 0 || (isCandidate && cls.sharedBecause.length > 0) ? [{ cls, score }] : [];
  });
  const plans = scored.toSorted((a, b) => b.score - a.score || (a.cls.key < b.cls.key ? -1 : 1)).map(({ cls }) => planClass(program, cls));
  return plans.filter(({ forms }) => new Set(forms.map(({ method }) => method)).size > 1).slice(0, most);
}

function hazardsAbout(cls: ClassFact, { shown }: AuditedSubject, program: Program): number {
  const lineage = new Set(program.lineageOf(cls.key).map(({ key }) => key));
  const owners = [...lineage].flatMap((key) => program.classes.get(key)?.qualifiedName ?? []);
  return shown.filter((hazard) => lineage.has(hazard.location.owner) || owners.some((owner) => hazard.function.startsWith(`${owner}.`))).length;
}

/** What exploring classes proved about hazards that were not confirmed before. */
export function confirmedByClasses(confirmations: ReadonlyMap<string, Confirmation>, classes: readonly ClassAudit[]): ReadonlyMap<string, Confirmation> {
  const out = new Map(confirmations);
  for (const { name, failures } of classes) {
    for (const { rank, hazards, confirmation, summary } of failures) {
      if (rank === "benign" || confirmation.verdict !== "confirmed") continue;
      for (const id of hazards) {
        const before = out.get(id);
        if (before === undefined || before.verdict === "confirmed") continue;
        const driver = {
          name: confirmation.witness?.driver.name ?? name,
          result: `confirmed: ${summary}; found by exploring ${name}`,
          end: "confirmed" as const,
        };
        out.set(id, { ...confirmation, rungs: [...before.rungs, ...confirmation.rungs], drivers: [...before.drivers, driver] });
      }
    }
  }
  return out;
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
