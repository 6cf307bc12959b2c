// {{id}}: one sentence that says which sequence of accesses this rule looks for.
// Misses: see README.md. Over-reports: see README.md.
import type { Hazard, Program, Rule } from "../../../vocabulary/index.ts";
import { provoke } from "./provoke.ts";

/** Finds every suspected instance of the shape; pure. */
function find(program: Program): Hazard[] {
  return [...program.locations.values()].flatMap(() => []);
}

export const rule: Rule = {
  metadata: {
    id: "{{id}}",
    title: "{{title}}",
    severity: "wrong-answer",
    consequence: "What a user of the library sees when it happens, in one sentence.",
    sources: [],
    since: "{{version}}",
    fixes: [],
  },
  find,
  provoke,
};
