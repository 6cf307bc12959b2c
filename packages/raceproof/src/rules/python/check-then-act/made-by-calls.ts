// A function in, its tests of a global or class attribute for being there, after which a call makes it, out: `if Service._it is None: Service()`,
// where the constructor stores itself. Attributes that the function itself stores are what lazy-initialization is about.
import type { AccessFact, CallFact, FunctionFact, Program, TestFact } from "../../../vocabulary/index.ts";
import { callAsAccess } from "../call-as-access.ts";
import { beliefInSharing, doubt } from "../confidence.ts";
import type { Doubt } from "../confidence.ts";
import { controls, isInCondition } from "../controlled-by.ts";
import type { HazardDraft } from "../hazard-draft.ts";
import { whyIdentityMatters } from "../made-identity.ts";
import { asksForPresence } from "./vanishing-values.ts";

/** At most one per location. */
export function madeByCallsIn(program: Program, fn: FunctionFact): HazardDraft[] {
  const out = new Map<string, HazardDraft>();
  for (const check of fn.accesses) {
    const { ownerKind, key } = check.location;
    if ((ownerKind !== "class" && ownerKind !== "module") || out.has(key) || !asksForPresence(check)) continue;
    const tests = fn.tests.filter((test) => test.kind === "if" && isInCondition(check.order, test));
    for (const call of tests.length > 0 ? fn.calls : []) {
      const store = leadsTo(tests, check, call) ? storeIn(program, call, key) : undefined;
      if (store && !out.has(key)) out.set(key, draftOf(program, fn, { check, call, store }));
    }
  }
  return [...out.values()];
}

interface MadeByCall {
  readonly check: AccessFact;
  readonly call: CallFact;
  readonly store: AccessFact;
}

function leadsTo(tests: readonly TestFact[], check: AccessFact, { order, lockset, targets }: CallFact): boolean {
  return targets.length === 1 && lockset.length === 0 && order > check.order && tests.some((test) => controls(test, order));
}

/** The callee stores something there, and does not ask once more under a lock. */
function storeIn(program: Program, { targets }: CallFact, key: string): AccessFact | undefined {
  const made = (program.functions[targets[0] as number]?.accesses ?? []).filter(({ location }) => location.key === key);
  if (made.some(({ kind, lockset }) => kind === "check" && lockset.length > 0)) return undefined;
  return made.find(({ kind, operation, stored }) => kind === "write" && operation === "=" && stored !== "none" && stored !== "constant");
}

function draftOf(program: Program, fn: FunctionFact, { check, call, store }: MadeByCall): HazardDraft {
  const maker = program.functions[store.functionId];
  return {
    main: check,
    sequence: [check, callAsAccess(call, fn, "write", store)],
    interfering: [store],
    ...doubt(beliefInSharing(program, check), [maker && doubtAbout(program, maker, store)]),
    message: `${check.text} is found missing here and made by ${call.text} at line ${call.span.line} (line ${store.span.line}) without a lock: two first callers both make it`,
  };
}

/** A constructor that stores its own object promises that there is one. */
function doubtAbout(program: Program, maker: FunctionFact, store: AccessFact): Doubt | undefined {
  const storesItself = maker.phase === "construction" && program.sourceOf(store.statement).endsWith(" = self");
  if (storesItself || whyIdentityMatters(program, maker, store) !== undefined) return undefined;
  return { steps: 2, because: "harmless when two of them are equal and the second is thrown away" };
}
