// Shape 5: whether something is there (in a container, or not None) is tested first and acted on later, directly or through calls.
// Misses: checks carried in variables across functions; match statements. Over-reports: callers that retry on failure elsewhere.
import { compareConfidence } from "../../../vocabulary/index.ts";
import type { AccessFact, FunctionFact, Hazard, Program, Rule, RuleMetadata } from "../../../vocabulary/index.ts";
import { activity, openly, shared, underLock } from "../activity.ts";
import { draftHazard, ordinaryFunctions } from "../hazard-draft.ts";
import type { HazardDraft } from "../hazard-draft.ts";
import { indexOf } from "../program-index.ts";
import { askedElementsIn } from "./asked-elements.ts";
import { callPairsIn } from "./call-pairs.ts";
import { countedChecksIn } from "./counted-checks.ts";
import { directPairsIn, isOpenCheck, isOpenLookup } from "./direct-pairs.ts";
import { dueTimesIn } from "./due-times.ts";
import { filledWhenEmptyIn } from "./filled-when-empty.ts";
import { flagChecksIn } from "./flag-checks.ts";
import { draftOfAccesses, draftOfAsked, draftOfCount, draftOfFlag, draftOfMixed, draftOfPair, draftOfRecord, draftOfVanishing } from "./drafts.ts";
import { lateRegistrationsIn } from "./late-registrations.ts";
import { madeByCallsIn } from "./made-by-calls.ts";
import { mixedPairsIn } from "./mixed-pairs.ts";
import { nullifiedTwiceIn } from "./nullified-twice.ts";
import { pathChecksIn, pathQuestionsIn } from "./path-checks.ts";
import type { PathQuestions } from "./path-checks.ts";
import { pendingWorkIn } from "./pending-work.ts";
import { propose } from "./fix.ts";
import { provokeCheckThenAct } from "./provoke.ts";
import { queueChecksIn, queueQuestionsIn } from "./queue-checks.ts";
import type { QueueQuestions } from "./queue-checks.ts";
import { ReachedContainers } from "./reached-containers.ts";
import { recordChecksIn } from "./record-checks.ts";
import { renewedValuesIn } from "./renewed-values.ts";
import { setByCallsIn } from "./set-by-calls.ts";
import { spentValuesIn } from "./spent-values.ts";
import { splitSpansIn } from "./split-spans.ts";
import { sweptEntriesIn } from "./swept-entries.ts";
import { testedOutsideIn } from "./tested-outside.ts";
import { triedElementsIn } from "./tried-elements.ts";
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
  guardedShape: "check-then-store",
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
  const search: Search = { program, reached: new ReachedContainers(program), questions: queueQuestionsIn(program), paths: pathQuestionsIn(program) };
  const out: Hazard[] = [];
  for (const fn of ordinaryFunctions(program)) {
    if (fn.tests.length > 0 || fn.calls.length > 0) for (const draft of draftsIn(search, fn)) out.push(draftHazard(program, metadata, draft));
  }
  return out;
}

/** What holds for all functions of one program. */
interface Search {
  readonly program: Program;
  readonly reached: ReachedContainers;
  readonly questions: QueueQuestions;
  readonly paths: PathQuestions;
}

interface Place extends Search {
  readonly fn: FunctionFact;
  /** The function's open checks of containers. */
  readonly checks: readonly AccessFact[];
  /** Locations of pairs that the function shows directly. */
  readonly seen: ReadonlySet<string>;
}

/** One way to test and act. Functions that do not do all that it needs, as bits of activity, are passed by. */
interface Shape {
  readonly needs: readonly number[];
  /** It can do without a condition. */
  readonly untested?: true;
  find(place: Place): readonly HazardDraft[];
}

const asks = openly(activity.check);

