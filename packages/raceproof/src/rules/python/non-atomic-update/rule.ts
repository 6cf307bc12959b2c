// Shape 1: a read-modify-write of a shared value with no lock, in one statement or split over several: two threads read the same old value.
// Misses: values that travel through containers or other functions on the way. Over-reports: counters nobody compares or sums.
import type { AccessFact, FunctionFact, Hazard, Program, Rule, RuleMetadata } from "../../../vocabulary/index.ts";
import { compareSpans } from "../../../vocabulary/index.ts";
import { atomicityOf } from "../../../models/index.ts";
import type { AtomicityRow } from "../../../models/index.ts";
import { activity, openly } from "../activity.ts";
import { callAsAccess } from "../call-as-access.ts";
import { beliefInSharing, doubt, lower } from "../confidence.ts";
import type { Doubt } from "../confidence.ts";
import { adds } from "../container-operations.ts";
import { draftHazard, interferingWith } from "../hazard-draft.ts";
import { indexOf } from "../program-index.ts";
import { propose } from "./fix.ts";
import { provokeUpdate } from "./provoke.ts";
import { splitUpdatesIn } from "./split-updates.ts";
import type { SplitUpdate } from "./split-updates.ts";

export const metadata: RuleMetadata = {
  id: "python/non-atomic-update",
  title: "Read-modify-write without a lock",
  severity: "wrong-answer",
  consequence: "Two threads read the same old value and one update is lost: counters drift, identifiers repeat.",
  sources: [
    "docs.python.org/3/faq/library.html#what-kinds-of-global-value-mutation-are-thread-safe",
    "PEP 703: += on an attribute or item is a load and a store",
    "measured: 230k-738k of 1.2M updates lost on CPython 3.13t; on GIL builds since 3.10 only where the update runs Python code",
  ],
  since: "0.1.0",
  guardedShape: "update",
  fixes: [
    {
      title: "Guard the update with the owner's lock",
      cost: "low",
      detail: "`with self._lock: self.x += 1`, the same lock wherever the value is read and written.",
    },
    {
      title: "Draw numbers from itertools.count()",
      cost: "low",
      detail: "`next(counter)` is one atomic call; use its result instead of re-reading the attribute.",
    },
    { title: "Keep per-thread counts and add them when read", cost: "medium", detail: "No lock on the hot path; reading costs one pass over the threads." },
  ],
};

function find(program: Program): Hazard[] {
  const functions = indexOf(program).functionsDoing(openly(activity.write | activity.update));
  return functions.flatMap((fn) => {
    const updates = firstOnEachLine(fn.accesses.filter(isUnguardedUpdate));
    const counted = new Set(updates.map((access) => access.location.key));
    const split = splitUpdatesIn(program, fn).filter((update) => !counted.has(update.write.location.key) && !isRebuilt(program, update));
    return [...updates.map((access) => hazardOf(program, access)), ...split.map((update) => hazardOfSplit(program, fn, update))];
  });
}

/** `self.items = [x for x in self.items if ...]`: what others add to the old one is lost, which is a shape of its own. */
function isRebuilt(program: Program, { how, read, write }: SplitUpdate): boolean {
  if (how !== "derived" || read.kind !== "iterate") return false;
  return interferingWith(program, write, (other) => other.functionId !== write.functionId && adds(other.operation)).length > 0;
}

/** Generated code repeats an update on one line; each would be the same hazard. */
function firstOnEachLine(updates: readonly AccessFact[]): readonly AccessFact[] {
  if (updates.length < 2) return updates;
  const first = new Map<string, AccessFact>();
  for (const update of updates) {
    const key = `${update.location.key}|${update.span.line}|${update.operation}`;
    if (!first.has(key)) first.set(key, update);
  }
  return [...first.values()];
}

function isUnguardedUpdate(access: AccessFact): boolean {
  if (access.sharing !== "shared" || access.lockset.length > 0 || access.location.ownerKind === "class") return false;
  if (access.kind === "update") return isNumber(access);
  return access.kind === "write" && access.stored === "counter" && isNumber(access);
}

/** `list += [x]` is one call of the list, `text += "x"` is rarely a count. */
function isNumber(access: AccessFact): boolean {
  switch (access.container) {
    case "integer":
    case "float":
    case "unknown":
    case "boolean":
    case "none":
      return true;
    case "dict":
    case "list":
      return access.key !== undefined;
    default:
      return false;
  }
}

function hazardOf(program: Program, access: AccessFact): Hazard {
  const belief = beliefInSharing(program, access);
  const masks = access.operation === "|=";
  const row = atomicityOfUpdate(program, access);
  const own = indexOf(program).accessesIn(access.functionId, access.location.key);
  const later = own.find((other) => other.order > access.order && other.kind === "read" && compareSpans(other.statement, access.statement) !== 0);
  const reread = later ? `; line ${later.span.line} reads it again, so even two atomic updates can hand out one value twice` : "";
  return draftHazard(program, metadata, {
    main: access,
    sequence: later ? [access, later] : [access],
    interfering: interferingWith(program, access, (other) => other.id !== access.id && (other.kind === "update" || other.kind === "write")),
    confidence: masks ? lower(belief.confidence, 2) : belief.confidence,
    evidence: [
      ...belief.evidence,
      ...(masks ? ["a bit mask: often every order gives the same result"] : []),
      ...(row ? [] : ["the update runs Python code: lost on every runtime (bench/atomicity)"]),
    ],
    row,
    message: `${access.text} is read, changed and written back without a lock${reread}`,
  });
}

/** Where a switch can fall into the update; undefined: everywhere, for it runs Python code. */
function atomicityOfUpdate(program: Program, access: AccessFact): AtomicityRow | undefined {
  const { line, column } = access.statement;
  const calls = program.functions[access.functionId]?.calls ?? [];
  const runsPython = calls.some(({ statement, targets }) => targets.length > 0 && statement.line === line && statement.column === column);
  return runsPython ? undefined : atomicityOf("+=", access.container);
}

const consequences: Readonly<Record<SplitUpdate["how"], string>> = {
  derived: "is read, changed and written back",
  exchanged: "is read, replaced and handed out",
  charged: "is read, charged elsewhere and replaced",
  emptied: "is taken away, with what others are adding to it, and replaced",
};

function hazardOfSplit(program: Program, fn: FunctionFact, { how, read, write, charge, sequence }: SplitUpdate): Hazard {
  const steps = charge ? [...sequence, callAsAccess(charge, fn, "call", write)].toSorted((a, b) => a.order - b.order) : sequence;
  return draftHazard(program, metadata, {
    main: read,
    sequence: steps,
    interfering: interferingWith(program, write, (other) => other.functionId !== fn.id && (other.kind === "update" || other.kind === "write")),
    ...doubt(beliefInSharing(program, write), [how === "derived" && doubtAboutValue(write)]),
    message: `${write.text} ${consequences[how]} at line ${write.span.line} in separate steps without a lock`,
  });
}

/** Numbers, collections, and texts that are added to lose what was added; other values are often the same whoever computes them. */
function doubtAboutValue({ container, stored }: AccessFact): Doubt | undefined {
  switch (container) {
    case "integer":
    case "float":
    case "list":
    case "dict":
    case "set":
    case "deque":
      return undefined;
    case "text":
    case "immutable":
      if (stored === "counter" || stored === "masked") return undefined;
      return { steps: 1, because: "a value that cannot be changed: two threads may well compute the same one" };
    default:
      return { steps: 2, because: "nothing says that it grows or counts: two threads may well compute the same value" };
  }
}

export const rule: Rule = { metadata, find, provoke: provokeUpdate, propose };
