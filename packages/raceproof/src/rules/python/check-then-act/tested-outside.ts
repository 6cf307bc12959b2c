// A function in, its tests outside of a lock that is taken next, for a change of what was tested, without asking again inside, out:
// `if key in self.items:`, `with self.lock: del self.items[key]`. Threads that waited for the lock still go by the old answer.
import type { AccessFact, AcquisitionFact, FunctionFact, Program } from "../../../vocabulary/index.ts";
import { beliefInSharing, doubt } from "../confidence.ts";
import type { Doubt } from "../confidence.ts";
import { adds, addsOrRemoves, needsElement, removes } from "../container-operations.ts";
import { controls, isInCondition } from "../controlled-by.ts";
import type { HazardDraft } from "../hazard-draft.ts";
import { handlesAbsence } from "./direct-pairs.ts";

/** At most one per tested location. */
export function testedOutsideIn(program: Program, fn: FunctionFact): HazardDraft[] {
  const out = new Map<string, HazardDraft>();
  for (const taken of fn.acquisitions) {
    const tests = fn.tests.filter((test) => test.kind === "if" && test.condition[1] <= taken.order && controls(test, taken.order));
    if (tests.length === 0) continue;
    const inside = fn.accesses.filter(({ order, lockset }) => order >= taken.order && order < taken.until && lockset.includes(taken.lock));
    for (const check of fn.accesses) {
      if (!isOpenQuestion(check, taken) || out.has(check.location.key) || !tests.some((test) => isInCondition(check.order, test))) continue;
      const act = inside.find((access) => isActOn(program, check, access));
      if (act && !inside.some((access) => asksAgain(check, access, act))) out.set(check.location.key, draftOf(program, { check, act, taken }));
    }
  }
  return [...out.values()];
}

interface TestedOutside {
  readonly check: AccessFact;
  readonly act: AccessFact;
  readonly taken: AcquisitionFact;
}

function isOpenQuestion({ kind, operation, sharing, lockset, container }: AccessFact, { lock }: AcquisitionFact): boolean {
  if (kind !== "check" || sharing !== "shared" || container === "lock" || lockset.includes(lock)) return false;
  return operation === "in" || operation === "truth" || operation === "len" || operation === "is-none";
}

/** Takes away what was found, adds what was missing, or answers the question for everybody else. */
function isActOn(program: Program, check: AccessFact, act: AccessFact): boolean {
  if (act.location.key !== check.location.key || act.sharing !== "shared" || act.text !== check.text || handlesAbsence(act.handled)) return false;
  const takes = removes(act.operation) && needsElement(act.operation) && !hasDefault(program, act);
  if (check.operation === "in") return act.key === check.key && (takes || adds(act.operation));
  return check.operation === "len" || isContainer(check) ? takes : isAnswer(check, act);
}

/** `items.pop(key, None)` */
function hasDefault(program: Program, { operation, statement, text, key }: AccessFact): boolean {
  return operation === "pop" && program.sourceOf(statement).includes(`${text}.pop(${key},`);
}

/** Fields of instances that are made when they are found empty are what lazy-initialization is about. */
function isAnswer({ location }: AccessFact, { kind, operation, stored }: AccessFact): boolean {
  const isMade = stored !== "constant" && stored !== "none" && location.ownerKind === "instance";
  return kind === "write" && operation === "=" && !isMade;
}

function isContainer({ container }: AccessFact): boolean {
  return container === "dict" || container === "list" || container === "set" || container === "deque";
}

function asksAgain(check: AccessFact, access: AccessFact, act: AccessFact): boolean {
  const isQuestion = access.kind === "check" || access.operation === "read" || access.operation === "get" || access.operation === "[]";
  return isQuestion && access.order < act.order && access.location.key === check.location.key;
}

function draftOf(program: Program, { check, act, taken }: TestedOutside): HazardDraft {
  const others = (program.locations.get(check.location.key)?.accesses ?? []).filter(
    (access) => access.id !== act.id && access.sharing === "shared" && changes(access),
  );
  return {
    main: check,
    sequence: [check, act],
    interfering: [act, ...others],
    ...doubt(beliefInSharing(program, check), [isHarmless(act)]),
    severity: removes(act.operation) ? "crash" : "wrong-answer",
    message: `${check.text} is tested here before ${taken.text} is taken, and not again before line ${act.span.line} acts on the answer: threads that waited for the lock do it once more`,
  };
}

function isHarmless({ stored, operation }: AccessFact): Doubt | undefined {
  const storesConstant = operation === "=" && (stored === "constant" || stored === "none");
  return storesConstant ? { steps: 1, because: "storing the same constant twice does no harm by itself" } : undefined;
}

function changes({ kind, operation }: AccessFact): boolean {
  return kind === "write" || kind === "update" || addsOrRemoves(operation);
}
