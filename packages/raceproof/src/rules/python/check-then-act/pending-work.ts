// A function in, its flags for pending work that are tested, worked off on shared containers in place, and only then reset out:
// `if self.dirty: self.rules.sort()`, `self.dirty = False`. Two threads do the work together, and others look at what is half done.
import type { AccessFact, FunctionFact, Program } from "../../../vocabulary/index.ts";
import { beliefInSharing, doubt } from "../confidence.ts";
import { adds, mutatesElements } from "../container-operations.ts";
import { controls, isInCondition } from "../controlled-by.ts";
import { interferingWith } from "../hazard-draft.ts";
import type { HazardDraft } from "../hazard-draft.ts";

/** At most one per flag. */
export function pendingWorkIn(program: Program, fn: FunctionFact): HazardDraft[] {
  const resets = fn.accesses.filter((access) => access.operation === "=" && access.stored === "constant" && access.container === "boolean" && isOpen(access));
  const out = new Map<string, HazardDraft>();
  for (const reset of resets) {
    const check = out.has(reset.location.key) ? undefined : fn.accesses.find((access) => isQuestion(fn, access, reset));
    const change = check && fn.accesses.find((access) => isChange(access, check, reset) && isReadByOthers(program, access));
    if (check && change) out.set(reset.location.key, draftOf(program, { check, change, reset }));
  }
  return [...out.values()];
}

function isOpen(access: AccessFact): boolean {
  return access.sharing === "shared" && access.lockset.length === 0;
}

function isQuestion(fn: FunctionFact, access: AccessFact, reset: AccessFact): boolean {
  if (access.operation !== "truth" || access.location.key !== reset.location.key || access.text !== reset.text || !isOpen(access)) return false;
  return fn.tests.some((test) => test.kind === "if" && isInCondition(access.order, test) && controls(test, reset.order));
}

function isChange(access: AccessFact, check: AccessFact, reset: AccessFact): boolean {
  if (!isOpen(access) || access.order < check.order || access.order > reset.order || access.kind !== "call") return false;
  return mutatesElements(access.operation) && access.container !== "queue" && !access.location.path.includes("[");
}

function isReadByOthers(program: Program, change: AccessFact): boolean {
  return interferingWith(program, change, (other) => other.functionId !== change.functionId && other.kind !== "write").length > 0;
}

interface PendingWork {
  readonly check: AccessFact;
  readonly change: AccessFact;
  readonly reset: AccessFact;
}

function draftOf(program: Program, { check, change, reset }: PendingWork): HazardDraft {
  return {
    main: check,
    sequence: [check, change, reset],
    interfering: interferingWith(program, change, (other) => other.functionId !== change.functionId),
    ...doubt(beliefInSharing(program, check), [adds(change.operation) && { steps: 1, because: "harmless when what is filled in twice is the same" }]),
    severity: "corruption",
    message: `${check.text} is tested here and set only at line ${reset.span.line}, after ${change.text}.${change.operation}() at line ${change.span.line}: a second thread does the same work at the same time`,
  };
}
