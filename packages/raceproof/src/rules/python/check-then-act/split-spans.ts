// A function in, its answers found in one span of a lock and relied on in a later span of the same lock out: `with lock: ended = self.end`,
// `if not ended:`, `with lock: self.items.append(x)`. In between somebody changes the answer. Spans that claim what they tested are fine.
import type { AccessFact, AcquisitionFact, FunctionFact, Program, TestFact } from "../../../vocabulary/index.ts";
import { callAsAccess } from "../call-as-access.ts";
import { beliefInSharing, doubt } from "../confidence.ts";
import type { Doubt } from "../confidence.ts";
import { addsOrRemoves, needsElement } from "../container-operations.ts";
import { controls, isInCondition } from "../controlled-by.ts";
import type { HazardDraft } from "../hazard-draft.ts";
import { whyIdentityMatters } from "../made-identity.ts";
import { handlesAbsence } from "./direct-pairs.ts";

/** At most one per tested location. */
export function splitSpansIn(program: Program, fn: FunctionFact): HazardDraft[] {
  if (fn.acquisitions.length === 0) return [];
  const out = new Map<string, HazardDraft>();
  for (const second of fn.acquisitions) {
    const draft = draftOfAsked(program, fn, second);
    if (draft) out.set(draft.main.location.key, draft);
  }
  for (const first of fn.acquisitions) {
    for (const second of fn.acquisitions) {
      if (second.lock !== first.lock || second.text !== first.text || second.order < first.until) continue;
      const draft = draftOf(program, fn, first, second);
      if (draft && !out.has(draft.main.location.key)) out.set(draft.main.location.key, draft);
    }
  }
  return [...out.values()];
}

function draftOf(program: Program, fn: FunctionFact, first: AcquisitionFact, second: AcquisitionFact): HazardDraft | undefined {
  const tests = fn.tests.filter((test) => test.kind === "if" && test.condition[0] >= first.order && controls(test, second.order));
  if (tests.length === 0) return undefined;
  const later = accessesIn(fn, second);
  const asked = accessesIn(fn, first);
  for (const check of asked) {
    if (!isQuestion(check) || !tests.some((test) => dependsOn(test, check)) || isClaimed(check, asked) || isAskedAgain(check, later)) continue;
    const act = later.find(
      (access) => access.location.ownerKind === check.location.ownerKind && access.location.owner === check.location.owner && changes(access),
    );
    const others = act ? changesByOthers(program, check) : [];
    if (!act || (others.length === 0 && act.location.key !== check.location.key)) continue;
    return {
      main: check,
      sequence: [check, act],
      interfering: others,
      ...doubt(beliefInSharing(program, check), [doubtAbout(program, fn, check, act)]),
      message: `${check.text} is looked at here under ${first.text}, which is released before line ${act.span.line} acts on the answer: it may no longer hold`,
    };
  }
  return undefined;
}

/** The question is a call: `if self.is_closed(): raise`, with a span of its own in there. */
function draftOfAsked(program: Program, fn: FunctionFact, second: AcquisitionFact): HazardDraft | undefined {
  const tests = fn.tests.filter((test) => test.kind === "if" && controls(test, second.order));
  const questions = fn.calls.filter(
    (call) => call.targets.length === 1 && call.order < second.order && call.lockset.length === 0 && tests.some((test) => isInCondition(call.order, test)),
  );
  const later = accessesIn(fn, second);
  for (const call of questions) {
    const asked = (program.functions[call.targets[0] as number]?.accesses ?? []).filter(
      (access) => access.lockset.includes(second.lock) && access.sharing === "shared",
    );
    const check = asked.find((access) => isQuestion(access) && !isClaimed(access, asked) && !isAskedAgain(access, later));
    const act =
      check && later.find((access) => access.location.key !== check.location.key && access.location.owner === check.location.owner && changes(access));
    const others = act ? changesByOthers(program, { ...check, functionId: fn.id }) : [];
    if (!check || !act || others.length === 0) continue;
    const main = callAsAccess(call, fn, "check", check);
    return {
      main,
      sequence: [main, act],
      interfering: others,
      ...doubt(beliefInSharing(program, check), [doubtAbout(program, fn, check, act)]),
      message: `${call.text}() answers from ${check.location.display} under a lock that is released before line ${act.span.line} acts on the answer: it may no longer hold`,
    };
  }
  return undefined;
}

function accessesIn(fn: FunctionFact, { order, until, lock }: AcquisitionFact): AccessFact[] {
  return fn.accesses.filter((access) => access.order >= order && access.order < until && access.sharing === "shared" && access.lockset.includes(lock));
}

function isQuestion({ kind, operation, container }: AccessFact): boolean {
  return container !== "lock" && (kind === "check" || operation === "read" || operation === "get");
}

function dependsOn(test: TestFact, check: AccessFact): boolean {
  if (isInCondition(check.order, test)) return true;
  return test.condition[0] > check.order && (test.origins.includes(check.text) || test.origins.includes(`call@${check.order}`));
}

function changes({ kind, operation }: AccessFact): boolean {
  return kind === "write" || kind === "update" || addsOrRemoves(operation);
}

/** `if self.done: return`, `self.done = True` in one span: nobody else passes. */
function isClaimed(check: AccessFact, span: readonly AccessFact[]): boolean {
  return span.some((access) => access.location.key === check.location.key && changes(access));
}

function isAskedAgain(check: AccessFact, span: readonly AccessFact[]): boolean {
  return span.some((access) => access.location.key === check.location.key && (access.kind === "check" || access.kind === "read" || access.operation === "get"));
}

function changesByOthers(program: Program, check: AccessFact): AccessFact[] {
  const all = program.locations.get(check.location.key)?.accesses ?? [];
  return all.filter((access) => access.functionId !== check.functionId && access.sharing === "shared" && changes(access));
}

function doubtAbout(program: Program, fn: FunctionFact, check: AccessFact, act: AccessFact): Doubt | undefined {
  if (act.location.key !== check.location.key) return { steps: 1, because: "what happened in between may not matter to what is changed" };
  if (whyIdentityMatters(program, fn, act) !== undefined) return undefined;
  if (needsElement(act.operation) && !handlesAbsence(act.handled)) return undefined;
  return { steps: 2, because: "harmless when both threads would store the same" };
}
