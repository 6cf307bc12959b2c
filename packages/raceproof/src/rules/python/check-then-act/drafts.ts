// Checks and acts in, what to say of them out: confidence with its reasons, severity, message, and who interferes.
import { compareConfidence } from "../../../vocabulary/index.ts";
import type { AccessFact, CallFact, FunctionFact, LocationFact, Program, TestFact } from "../../../vocabulary/index.ts";
import { callAsAccess } from "../call-as-access.ts";
import { beliefInSharing, doubt } from "../confidence.ts";
import type { Belief } from "../confidence.ts";
import { adds, addsOrRemoves, removes } from "../container-operations.ts";
import { isInCondition } from "../controlled-by.ts";
import { interferingWith } from "../hazard-draft.ts";
import type { HazardDraft } from "../hazard-draft.ts";
import type { AskedElement } from "./asked-elements.ts";
import type { CallPair } from "./call-pairs.ts";
import type { CountedCheck } from "./counted-checks.ts";
import type { DirectPair } from "./direct-pairs.ts";
import { doubtAboutFill, doubtAboutFillingCall } from "./entry-fills.ts";
import type { FlagCheck } from "./flag-checks.ts";
import type { MixedPair } from "./mixed-pairs.ts";
import type { ActEffect } from "./reached-containers.ts";
import type { RecordCheck } from "./record-checks.ts";
import { areSettings } from "./settings.ts";
import type { VanishingValue } from "./vanishing-values.ts";

export function draftOfAccesses(program: Program, { check, act, test }: DirectPair): HazardDraft {
  const interfering = interferingWith(program, check, (other) => other.id !== act.id && addsOrRemoves(other.operation));
  const what = act.kind === "read" || act.operation === "get" ? "read" : removes(act.operation) ? "removed" : "stored";
  return {
    main: check,
    sequence: [check, act],
    interfering: [act, ...interfering],
    ...doubt(beliefInSharing(program, check), [doubtAboutFill(program, act, { check, test, order: act.order })]),
    severity: adds(act.operation) || act.operation === "get" ? "wrong-answer" : "crash",
    message: `${check.text} is tested here and ${act.operation === "del" ? "deleted" : `the element ${what}`} at line ${act.span.line} without a lock in between`,
  };
}

export function draftOfVanishing(program: Program, { check, act, test, resets }: VanishingValue): HazardDraft {
  const reset = resets[0] as AccessFact;
  return {
    main: check,
    sequence: [check, act],
    interfering: resets,
    ...doubt(beliefInSharing(program, check), [
      { steps: 1, because: "callers often make sure that nobody closes what others still use" },
      test.kind === "assert" && { steps: 1, because: "an assertion says what the callers have made sure of" },
      areSettings(program, resets) && { steps: 1, because: "only who configures the object takes it away" },
    ]),
    severity: "crash",
    message: `${check.text} is tested here and used at line ${act.span.line} while ${reset.function} (line ${reset.span.line}) may take it away`,
  };
}

export function draftOfMixed(program: Program, fn: FunctionFact, { check, act, test }: MixedPair): HazardDraft {
  const belief = doubt(beliefInSharing(program, check), [doubtAboutFillingCall(program, { check, test, order: act.order })]);
  return {
    main: check,
    sequence: [check, callAsAccess(act, fn, "call", check)],
    interfering: interferingWith(program, check, (other) => addsOrRemoves(other.operation)),
    confidence: belief.confidence,
    evidence: [...belief.evidence, `${act.text} changes ${check.location.display}`],
    message: `${check.text} is tested here and ${act.text} at line ${act.span.line} acts on the answer without a lock in between`,
  };
}

export function draftOfAsked(program: Program, fn: FunctionFact, { question, act, removers }: AskedElement): HazardDraft {
  const [remover] = removers;
  const fills = adds(act.operation);
  const done = fills ? "put in" : "taken";
  const by =
    fills || !remover ? "another thread may have asked the same in between" : `${remover.function} (line ${remover.span.line}) may have removed it in between`;
  return {
    main: act,
    sequence: [callAsAccess(question, fn, "check", act), act],
    interfering: fills || !remover ? [act] : removers,
    ...doubt(beliefInSharing(program, act), [
      fillsAlike(act) && { steps: 1, because: "filling a missing entry: harmless when both threads would store the same value" },
    ]),
    severity: fills ? "wrong-answer" : "crash",
    message: `${question.text} at line ${question.span.line} has looked into ${act.text}, and the element is ${done} here: ${by}`,
  };
}

