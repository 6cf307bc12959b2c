// {{title}}: one sentence that says which sequence of accesses this rule looks for.
// Misses: what README.md marks so, in a few words. Over-reports: likewise.
import type { Hazard, Program, Rule, RuleMetadata } from "../../../vocabulary/index.ts";
import { ordinaryFunctions } from "../hazard-draft.ts";
import { provoke } from "./provoke.ts";

const metadata: RuleMetadata = {
  id: "{{id}}",
  title: "{{title}}",
  severity: "wrong-answer",
  consequence: "What a user of the library sees when it happens, in one sentence.",
  sources: [],
  since: "{{version}}",
  fixes: [],
};

/** Finds every suspected instance of the shape. Pure; `draftHazard` in ../hazard-draft.ts makes a hazard from accesses. */
function find(program: Program): Hazard[] {
  return ordinaryFunctions(program).flatMap(() => []);
}

export const rule: Rule = { metadata, find, provoke };
