// A thread decides to wait before it takes the condition's lock, or without asking at all: the notification may come, and be lost, in between.
// Or it asks once, before it waits, and goes on although what woke it may have been undone.
// Misses: conditions taken by the caller. Over-reports: notifiers that repeat their notification until somebody answers.
import type { AccessFact, AcquisitionFact, CallFact, FunctionFact, Hazard, Program, Rule, RuleMetadata } from "../../../vocabulary/index.ts";
import { callAsAccess } from "../call-as-access.ts";
import { beliefInSharing, doubt } from "../confidence.ts";
import { controls, isInCondition } from "../controlled-by.ts";
import { draftHazard } from "../hazard-draft.ts";
import { locationOfLock } from "../lock-accesses.ts";
import { lockUsageOf } from "../lock-usage.ts";
import { provokeLostWakeUp } from "./provoke.ts";
import { onceAskedWaitsIn } from "./once-asked-waits.ts";
import type { OnceAskedWait } from "./once-asked-waits.ts";

const metadata: RuleMetadata = {
  id: "python/lost-wake-up",
  title: "Waiting for a notification that may have come already",
  severity: "deadlock",
  consequence: "The other thread notifies just before this one waits; nobody notifies again, and the thread waits for ever or until its time is up.",
  sources: [
    "docs.python.org/3/library/threading.html#condition-objects: wait() in a loop that tests the state, with the lock held",
    "Goetz et al., Java Concurrency in Practice, 2006, section 14.2.3: missed signals",
  ],
  since: "0.2.0",
  fixes: [
    {
      title: "Test the state with the lock held",
      cost: "low",
      detail: "`with condition: condition.wait_for(lambda: self.ready)`, or `while not self.ready: condition.wait()` inside the lock.",
    },
    { title: "Use an Event", cost: "low", detail: "An event stays set: who waits later goes on at once." },
  ],
};

interface BlindWait {
  readonly fn: FunctionFact;
  readonly wait: CallFact;
  readonly taken: AcquisitionFact;
  readonly access: AccessFact;
}

function find(program: Program): Hazard[] {
  const { takers } = lockUsageOf(program);
  const blind = takers.flatMap(blindWaitsIn).flatMap((wait) => {
    const changes = changesBeforeNotifying(program, wait);
    return changes.length > 0 ? [hazardOf(program, wait, changes)] : [];
  });
  return [...blind, ...takers.flatMap((fn) => onceAskedWaitsIn(program, fn)).map((wait) => hazardOfOnceAsked(program, wait))];
}

/** One for each time the lock is taken. */
function blindWaitsIn(fn: FunctionFact): BlindWait[] {
  if (fn.asynchronous) return [];
  return fn.acquisitions.flatMap((taken) => {
    const wait = fn.calls.find(({ text, order }) => text === `${taken.text}.wait` && order > taken.order && order < taken.until);
    const access = wait && fn.accesses.find(({ order, text }) => order === wait.order && text === taken.text);
    return wait && access && !isAskedInside(fn, taken, wait) ? [{ fn, wait, taken, access }] : [];
  });
}

/** A loop or a branch inside the lock decides whether to wait. */
function isAskedInside(fn: FunctionFact, taken: AcquisitionFact, wait: CallFact): boolean {
  return fn.tests.some((test) => test.condition[0] > taken.order && (controls(test, wait.order) || isInCondition(wait.order, test)));
}

/** What other functions change under the lock before they notify: the waiting thread could have asked for it. */
function changesBeforeNotifying(program: Program, { fn, taken }: BlindWait): AccessFact[] {
  const out: AccessFact[] = [];
  for (const other of lockUsageOf(program).takers) {
    if (other.id === fn.id || !other.acquisitions.some(({ lock }) => lock === taken.lock)) continue;
    const notify = other.calls.find(({ text, lockset }) => lockset.includes(taken.lock) && /\.(notify|notify_all|notifyAll)$/.test(text));
    if (!notify) continue;
    out.push(
      ...other.accesses.filter(
        ({ kind, sharing, lockset, container }) =>
          kind !== "read" && kind !== "check" && kind !== "iterate" && container !== "lock" && sharing === "shared" && lockset.includes(taken.lock),
      ),
    );
  }
  return out;
}

function hazardOf(program: Program, { fn, wait, taken, access }: BlindWait, changes: readonly AccessFact[]): Hazard {
  const [change] = changes as [AccessFact];
  const main = callAsAccess(wait, fn, "call", { ...access, location: locationOfLock(taken.lock) });
  const limit = /\(\s*(timeout\s*=\s*)?[\d.]+\s*\)$/.test(program.sourceOf(wait.span));
  return draftHazard(program, metadata, {
    main,
    sequence: [main],
    interfering: changes,
    ...doubt(beliefInSharing(program, access), [limit && { steps: 1, because: "the wait ends by itself after a while" }]),
    message: `${wait.text} is called without asking under ${taken.text} whether ${change.location.display} has changed already: ${change.function} (line ${change.span.line}) may have notified before`,
  });
}

function hazardOfOnceAsked(program: Program, { fn, wait, condition, question, undone }: OnceAskedWait): Hazard {
  const main = callAsAccess(wait, fn, "call", { ...condition, location: question.location });
  return draftHazard(program, metadata, {
    main,
    sequence: [question, main],
    interfering: [undone],
    severity: "wrong-answer",
    ...beliefInSharing(program, condition),
    message: `${question.text} is asked before ${wait.text}, not again after it: ${undone.function} (line ${undone.span.line}) may have undone what woke this thread`,
  });
}

export const rule: Rule = { metadata, find, provoke: provokeLostWakeUp };
