// A function in, its flags and states that are tested and then set with no lock in between, guarding work that must happen once, out:
// `if self.started: return`, `self.started = True`, `self.open_everything()`; `if self.state == "open": self.state = "closed"`.
import type { AccessFact, CallFact, FunctionFact, TestFact } from "../../../vocabulary/index.ts";
import { controls, isInCondition } from "../controlled-by.ts";

export interface FlagCheck {
  readonly check: AccessFact;
  readonly act: AccessFact;
}

/** At most one per function and flag. */
export function flagChecksIn(fn: FunctionFact): FlagCheck[] {
  const sets = fn.accesses.filter((access) => access.operation === "=" && access.stored === "constant" && isOpenFlag(access));
  if (sets.length === 0) return [];
  const found = new Map<string, FlagCheck>();
  for (const test of fn.tests) {
    if (test.kind !== "if") continue;
    for (const check of fn.accesses) {
      const { key } = check.location;
      if (!asksState(check) || !isOpenFlag(check) || !isInCondition(check.order, test) || found.has(key)) continue;
      const act = sets.find((each) => each.location.key === key && each.text === check.text && controls(test, each.order));
      if (act && guardsWork(fn, test, act)) found.set(key, { check, act });
    }
  }
  return [...found.values()];
}

/** A text that is there or not is no state: one that equals a constant is. */
function asksState({ operation, container }: AccessFact): boolean {
  return operation === "==" || (operation === "truth" && container === "boolean");
}

function isOpenFlag(access: AccessFact): boolean {
  const { location, container, sharing, lockset } = access;
  return location.ownerKind === "instance" && (container === "boolean" || container === "text") && sharing === "shared" && lockset.length === 0;
}

/** Where the test lets it go on, something is called, before the flag is set or after. */
function guardsWork(fn: FunctionFact, test: TestFact, act: AccessFact): boolean {
  return fn.calls.some((call) => call.order > test.condition[1] && call.order !== act.order && controls(test, call.order) && isWork(call));
}

function isWork({ targets, external, text }: CallFact): boolean {
  return targets.length > 0 || external !== undefined || (text.startsWith("self.") && !/\b_?log(ger)?\./i.test(text));
}