const shapes: readonly Shape[] = [
  {
    needs: [shared(activity.check)],
    find: ({ program, fn, seen }) => unseen(vanishingValuesIn(program, fn), seen).map((value) => draftOfVanishing(program, value)),
  },
  {
    needs: [asks],
    find: ({ program, fn, checks, reached, seen }) => unseen(mixedPairsIn(fn, checks, reached), seen).map((pair) => draftOfMixed(program, fn, pair)),
  },
  { needs: [], untested: true, find: ({ program, fn, reached }) => callPairsIn(program, fn, reached).map((pair) => draftOfPair(program, fn, pair)) },
  { needs: [shared(activity.need | activity.mutate)], find: askedElementDrafts },
  { needs: [openly(activity.update), openly(activity.mutate)], find: ({ program, fn }) => countedChecksIn(fn).map((check) => draftOfCount(program, check)) },
  {
    needs: [openly(activity.element), openly(activity.mutate)],
    untested: true,
    find: ({ program, fn }) => recordChecksIn(program, fn).map((check) => draftOfRecord(program, check)),
  },
  {
    needs: [openly(activity.store), openly(activity.check | activity.compare)],
    find: ({ program, fn }) => flagChecksIn(fn).map((check) => draftOfFlag(program, check)),
  },
  { needs: [openly(activity.write), asks], find: ({ program, fn, seen }) => nullifiedTwiceIn(program, fn).filter(({ main }) => !seen.has(main.location.key)) },
  {
    needs: [openly(activity.write), asks],
    find: ({ program, fn, seen }) => spentValuesIn(program, fn).filter(({ main }) => !seen.has(main.location.key)),
  },
  { needs: [asks], find: ({ program, fn, seen }) => madeByCallsIn(program, fn).filter(({ main }) => !seen.has(main.location.key)) },
  { needs: [asks], find: ({ program, fn }) => setByCallsIn(program, fn) },
  { needs: [], find: ({ program, fn, questions }) => queueChecksIn(program, fn, questions) },
  { needs: [], find: ({ program, fn, paths }) => pathChecksIn(program, fn, paths) },
  { needs: [openly(activity.mutate), asks], find: ({ program, fn }) => lateRegistrationsIn(program, fn) },
  {
    needs: [openly(activity.mutate), asks],
    find: ({ program, fn, checks, seen }) => filledWhenEmptyIn(program, fn, checks).filter(({ main }) => !seen.has(main.location.key)),
  },
  { needs: [openly(activity.need), openly(activity.element)], untested: true, find: ({ program, fn }) => triedElementsIn(program, fn) },
  { needs: [openly(activity.store), openly(activity.walk), asks], find: ({ program, fn }) => pendingWorkIn(program, fn) },
  { needs: [openly(activity.store)], find: ({ program, fn, seen }) => dueTimesIn(program, fn).filter(({ main }) => !seen.has(main.location.key)) },
  { needs: [openly(activity.store)], find: ({ program, fn, seen }) => renewedValuesIn(program, fn).filter(({ main }) => !seen.has(main.location.key)) },
  {
    needs: [openly(activity.walk), openly(activity.element)],
    untested: true,
    find: ({ program, fn, seen }) => sweptEntriesIn(program, fn).filter(({ main }) => !seen.has(main.location.key)),
  },
  { needs: [underLock], find: ({ program, fn }) => splitSpansIn(program, fn) },
  {
    needs: [underLock, shared(activity.check), shared(activity.write) | shared(activity.mutate)],
    find: ({ program, fn, seen }) => testedOutsideIn(program, fn).filter(({ main }) => !seen.has(main.location.key)),
  },
];

function draftsIn(search: Search, fn: FunctionFact): HazardDraft[] {
  const index = indexOf(search.program);
  const isTested = fn.tests.length > 0;
  const checks = isTested && index.does(fn.id, asks) ? fn.accesses.filter(isOpenCheck) : none;
  const lookups = isTested && index.does(fn.id, openly(activity.walk), openly(activity.mutate | activity.element)) ? fn.accesses.filter(isOpenLookup) : none;
  const out = checks.length + lookups.length > 0 ? directDrafts(search.program, fn, [...checks, ...lookups]) : [];
  let place: Place | undefined;
  for (const { needs, untested, find: findIn } of shapes) {
    if ((!isTested && !untested) || !index.does(fn.id, ...needs)) continue;
    place ??= {
      program: search.program,
      reached: search.reached,
      questions: search.questions,
      paths: search.paths,
      fn,
      checks,
      seen: new Set(out.map(({ main }) => main.location.key)),
    };
    for (const draft of findIn(place)) out.push(draft);
  }
  return out;
}

const none: readonly AccessFact[] = [];

function unseen<T extends { readonly check: AccessFact }>(found: readonly T[], seen: ReadonlySet<string>): T[] {
  return found.filter(({ check }) => !seen.has(check.location.key));
}

function askedElementDrafts({ program, fn, seen }: Place): HazardDraft[] {
  return askedElementsIn(program, fn)
    .filter(({ act }) => !seen.has(act.location.key))
    .map((asked) => draftOfAsked(program, fn, asked));
}

/** One per container and function: the pair whose act is the most harmful. */
function directDrafts(program: Program, fn: FunctionFact, checks: readonly AccessFact[]): HazardDraft[] {
  const out = new Map<string, HazardDraft>();
  for (const pair of directPairsIn(program, fn, checks)) {
    const draft = draftOfAccesses(program, pair);
    const { key } = draft.main.location;
    const known = out.get(key);
    if (!known || compareConfidence(draft.confidence, known.confidence) > 0) out.set(key, draft);
  }
  return [...out.values()];
}

export const rule: Rule = { metadata, find, provoke: provokeCheckThenAct, propose };
