// A field that is guarded by a lock in most places is used without it, or under another one: the method that forgot the lock.
// Misses: fields that no code guards; locks confused between two instances. Over-reports: reads that may be a moment old.
import type { AccessFact, FunctionFact, Hazard, Program, Rule, RuleMetadata } from "../../../vocabulary/index.ts";
import { beliefInSharing, doubt } from "../confidence.ts";
import { draftHazard } from "../hazard-draft.ts";
import { changes, guardedFieldsOf } from "./guarded-fields.ts";
import { provokeUnguarded } from "./provoke.ts";
import { doubtsAbout, isExcused, isLockOf, unguardedUsesOf } from "./unguarded-use.ts";
import type { UnguardedUse } from "./unguarded-use.ts";
import { unguardedCallsIn } from "./unguarded-calls.ts";
import type { UnguardedCall } from "./unguarded-calls.ts";

const metadata: RuleMetadata = {
  id: "python/inconsistent-lockset",
  title: "Guarded in most places, but not here",
  severity: "wrong-answer",
  consequence: "The lock protects nothing while one method goes past it: updates are lost, half-made changes are seen, containers change under a loop.",
  sources: [
    "Savage et al., Eraser: A Dynamic Data Race Detector for Multithreaded Programs, 1997",
    "Blackshear et al., RacerD: Compositional Static Race Detection, OOPSLA 2018 (unprotected write, read/write race)",
    "CodeQL java/unsynchronized-getter, CWE-662 improper synchronization",
  ],
  since: "0.1.0",
  general: true,
  fixes: [
    { title: "Take the same lock here", cost: "low", detail: "`with self._lock:` around the whole use, from the first read to the last write." },
    {
      title: "Copy under the lock, work on the copy",
      cost: "low",
      detail: "For readers that take long or call back: `with self._lock: items = list(self._items)`.",
    },
    { title: "Say that it may be stale", cost: "low", detail: "A single read of a reference is atomic; if a moment-old answer is fine, write that down." },
  ],
};

function find(program: Program): Hazard[] {
  const fields = guardedFieldsOf(program).flatMap((field) => unguardedUsesOf(program, field).flatMap((use) => hazardOf(program, use) ?? []));
  const said = new Set(fields.map(({ location, function: name, span }) => `${span.file}|${name}|${location.key}`));
  const calls = unguardedCallsIn(program).filter(({ fn, main }) => !said.has(`${main.span.file}|${fn.qualifiedName}|${main.location.key}`));
  return [...fields, ...calls.flatMap((call) => hazardOfCall(program, call))];
}

function hazardOfCall(program: Program, { fn, main, method, guard, guarded, because }: UnguardedCall): Hazard[] {
  if (isExcused(program, fn, guard)) return [];
  const locked = guarded.find(({ functionId }) => functionId !== fn.id) as AccessFact;
  return [
    draftHazard(program, metadata, {
      main,
      sequence: [main],
      interfering: guarded,
      ...doubt(beliefInSharing(program, main), [
        !isLockOf(program, fn, main.location, guard) && { steps: 2, because: `${guard} belongs to another object` },
        isOfLoop(program, fn, guarded) && { steps: 2, because: `${guard} is held by tasks of one event loop, which switch at await only` },
        because !== "known" && { steps: 1, because: "the class of the object is not in the program: it may be safe by itself" },
      ]),
      message: `${main.text}.${method}() is called here without ${guard}, which ${locked.function} (line ${locked.span.line}) holds when it works with the same object`,
    }),
  ];
}

function isOfLoop(program: Program, fn: FunctionFact, guarded: readonly AccessFact[]): boolean {
  return fn.asynchronous && guarded.every(({ functionId }) => program.functions[functionId]?.asynchronous === true);
}

/** So much speaks against it that it is not worth a line even in a list of doubtful ones. */
const tooDoubtful = 3;

function hazardOf(program: Program, use: UnguardedUse): Hazard | undefined {
  const { main, accesses, field } = use;
  const doubts = doubtsAbout(program, use);
  if (doubts.reduce((sum, each) => sum + (each ? each.steps : 0), 0) >= tooDoubtful) return undefined;
  const others = field.guarded.filter((access) => access.functionId !== main.functionId);
  const changed = others.filter(changes);
  const shown = changed.length > 0 ? changed : others.length > 0 ? others : field.guarded;
  return draftHazard(program, metadata, {
    main,
    sequence: [main, ...accesses.filter((access) => access !== main)].slice(0, 4).toSorted((a, b) => a.order - b.order),
    interfering: shown,
    ...doubt(beliefInSharing(program, main), doubts),
    severity: main.kind === "iterate" ? "crash" : metadata.severity,
    message: messageFor(use, shown[0] as AccessFact),
  });
}

function messageFor({ main, field }: UnguardedUse, locked: AccessFact): string {
  const what = changes(main) ? "changed" : main.kind === "iterate" ? "iterated" : main.kind === "check" ? "tested" : "read";
  const instead = main.lockset.length > 0 ? ` (under ${main.lockset.join(", ")} instead)` : "";
  const where = locked.functionId === main.functionId ? `line ${locked.span.line}` : `${locked.function} (line ${locked.span.line})`;
  return `${main.text} is ${what} here without ${field.guard}${instead}, which ${where} holds`;
}

export const rule: Rule = { metadata, find, provoke: provokeUnguarded };
