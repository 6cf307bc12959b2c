// A function in, its tests of a "done" flag whose other branch adds to a list that whoever sets the flag then works through out:
// `if self.done: f()` else `self.callbacks.append(f)`, against `self.done = True`, `for f in self.callbacks`. What is added too late is never looked at.
import type { AccessFact, FunctionFact, Program } from "../../../vocabulary/index.ts";
import { beliefInSharing } from "../confidence.ts";
import { adds, removes } from "../container-operations.ts";
import { controls, isInCondition } from "../controlled-by.ts";
import { interferingWith } from "../hazard-draft.ts";
import type { HazardDraft } from "../hazard-draft.ts";

const kinds: ReadonlySet<string> = new Set(["list", "set", "deque", "dict"]);

/** At most one per flag. */
export function lateRegistrationsIn(program: Program, fn: FunctionFact): HazardDraft[] {
  if (fn.asynchronous || fn.eventLoopOnly) return [];
  const additions = fn.accesses.filter((access) => isOpen(access) && access.kind === "call" && adds(access.operation) && kinds.has(access.container));
  if (additions.length === 0) return [];
  const out = new Map<string, HazardDraft>();
  for (const check of fn.accesses) {
    if (check.operation !== "truth" || !isOpen(check) || check.container !== "boolean" || out.has(check.location.key)) continue;
    const tests = fn.tests.filter((test) => test.kind === "if" && isInCondition(check.order, test));
    const act = additions.find((each) => each.order > check.order && tests.some((test) => controls(test, each.order)));
    const draft = act && draftOf(program, check, act);
    if (draft) out.set(check.location.key, draft);
  }
  return [...out.values()];
}

function isOpen(access: AccessFact): boolean {
  return access.sharing === "shared" && access.lockset.length === 0;
}

function draftOf(program: Program, check: AccessFact, act: AccessFact): HazardDraft | undefined {
  const sets = interferingWith(program, check, (other) => other.functionId !== check.functionId && other.operation === "=" && other.stored === "constant");
  for (const set of sets) {
    const setter = program.functions[set.functionId];
    const drain = setter?.accesses.find((access) => access.location.key === act.location.key && access.order > set.order && worksThrough(access));
    if (!setter || !drain || isOnEventLoop(program, setter)) continue;
    return {
      main: check,
      sequence: [check, act],
      interfering: [set, drain],
      ...beliefInSharing(program, check),
      message: `${check.text} is tested here and ${act.text} added to at line ${act.span.line}; ${set.function} sets it and reads ${act.location.display} in between (line ${drain.span.line}): what is added then is never looked at`,
    };
  }
  return undefined;
}

/** The whole list is looked at or emptied, not only added to. */
function worksThrough({ kind, operation }: AccessFact): boolean {
  return kind === "iterate" || operation === "read" || operation === "truth" || removes(operation);
}

function isOnEventLoop(program: Program, fn: FunctionFact): boolean {
  return fn.asynchronous || fn.eventLoopOnly || fn.callers.some((id) => program.functions[id]?.asynchronous === true);
}
