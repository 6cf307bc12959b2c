// A lock that its holder cannot take again is taken again by the thread that holds it: in the same function or in one it calls.
// Misses: the second take behind a callback or in a subclass. Over-reports: second takes under a condition that is never true then.
import type { AccessFact, AcquisitionFact, CallFact, FunctionFact, Hazard, Program, Rule, RuleMetadata } from "../../../vocabulary/index.ts";
import { draftHazard } from "../hazard-draft.ts";
import { accessOfAcquisition, accessOfCall } from "../lock-accesses.ts";
import { lockUsageOf } from "../lock-usage.ts";
import { heldAt, locksReachedBy, staysWithReceiver } from "../lock-reach.ts";
import type { ReachedLock } from "../lock-reach.ts";
import { provokeSecondTake } from "./provoke.ts";

const metadata: RuleMetadata = {
  id: "python/self-deadlock",
  title: "Lock taken again by its holder",
  severity: "deadlock",
  consequence: "The call never returns: the thread waits for a lock that it holds itself, and everybody else waits behind it.",
  sources: [
    "docs.python.org/3/library/threading.html#lock-objects: a Lock is not owned, a second acquire() blocks its holder too",
    "CodeQL java/double-checked-locking family: TwiceLocked; CWE-764 multiple locks of a critical resource",
  ],
  since: "0.1.0",
  fixes: [
    {
      title: "Split off the part that needs the lock held",
      cost: "low",
      detail: "`_put_locked()` works, `put()` takes the lock and calls it; holders call the former.",
    },
    { title: "Use threading.RLock", cost: "low", detail: "Its holder may take it again. Check that what runs inside may see the state half-changed." },
  ],
};

function find(program: Program): Hazard[] {
  return lockUsageOf(program).takers.flatMap((fn) => [...nestedTakes(program, fn), ...takesBelow(program, fn)]);
}

function cannotBeTakenAgain({ reentrant, ownerKind }: AcquisitionFact): boolean {
  return reentrant === "no" && ownerKind !== "call" && ownerKind !== "unknown";
}

function nestedTakes(program: Program, fn: FunctionFact): Hazard[] {
  return fn.acquisitions.flatMap((inner) => {
    if (!inner.blocks || !inner.held.includes(inner.lock)) return [];
    const outer = heldAt(fn, inner.order).find(({ lock, text }) => lock === inner.lock && text === inner.text);
    if (!outer || !cannotBeTakenAgain(outer)) return [];
    return [hazardOf(program, { outer, again: accessOfAcquisition(program, inner), reached: { acquisition: inner, path: [] } })];
  });
}

function takesBelow(program: Program, fn: FunctionFact): Hazard[] {
  const out = new Map<string, Hazard>();
  for (const call of fn.calls) {
    if (call.lockset.length === 0) continue;
    for (const outer of heldAt(fn, call.order)) {
      const reached = cannotBeTakenAgain(outer) && call.lockset.includes(outer.lock) ? takenAgainBy(program, call, outer) : undefined;
      if (reached && !out.has(outer.lock)) out.set(outer.lock, hazardOf(program, { outer, again: accessOfCall(program, call, outer.lock), reached }));
    }
  }
  return [...out.values()];
}

/** The very same lock object: one of the module or class, or of the one object that all steps stay with. */
function takenAgainBy(program: Program, call: CallFact, outer: AcquisitionFact): ReachedLock | undefined {
  const [target] = call.targets;
  const reached = target === undefined || call.targets.length > 1 ? undefined : locksReachedBy(program, target).get(outer.lock);
  if (!reached || reached.path.some(({ targets }) => targets.length > 1)) return undefined;
  if (outer.ownerKind !== "instance") return reached;
  const sameText = reached.acquisition.text === outer.text && /^self\.\w+$/.test(outer.text);
  return sameText && staysWithReceiver([call, ...reached.path]) ? reached : undefined;
}

interface SecondTake {
  readonly outer: AcquisitionFact;
  readonly again: AccessFact;
  readonly reached: ReachedLock;
}

function hazardOf(program: Program, { outer, again, reached }: SecondTake): Hazard {
  const { acquisition, path } = reached;
  const taker = program.functions[acquisition.functionId]?.qualifiedName ?? "";
  const where = acquisition.functionId === outer.functionId ? "" : ` by ${taker} (line ${acquisition.span.line})`;
  const draft = draftHazard(program, metadata, {
    main: again,
    sequence: [accessOfAcquisition(program, outer), again],
    interfering: acquisition.functionId === outer.functionId ? [] : [accessOfAcquisition(program, acquisition)],
    confidence: path.length > 1 ? "medium" : "high",
    evidence: [`${outer.lock} is a lock that its holder cannot take again`, ...path.map(({ text, span }) => `${text}() at ${span.file}:${span.line}`)],
    message: `${outer.text}, taken at line ${outer.span.line}, is taken again here${where}: the thread waits for itself`,
  });
  return { ...draft, reach: "single-threaded" };
}

export const rule: Rule = { metadata, scope: "program", find, provoke: provokeSecondTake };
