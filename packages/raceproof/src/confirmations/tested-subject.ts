// From a fetched subject to what the agent imports and instruments.
import type { Relaxation, Subject } from "../vocabulary/index.ts";
import type { TestedSubject } from "./confirmation-options.ts";

/** `requirementPaths`: folders with the subject's installed requirements, as provideRequirements() gives them. */
export function testedSubject(subject: Subject, requirementPaths: readonly string[], relaxations: readonly Relaxation[] = []): TestedSubject {
  return {
    specification: subject.specification,
    root: subject.root,
    // The root last: the package's tests are imported from there.
    importPaths: [...new Set([subject.importRoot, ...requirementPaths, subject.root])],
    instrument: subject.topLevelModules,
    relaxations,
  };
}