/** What two threads put in may well be the same. */
function fillsAlike({ operation, stored }: AccessFact): boolean {
  return adds(operation) && stored !== "fresh-container" && stored !== "fresh-object" && stored !== "counter";
}

const verdicts: Readonly<Record<ActEffect, string>> = {
  changes: "acts on the answer",
  removes: "takes away what was found",
  reads: "expects it to be there still",
};

export function draftOfPair(program: Program, fn: FunctionFact, { check, act, location, effect }: CallPair): HazardDraft {
  const origin = sharedAccessOf(location);
  const belief = doubt(beliefInObject(program, fn, check, origin), [
    effect === "changes" &&
      fillsByOperator(fn, check, act) && { steps: 1, because: "filling a missing entry: harmless when both threads would store the same value" },
  ]);
  return {
    main: callAsAccess(check, fn, "check", origin),
    sequence: [callAsAccess(check, fn, "check", origin), callAsAccess(act, fn, "call", origin)],
    interfering: location.accesses.filter((access) => addsOrRemoves(access.operation) && access.sharing === "shared"),
    confidence: belief.confidence,
    evidence: [...belief.evidence, `${check.text} reads and ${act.text} ${effect} ${location.location.display}`],
    message: `${check.text} answers from ${location.location.display} and ${act.text} at line ${act.span.line} ${verdicts[effect]} without a lock in between`,
  };
}

export function draftOfCount(program: Program, { check, change, count }: CountedCheck): HazardDraft {
  return {
    main: check,
    sequence: [check, change, count],
    interfering: interferingWith(program, check, (other) => other.id !== count.id && (other.kind === "update" || other.kind === "write")),
    ...beliefInSharing(program, check),
    severity: removes(change.operation) ? "crash" : "corruption",
    message: `${check.text} is tested here, ${change.text} changed at line ${change.span.line} and the number at line ${count.span.line}: three steps without a lock`,
  };
}

export function draftOfRecord(program: Program, { checks, act, interfering }: RecordCheck): HazardDraft {
  const main = checks.at(-1) as AccessFact;
  return {
    main,
    sequence: [...checks, act],
    interfering,
    ...beliefInSharing(program, main),
    message: `${main.text}[${main.key ?? ""}] is looked up here and relied on at line ${act.span.line} without a lock in between`,
  };
}

export function draftOfFlag(program: Program, { check, act }: FlagCheck): HazardDraft {
  const writes = interferingWith(program, check, (other) => other.id !== act.id && other.kind === "write");
  const goesBack = writes.some((other) => program.sourceOf(other.statement) !== program.sourceOf(act.statement));
  return {
    main: check,
    sequence: [check, act],
    interfering: writes,
    ...doubt(beliefInSharing(program, check), [!goesBack && { steps: 1, because: "never taken back: often one thread alone starts or ends what it guards" }]),
    message: `${check.text} is tested here and set at line ${act.span.line} without a lock: two threads may both go on`,
  };
}

/** `if key not in self.table: self.table[key] = value` of a collection that is a class of the program. */
function fillsByOperator(fn: FunctionFact, check: CallFact, act: CallFact): boolean {
  const isInside = (test: TestFact): boolean => isInCondition(check.order, test) && act.order >= test.whenTrue[0] && act.order < test.whenTrue[1];
  return act.text.startsWith(`${check.text}[`) && fn.tests.some(isInside);
}

/** A collection asked by an operator (`key in self.table`) is shared only if who holds it is. */
function beliefInObject(program: Program, fn: FunctionFact, check: CallFact, inside: AccessFact): Belief {
  const belief = beliefInSharing(program, callAsAccess(check, fn, "check", inside));
  const holder = fn.accesses.find(({ text, statement }) => statement.line === check.statement.line && check.text === text);
  if (!holder || holder.location.key === inside.location.key) return belief;
  const own = beliefInSharing(program, holder);
  return compareConfidence(own.confidence, belief.confidence) < 0 ? { confidence: own.confidence, evidence: [...belief.evidence, ...own.evidence] } : belief;
}

function sharedAccessOf({ accesses }: LocationFact): AccessFact {
  return accesses.find((access) => access.sharing === "shared") ?? (accesses[0] as AccessFact);
}
