// Shape 5: whether something is there (in a container, or not None) is tested first and acted on later, directly or through calls.
// Misses: checks carried in variables across functions; match statements. Over-reports: callers that retry on failure elsewhere.
import { compareConfidence } from "../../../vocabulary/index.ts";
import type { AccessFact, FunctionFact, Hazard, Program, Rule, RuleMetadata } from "../../../vocabulary/index.ts";
import { draftHazard, ordinaryFunctions } from "../hazard-draft.ts";
import { askedElementsIn } from "./asked-elements.ts";
import { callPairsIn } from "./call-pairs.ts";
import { countedChecksIn } from "./counted-checks.ts";
import { directPairsIn, isOpenCheck } from "./direct-pairs.ts";
import { flagChecksIn } from "./flag-checks.ts";
import { draftOfAccesses, draftOfAsked, draftOfCount, draftOfFlag, draftOfMixed, draftOfPair, draftOfRecord, draftOfVanishing } from "./drafts.ts";
import { lateRegistrationsIn } from "./late-registrations.ts";
import { mixedPairsIn } from "./mixed-pairs.ts";
import { nullifiedTwiceIn } from "./nullified-twice.ts";
import { pendingWorkIn } from "./pending-work.ts";
import { provokeCheckThenAct } from "./provoke.ts";
import { queueChecksIn } from "./queue-checks.ts";
import { ReachedContainers } from "./reached-containers.ts";
import { recordChecksIn } from "./record-checks.ts";
import { splitSpansIn } from "./split-spans.ts";
import { vanishingValuesIn } from "./vanishing-values.ts";

export const metadata: RuleMetadata = {
  id: "python/check-then-act",
  title: "Existence checked, then acted on, without a lock",
  severity: "wrong-answer",
  consequence: "Two threads pass the check together: the second insert overwrites the first, or the second removal fails with KeyError.",
  sources: [
    "CWE-367 time-of-check time-of-use; docs.python.org/3/glossary.html#term-LBYL",
    "measured: more than one winner of an exclusive create in 1-2 of 20 repeats on CPython 3.13t and PyPy; found by one preemption",
  ],
  since: "0.1.0",
  fixes: [
    {
      title: "Act first and handle the failure",
      cost: "low",
      detail: "`dict.setdefault`, `dict.pop(key, None)`, or `try: ... except KeyError`: one atomic operation decides.",
    },
    { title: "Hold one lock over check and act", cost: "medium", detail: "Every other writer of the container takes the same lock." },
  ],
};

function find(program: Program): Hazard[] {
  const reached = new ReachedContainers(program);
  return ordinaryFunctions(program).flatMap((fn) => (fn.tests.length === 0 && fn.calls.length < 2 ? [] : hazardsIn(program, fn, reached)));
}

function hazardsIn(program: Program, fn: FunctionFact, reached: ReachedContainers): Hazard[] {
  const checks = fn.accesses.filter(isOpenCheck);
  const direct = checks.length > 0 ? directHazards(program, fn, checks) : [];
  const seen = new Set(direct.map((hazard) => hazard.location.key));
  const unseen = ({ check }: { readonly check: AccessFact }): boolean => !seen.has(check.location.key);
  const drafts = [
    ...vanishingValuesIn(program, fn)
      .filter(unseen)
      .map((value) => draftOfVanishing(program, value)),
    ...mixedPairsIn(fn, checks, reached)
      .filter(unseen)
      .map((pair) => draftOfMixed(program, fn, pair)),
    ...callPairsIn(program, fn, reached).map((pair) => draftOfPair(program, fn, pair)),
    ...askedElementsIn(program, fn)
      .filter(({ act }) => !seen.has(act.location.key))
      .map((asked) => draftOfAsked(program, fn, asked)),
    ...countedChecksIn(fn).map((check) => draftOfCount(program, check)),
    ...recordChecksIn(program, fn).map((check) => draftOfRecord(program, check)),
    ...flagChecksIn(fn).map((check) => draftOfFlag(program, check)),
    ...nullifiedTwiceIn(program, fn).filter(({ main }) => !seen.has(main.location.key)),
    ...queueChecksIn(program, fn),
    ...lateRegistrationsIn(program, fn),
    ...pendingWorkIn(program, fn),
    ...splitSpansIn(program, fn),
  ];
  return [...direct, ...drafts.map((draft) => draftHazard(program, metadata, draft))];
}

/** One hazard per container and function: the pair whose act is the most harmful. */
function directHazards(program: Program, fn: FunctionFact, checks: readonly AccessFact[]): Hazard[] {
  const out = new Map<string, Hazard>();
  for (const pair of directPairsIn(program, fn, checks)) {
    const hazard = draftHazard(program, metadata, draftOfAccesses(program, pair));
    const known = out.get(hazard.location.key);
    if (!known || compareConfidence(hazard.confidence, known.confidence) > 0) out.set(hazard.location.key, hazard);
  }
  return [...out.values()];
}

export const rule: Rule = { metadata, find, provoke: provokeCheckThenAct };
