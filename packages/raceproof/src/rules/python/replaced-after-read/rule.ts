// A shared container is gone through or copied and then emptied or replaced: what others add in between is lost.
// Misses: content taken through getters. Over-reports: owners that see to it that nobody adds any more.
import type { FunctionFact, Hazard, Program, Rule, RuleMetadata } from "../../../vocabulary/index.ts";
import { beliefInSharing, doubt } from "../confidence.ts";
import type { Doubt } from "../confidence.ts";
import { draftHazard } from "../hazard-draft.ts";
import { endsItsObject } from "../object-methods.ts";
import { provokeLoss } from "./provoke.ts";
import { functionsThatReplace, replacementsIn, replacersOf } from "./replacements.ts";
import type { Replacement } from "./replacements.ts";

const metadata: RuleMetadata = {
  id: "python/replaced-after-read",
  title: "Container read, then emptied or replaced",
  severity: "wrong-answer",
  consequence: "What another thread adds between the reading and the replacement is in neither: a job never run, a patch never undone, an entry lost.",
  sources: [
    "Lu et al., AVIO: Detecting Atomicity Violations via Access Interleaving Invariants, ASPLOS 2006: a remote write between local read and write",
    "docs.python.org/3/library/threadsafety.html: one list or dict operation is atomic, two are not",
  ],
  since: "0.1.0",
  fixes: [
    { title: "Take it first, then go through it", cost: "low", detail: "`items, self.items = self.items, []` and only then `for item in items`." },
    {
      title: "Take one element at a time",
      cost: "low",
      detail: "`while True: try: item = queue.popleft() except IndexError: break`: nothing is thrown away unseen.",
    },
    { title: "Hold one lock over reading and replacing", cost: "low", detail: "Whoever adds takes the same lock." },
  ],
};

function find(program: Program): Hazard[] {
  const replacers = replacersOf(program);
  return functionsThatReplace(program, replacers).flatMap((fn) =>
    replacementsIn(program, fn, replacers).map((replacement) => hazardOf(program, fn, replacement)),
  );
}

function hazardOf(program: Program, fn: FunctionFact, { read, copied, replace, lost }: Replacement): Hazard {
  const change = lost[0];
  const isEnded = read.operation === "read" && change?.operation === "read" && copied.length === 0;
  const taken = isEnded ? "taken" : "gone through";
  const what = isEnded ? "does with the old object meanwhile is lost, or fails" : "adds in between is lost";
  const how = replace.operation === "clear" ? "emptied" : "replaced";
  const where = read.span.line === replace.span.line ? "in the same statement" : `at line ${read.span.line}`;
  return draftHazard(program, metadata, {
    main: replace,
    sequence: [read, ...copied, replace],
    interfering: lost,
    ...doubt(beliefInSharing(program, replace), [doubtAboutEnd(fn)]),
    message: `${replace.text} is ${taken} ${where} and ${how} here without a lock: what ${change?.function ?? "another function"} (line ${change?.span.line ?? 0}) ${what}`,
  });
}

function doubtAboutEnd({ qualifiedName }: FunctionFact): Doubt | false {
  const name = qualifiedName.slice(qualifiedName.lastIndexOf(".") + 1);
  return endsItsObject(`.${name}`) && { steps: 1, because: `${qualifiedName} ends the object: what comes later is too late in any case` };
}

export const rule: Rule = { metadata, find, provoke: provokeLoss };
