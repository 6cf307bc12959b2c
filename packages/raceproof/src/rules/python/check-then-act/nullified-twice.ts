// A function in, its attributes that it tests for None, works with and then sets to None itself out: `if self._s is None: return`,
// `self._s.close()`, `self._s = None`. The other side is the same function in a second thread. Stores by others are vanishing values.
import type { AccessFact, FunctionFact, Program } from "../../../vocabulary/index.ts";
import { beliefInSharing, doubt } from "../confidence.ts";
import { controls, isInCondition } from "../controlled-by.ts";
import type { HazardDraft } from "../hazard-draft.ts";
import { asksForPresence, isReset, isUnguarded, isWorkedWith } from "./vanishing-values.ts";

/** At most one per attribute. */
export function nullifiedTwiceIn(program: Program, fn: FunctionFact): HazardDraft[] {
  const out = new Map<string, HazardDraft>();
  for (const reset of fn.accesses) {
    if (!isReset(reset) || reset.sharing !== "shared" || reset.lockset.length > 0 || out.has(reset.location.key)) continue;
    const used = useBefore(fn, reset);
    if (used) out.set(reset.location.key, draftOf(program, fn, { ...used, reset }));
  }
  return [...out.values()];
}

interface Nullified {
  readonly check: AccessFact;
  readonly act: AccessFact;
  readonly reset: AccessFact;
}

function useBefore(fn: FunctionFact, reset: AccessFact): Omit<Nullified, "reset"> | undefined {
  for (const check of fn.accesses) {
    if (check.location.key !== reset.location.key || check.order > reset.order || check.text !== reset.text || !asksForPresence(check)) continue;
    const tests = fn.tests.filter((test) => isInCondition(check.order, test) && controls(test, reset.order));
    const act = fn.accesses.find((each) => isUse(fn, check, each) && each.order < reset.order && tests.some((test) => controls(test, each.order)));
    if (act) return { check, act };
  }
  return undefined;
}

function isUse(fn: FunctionFact, check: AccessFact, access: AccessFact): boolean {
  return access.location.key === check.location.key && access.order > check.order && isUnguarded(access) && isWorkedWith(fn, access);
}

function draftOf(program: Program, fn: FunctionFact, { check, act, reset }: Nullified): HazardDraft {
  return {
    main: check,
    sequence: [check, act],
    interfering: [reset],
    ...doubt(beliefInSharing(program, check), [
      !isCalledByKeepers(program, fn) && { steps: 1, because: "callers often make sure that only one of them closes" },
    ]),
    severity: "crash",
    message: `${check.text} is tested here and used at line ${act.span.line}, and line ${reset.span.line} sets it to None: of two threads in ${fn.qualifiedName} one uses None`,
  };
}

/** A class that takes locks, and is not the object's own, calls it: it keeps objects that others work with at the time. */
function isCalledByKeepers(program: Program, fn: FunctionFact): boolean {
  return fn.callers.some((id) => {
    const owner = program.functions[id]?.owner;
    if (owner === undefined || owner === fn.owner) return false;
    return program.classes.get(owner)?.sharedBecause.some((because) => because.endsWith("takes a lock itself")) === true;
  });
}
