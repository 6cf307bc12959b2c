// A function in, its flags that are tested and then set with no lock in between, guarding work that must happen once, out:
// `if self.started: return`, `self.started = True`, `self.open_everything()`.
import type { AccessFact, FunctionFact, TestFact } from "../../../vocabulary/index.ts";
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
      if (check.operation !== "truth" || !isOpenFlag(check) || !isInCondition(check.order, test) || found.has(key)) continue;
      const act = sets.find((each) => each.location.key === key && each.text === check.text && controls(test, each.order));
      if (act && guardsWork(fn, test, act)) found.set(key, { check, act });
    }
  }
  return [...found.values()];
}

function isOpenFlag(access: AccessFact): boolean {
  return access.location.ownerKind === "instance" && access.container === "boolean" && access.sharing === "shared" && access.lockset.length === 0;
}

/** The flag is set before anything is called, and then something is. */
function guardsWork(fn: FunctionFact, test: TestFact, act: AccessFact): boolean {
  if (fn.calls.some((call) => call.order >= test.condition[0] && call.order < act.order)) return false;
  return fn.calls.some((call) => call.order > act.order && controls(test, call.order) && (call.targets.length > 0 || call.external !== undefined));
}
