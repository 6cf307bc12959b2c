// A function in, what it makes something from on first use and takes away when it is made, out: `if self.result is None:`,
// `self.result = self.make()`, `self.make = None`. The second of two first callers finds the result missing, and the way to make it gone.
import type { AccessFact, FunctionFact, Program, TestFact } from "../../../vocabulary/index.ts";
import { beliefInSharing } from "../confidence.ts";
import { controls, isInCondition, isPassedBy } from "../controlled-by.ts";
import type { HazardDraft } from "../hazard-draft.ts";
import { isReset, isUnguarded, isWorkedWith } from "./vanishing-values.ts";

/** At most one per location. */
export function spentValuesIn(program: Program, fn: FunctionFact): HazardDraft[] {
  const out = new Map<string, HazardDraft>();
  for (const reset of fn.accesses) {
    if (!isReset(reset) || reset.sharing !== "shared" || reset.lockset.length > 0 || out.has(reset.location.key)) continue;
    const test = fn.tests.find((each) => each.kind === "if" && controls(each, reset.order) && asksForTheMade(fn, each, reset));
    const use = test && fn.accesses.find((access) => isUse(program, fn, access, reset) && controls(test, access.order));
    if (use) out.set(reset.location.key, draftOf(program, fn, use, reset));
  }
  return [...out.values()];
}

/** Whether something else is there that the branch makes: the answer says nothing of what is used up. */
function asksForTheMade(fn: FunctionFact, test: TestFact, reset: AccessFact): boolean {
  const { key } = reset.location;
  const asked = fn.accesses.filter((access) => isInCondition(access.order, test) && (access.operation === "is-none" || access.operation === "truth"));
  if (asked.length === 0 || asked.some((access) => access.location.key === key || access.lockset.length > 0)) return false;
  return asked.some(({ location }) => fn.accesses.some((store) => isMaking(store) && store.location.key === location.key && controls(test, store.order)));
}

function isMaking({ kind, operation, stored }: AccessFact): boolean {
  return kind === "write" && operation === "=" && stored !== "none";
}

function isUse(program: Program, fn: FunctionFact, access: AccessFact, reset: AccessFact): boolean {
  if (access.location.key !== reset.location.key || access.order >= reset.order || access.text !== reset.text || !isUnguarded(access)) return false;
  // A deleted name cannot even be read, and nothing is made from None that is handed on.
  if (reset.operation === "del") return access.kind !== "write";
  const isSpent = program.sourceOf(reset.statement).endsWith("= None") && !isPassedBy(fn, access.order, reset.order);
  return isWorkedWith(fn, access) || (access.operation === "read" && isSpent);
}

function draftOf(program: Program, fn: FunctionFact, use: AccessFact, reset: AccessFact): HazardDraft {
  return {
    main: use,
    sequence: [use, reset],
    interfering: [reset],
    ...beliefInSharing(program, use),
    severity: "crash",
    message: `${use.text} is used here and taken away at line ${reset.span.line}, once something is made from it: the second of two first callers of ${fn.qualifiedName} finds it gone`,
  };
}
