// Shape 5: whether something is there (in a container, or not None) is tested first and acted on later, directly or through calls.
// Misses: checks carried in variables across functions; match statements. Over-reports: callers that retry on failure elsewhere.
import { compareConfidence } from "../../../vocabulary/index.ts";
import type { AccessFact, FunctionFact, Hazard, Program, Rule, RuleMetadata, TestFact } from "../../../vocabulary/index.ts";
import { callAsAccess } from "../call-as-access.ts";
import { beliefInSharing, doubt, lower } from "../confidence.ts";
import { adds, addsOrRemoves, needsElement, removes } from "../container-operations.ts";
import { draftHazard, interferingWith, ordinaryFunctions } from "../hazard-draft.ts";
import { callPairsIn } from "./call-pairs.ts";
import type { CallPair } from "./call-pairs.ts";
import { controls, isInCondition } from "../controlled-by.ts";
import { provokeCheckThenAct } from "./provoke.ts";
import { vanishingValuesIn } from "./vanishing-values.ts";
import type { VanishingValue } from "./vanishing-values.ts";

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
  return ordinaryFunctions(program).flatMap((fn) => {
    const direct = directHazards(program, fn);
    const seen = new Set(direct.map((hazard) => hazard.location.key));
    const vanishing = vanishingValuesIn(program, fn).filter((value) => !seen.has(value.check.location.key));
    const throughCalls = callPairsIn(program, fn).filter((pair) => !seen.has(pair.location.location.key));
    return [...direct, ...vanishing.map((value) => hazardOfVanishing(program, value)), ...throughCalls.map((pair) => hazardOfPair(program, fn, pair))];
  });
}

interface DirectPair {
  readonly check: AccessFact;
  readonly act: AccessFact;
  readonly test: TestFact;
}

/** One hazard per container and function: the pair whose act is the most harmful. */
function directHazards(program: Program, fn: FunctionFact): Hazard[] {
  const pairs = fn.tests.flatMap((test) => pairsOf(program, fn, test));
  const out = new Map<string, Hazard>();
  for (const pair of pairs) {
    const hazard = hazardOfAccesses(program, pair);
    const known = out.get(hazard.location.key);
    if (!known || compareConfidence(hazard.confidence, known.confidence) > 0) out.set(hazard.location.key, hazard);
  }
  return [...out.values()];
}

function pairsOf(program: Program, fn: FunctionFact, test: TestFact): DirectPair[] {
  const checks = fn.accesses.filter((access) => isInCondition(access.order, test) && isOpenCheck(access));
  return checks.flatMap((check) => fn.accesses.filter((act) => controls(test, act.order) && isActOn(program, check, act)).map((act) => ({ check, act, test })));
}

function isOpenCheck(access: AccessFact): boolean {
  const existence = access.operation === "in" || ((access.operation === "truth" || access.operation === "len") && isContainer(access));
  return access.kind === "check" && existence && access.sharing === "shared" && access.lockset.length === 0;
}

function isContainer(access: AccessFact): boolean {
  return access.container === "dict" || access.container === "list" || access.container === "set" || access.container === "deque";
}

function isActOn(program: Program, check: AccessFact, act: AccessFact): boolean {
  if (act.location.key !== check.location.key || act.sharing !== "shared" || act.lockset.length > 0) return false;
  if (act.operation.startsWith("heapq.") || act.handled.some(handlesAbsence) || areTwoObjects(check.text, act.text)) return false;
  if (check.operation === "in") {
    if (!sameKey(check, act)) return false;
    if (adds(act.operation)) return true;
  }
  // Reading what was just seen fails only if somebody removes elements.
  const isRead = act.kind === "read";
  return needsElement(act.operation) && (!isRead || interferingWith(program, act, (other) => removes(other.operation)).length > 0);
}

/** `self.items` and `other.items`: one location, but not one container. Longer paths may meet: `fs` may be `self.fs`. */
function areTwoObjects(first: string, second: string): boolean {
  const [one, two] = [first, second].map((text) => /^(\w+)\.\w+$/.exec(text)?.[1]);
  return one !== undefined && two !== undefined && one !== two;
}

function handlesAbsence(exception: string): boolean {
  return exception === "*" || /(^|\.)(KeyError|IndexError|LookupError|ValueError|FileExistsError|OSError)$/.test(exception);
}

function sameKey(check: AccessFact, act: AccessFact): boolean {
  return check.key === act.key || check.origins.some((origin) => act.origins.includes(origin));
}

function hazardOfAccesses(program: Program, { check, act, test }: DirectPair): Hazard {
  const belief = beliefInSharing(program, check);
  const evidence = [...belief.evidence];
  let { confidence } = belief;
  const exclusive = test.trueLeaves && adds(act.operation);
  if (adds(act.operation) && !exclusive && act.stored !== "fresh-container" && act.stored !== "fresh-object" && act.stored !== "counter") {
    confidence = lower(confidence);
    evidence.push("filling a missing entry: harmless when both threads would store the same value");
  }
  const interfering = interferingWith(program, check, (other) => other.id !== act.id && addsOrRemoves(other.operation));
  const what = act.kind === "read" ? "read" : removes(act.operation) ? "removed" : "stored";
  return draftHazard(program, metadata, {
    main: check,
    sequence: [check, act],
    interfering: [act, ...interfering],
    confidence,
    evidence,
    severity: adds(act.operation) ? metadata.severity : "crash",
    message: `${check.text} is tested here and the element ${what} at line ${act.span.line} without a lock in between`,
  });
}

function hazardOfVanishing(program: Program, { check, act, resets }: VanishingValue): Hazard {
  const reset = resets[0] as AccessFact;
  return draftHazard(program, metadata, {
    main: check,
    sequence: [check, act],
    interfering: resets,
    ...doubt(beliefInSharing(program, check), [{ steps: 1, because: "callers often make sure that nobody closes what others still use" }]),
    severity: "crash",
    message: `${check.text} is tested here and used at line ${act.span.line} while ${reset.function} (line ${reset.span.line}) may take it away`,
  });
}

function hazardOfPair(program: Program, fn: FunctionFact, { check, act, location }: CallPair): Hazard {
  const origin = location.accesses.find((access) => access.sharing === "shared") ?? (location.accesses[0] as AccessFact);
  const belief = beliefInSharing(program, origin);
  const first = callAsAccess(check, fn, "check", origin);
  const second = callAsAccess(act, fn, "call", origin);
  return draftHazard(program, metadata, {
    main: first,
    sequence: [first, second],
    interfering: location.accesses.filter((access) => addsOrRemoves(access.operation) && access.sharing === "shared"),
    confidence: belief.confidence,
    evidence: [...belief.evidence, `${check.text} reads and ${act.text} changes ${location.location.display}`],
    message: `${check.text}() answers from ${location.location.display} and ${act.text}() at line ${act.span.line} acts on the answer without a lock in between`,
  });
}

export const rule: Rule = { metadata, find, provoke: provokeCheckThenAct };
