// Shape 6: a class attribute is rebound at run time: a flag switched on and off, a counter of users, a singleton created on demand.
// Misses: attributes of class objects changed through setattr with a computed name.
import type { AccessFact, FunctionFact, Hazard, Program, Rule, RuleMetadata } from "../../../vocabulary/index.ts";
import { activity, openly } from "../activity.ts";
import { beliefInSharing, doubt } from "../confidence.ts";
import { draftHazard, interferingWith } from "../hazard-draft.ts";
import { doubtAboutStores } from "../idempotence.ts";
import { indexOf } from "../program-index.ts";
import { isSoleSetter, storesWhatIsHandedIn } from "../sole-setter.ts";
import { provokeToggle } from "./provoke.ts";

export const metadata: RuleMetadata = {
  id: "python/class-attribute-toggle",
  title: "Class attribute changed at run time",
  severity: "wrong-answer",
  consequence: "What one thread switches for itself, every other thread sees; interleaved exits leave the flag or the singleton in the wrong state.",
  sources: [
    "docs.python.org/3/tutorial/classes.html#class-and-instance-variables",
    "measured: 20 of 20 repeats on CPython 3.13t and PyPy, 10-18 of 20 with the GIL for a singleton created in __new__",
  ],
  since: "0.1.0",
  guardedShape: "class-store",
  fixes: [
    { title: "Keep the state on the instance", cost: "medium", detail: "Each user of the class gets its own flag." },
    {
      title: "Use a contextvars.ContextVar or threading.local for a scoped switch",
      cost: "low",
      detail: "`token = flag.set(True)` ... `flag.reset(token)` restores the value of this thread only.",
    },
    { title: "Guard creation and counting with a class-level lock", cost: "low", detail: "Check, create and store under one `with cls._lock`." },
  ],
};

function find(program: Program): Hazard[] {
  const out: Hazard[] = [];
  for (const fn of indexOf(program).functionsDoing(openly(activity.write | activity.update))) {
    const writes = fn.accesses.filter(isClassWrite);
    for (const key of new Set(writes.map((access) => access.location.key))) {
      out.push(
        hazardAt(
          program,
          writes.filter((access) => access.location.key === key),
        ),
      );
    }
  }
  return out;
}

function isClassWrite(access: AccessFact): boolean {
  const rebinds = access.kind === "update" || (access.kind === "write" && (access.operation === "=" || access.operation === "del"));
  return rebinds && access.location.ownerKind === "class" && access.sharing === "shared" && access.lockset.length === 0;
}

/** One hazard per function and attribute: the first write, with the later ones as its sequence. */
function hazardAt(program: Program, writes: readonly AccessFact[]): Hazard {
  const main = writes[0] as AccessFact;
  const fn = program.functions[main.functionId] as FunctionFact;
  const belief = doubt(beliefInSharing(program, main), [
    doubtAboutStores(program, main) ??
      (isSetting(program, fn, writes) && { steps: 2, because: `a setting that only ${fn.qualifiedName} hands on: the last one wins` }),
  ]);
  const check = fn.accesses.findLast((access) => access.kind === "check" && access.location.key === main.location.key && access.order < main.order);
  return draftHazard(program, metadata, {
    main,
    sequence: check ? [check, ...writes] : writes,
    interfering: interferingWith(program, main, (other) => other.functionId !== main.functionId),
    ...belief,
    message: messageFor(main, writes, check),
  });
}

/** Of the class. What each object sets for itself, when it is made or later, as if the attribute were its own, is no setting. */
function isSetting(program: Program, fn: FunctionFact, writes: readonly AccessFact[]): boolean {
  const write = writes[0] as AccessFact;
  if (fn.phase === "construction" || fn.role === "property-setter" || fn.callers.some((id) => program.functions[id]?.phase === "construction")) return false;
  if (fn.role === "method" && program.lineageOf(fn.owner ?? "").some(({ key }) => key === write.location.owner)) return false;
  return isSoleSetter(program, fn, writes) && storesWhatIsHandedIn(fn, write);
}

function messageFor(main: AccessFact, writes: readonly AccessFact[], check: AccessFact | undefined): string {
  const { display } = main.location;
  if (main.kind === "update") return `class attribute ${display} is counted up or down without a lock and shared by all threads`;
  if (check) return `class attribute ${display} is tested at line ${check.span.line} and set here without a lock: two threads may both create it`;
  if (writes.length > 1)
    return `class attribute ${display} is set here and set back at line ${(writes.at(-1) as AccessFact).span.line}: every other thread sees the temporary value`;
  return `class attribute ${display} is rebound at run time while other threads use it`;
}

export const rule: Rule = { metadata, find, provoke: provokeToggle };
