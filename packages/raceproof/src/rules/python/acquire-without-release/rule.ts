// acquire() with a way out of the function on which the lock is not released: an early return, a raise, an exception from a call.
// Misses: locks released by another function; releases through an alias. Over-reports: calls that never raise.
import type { AcquisitionFact, CallFact, Confidence, FunctionFact, Hazard, Program, Rule, RuleMetadata } from "../../../vocabulary/index.ts";
import { draftHazard } from "../hazard-draft.ts";
import { accessOfAcquisition } from "../lock-accesses.ts";
import { lockUsageOf } from "../lock-usage.ts";
import { ignoredAttemptsIn } from "./ignored-attempt.ts";
import type { IgnoredAttempt } from "./ignored-attempt.ts";
import { provokeLeak } from "./provoke.ts";

const metadata: RuleMetadata = {
  id: "python/acquire-without-release",
  title: "Lock not released on every way out",
  severity: "deadlock",
  consequence: "After one exception or early return the lock stays taken, and every later call waits for ever.",
  sources: [
    "docs.python.org/3/library/threading.html#using-locks-conditions-and-semaphores-in-the-with-statement",
    "CodeQL java/unreleased-lock; CWE-667 improper locking",
  ],
  since: "0.1.0",
  fixes: [
    { title: "Use the with statement", cost: "low", detail: "`with lock:` releases on every way out." },
    { title: "Release in finally", cost: "low", detail: "`lock.acquire()`, then at once `try: ... finally: lock.release()`." },
  ],
};

function find(program: Program): Hazard[] {
  return lockUsageOf(program).takers.flatMap((fn) => {
    if (handsOver(fn)) return [];
    const ignored = ignoredAttemptsIn(program, fn);
    const leaks = fn.acquisitions.filter((each) => isLeak(each) && !ignored.some(({ attempt }) => attempt === each));
    return [
      ...leaks.map((acquisition) => hazardOf(program, fn, acquisition, leakOf(program, fn, acquisition))),
      ...ignored.map((each) => hazardOf(program, fn, each.attempt, whenIgnored(each))),
    ];
  });
}

function isLeak({ how, released }: AcquisitionFact): boolean {
  return how === "acquire" && (released === "some-paths" || released === "unless-raised");
}

/** Its purpose is to take the lock; somebody else gives it back. */
function handsOver({ qualifiedName }: FunctionFact): boolean {
  return /(^|[._])(acquire|__enter__|__aenter__|lock|fork|prepare)\w*$/i.test(qualifiedName);
}

function hazardOf(program: Program, fn: FunctionFact, acquisition: AcquisitionFact, { confidence, because, what }: Leak): Hazard {
  const access = accessOfAcquisition(program, acquisition);
  const others = lockUsageOf(program).takers.flatMap((other) => (other === fn ? [] : other.acquisitions.filter(({ lock }) => lock === acquisition.lock)));
  return draftHazard(program, metadata, {
    main: access,
    sequence: [access],
    interfering: others.slice(0, 2).map((other) => accessOfAcquisition(program, other)),
    confidence,
    evidence: [because],
    message: `${acquisition.text} is acquired here and ${what}`,
  });
}

interface Leak {
  readonly confidence: Confidence;
  readonly because: string;
  readonly what: string;
}

function leakOf(program: Program, fn: FunctionFact, { order, until, released, blocks }: AcquisitionFact): Leak {
  if (released === "some-paths") {
    const confidence = blocks ? "high" : "medium";
    return { confidence, because: "a return, raise or end of the function comes before the release on some path", what: "not released on every way out" };
  }
  const inside = fn.calls.filter((call) => call.order > order && call.order < until && !isOfLock(call));
  const raising = inside.find((call) => mayRaise(program, call));
  const what = "released only if nothing in between raises";
  if (raising) return { confidence: "medium", because: `${raising.text}() at line ${raising.span.line} may raise`, what };
  return { confidence: "low", because: "what stands in between hardly ever raises", what };
}

function whenIgnored({ release }: IgnoredAttempt): Leak {
  return {
    confidence: "high",
    because: "the attempt gives up when another thread holds the lock, and nothing asks whether it did",
    what: `released at line ${release.span.line} whether it was got or not: a thread that did not get it goes on, and releases the other one's`,
  };
}

function isOfLock({ text }: CallFact): boolean {
  return /\.(acquire|release|locked|notify|notify_all)$/.test(text);
}

/** Code of the program, or a value that is called: anything may come out of it. Built-ins and methods of containers raise rarely. */
function mayRaise(program: Program, call: CallFact): boolean {
  if (call.targets.length > 0) return call.targets.some((id) => program.functions[id]?.calls.length !== 0);
  return call.external === undefined ? !call.text.includes(".") : !/^(builtins|time|logging|os\.path)\./.test(call.external);
}

export const rule: Rule = { metadata, find, provoke: provokeLeak };
