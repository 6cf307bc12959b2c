// The corridor from hazards to drivers: what a rule proposes, in more states, and what the package's own tests and examples show.
// Enters: an audited subject. Leaves: for each hazard its candidate drivers, most promising first. Nothing is executed.
import { relative, sep } from "node:path";
import { indexUsages, synthesizeDrivers } from "./confirmations/index.ts";
import { mineUsages } from "./facts/index.ts";
import { rules, varyProvocations } from "./rules/index.ts";
import { readSubjectFiles, readUsageFiles, type SubjectFile } from "./sources/index.ts";
import type { DriverText, Hazard, Program, Provocation, Rule, Subject, Usage } from "./vocabulary/index.ts";

/** Every likely opponent is tried before arguments and state are varied. Most are never searched: what they reach is known before. */
const driversPerHazard = 60;

export interface DriverSetting {
  readonly subject: Subject;
  readonly program: Program;
  /** Drivers of a person come first. */
  readonly handWritten: readonly DriverText[];
}

export async function createDriverSource({ subject, program, handWritten }: DriverSetting): Promise<(hazard: Hazard) => DriverText[]> {
  const usages = indexUsages(await usagesOf(subject));
  return (hazard) => {
    const rule = rules.find((each) => each.metadata.id === hazard.rule) as Rule;
    const provocations = rule.provoke(hazard, program);
    const varied = varyProvocations(hazard, program, provocations);
    const targets = { names: namesThatLeadTo(hazard, provocations), hints: hintsOf(hazard) };
    return [...handWritten, ...synthesizeDrivers(hazard.id, { provocations, varied, usages, targets }, driversPerHazard)];
  };
}

/** How the package's own tests, documents and docstrings use it. */
export async function usagesOf(subject: Subject): Promise<readonly Usage[]> {
  const modules: SubjectFile[] = [];
  // What cannot be read was reported by the audit.
  for await (const file of readSubjectFiles(subject, () => undefined)) modules.push(file);
  const prefix = relative(subject.root, subject.importRoot).split(sep).join("/");
  return mineUsages({ ...(await readUsageFiles(subject)), modules, prefix });
}

/** As the operations call them; a constructor goes by the name of its class. */
function namesThatLeadTo(hazard: Hazard, provocations: readonly Provocation[]): string[] {
  const called = provocations.flatMap(({ operations }) => operations.flat().map(({ qualifiedName }) => qualifiedName));
  return [...new Set([hazard.function, ...called].map(plainName))];
}

function plainName(qualifiedName: string): string {
  const parts = qualifiedName.split(".");
  return /^__(init|new)__$/.test(parts.at(-1) ?? "") ? (parts.at(-2) ?? "") : (parts.at(-1) ?? "");
}

/** The class and the module the hazard is in. */
function hintsOf({ function: name, span, location }: Hazard): string[] {
  const module =
    span.file
      .replace(/(\/__init__)?\.py$/, "")
      .split("/")
      .at(-1) ?? "";
  return [module, ...(name.includes(".") ? [name.split(".")[0] ?? ""] : []), location.owner.split(":").at(-1) ?? ""].filter((hint) => hint !== "");
}
