// Shape 4: append and len() as two steps hand out an index: two threads append before either asks for the length.
// Misses: an index kept in a counter beside the list.
import type { AccessFact, Hazard, Program, Rule, RuleMetadata } from "../../../vocabulary/index.ts";
import { activity, openly } from "../activity.ts";
import { beliefInSharing } from "../confidence.ts";
import { draftHazard, interferingWith } from "../hazard-draft.ts";
import { indexOf } from "../program-index.ts";
import { numberedEntriesIn } from "./numbered-entries.ts";
import type { NumberedEntry } from "./numbered-entries.ts";
import { provokeAllocation } from "./provoke.ts";

export const metadata: RuleMetadata = {
  id: "python/append-as-allocator",
  title: "List length used as the index of what was appended",
  severity: "wrong-answer",
  consequence: "Two threads get the same index (a file descriptor, a handle, an id) for different objects.",
  sources: [
    "docs.python.org/3/library/threadsafety.html: list.append is atomic, append followed by len is not",
    "measured: 144-248 duplicates of 120k on CPython 3.13t, 2-10 on CPython 3.8 and 3.9",
  ],
  since: "0.1.0",
  guardedShape: "append-then-length",
  fixes: [
    { title: "Append and take the length under one lock", cost: "low", detail: "Every function that appends or reuses slots takes the same lock." },
    { title: "Allocate the index with itertools.count()", cost: "medium", detail: "Use a dict from index to object instead of a list." },
  ],
};

const returnsIndex = /^(return|yield)?\s*(\w+\s*(:\s*\w+\s*)?=\s*)?len\(.*\)(\s*-\s*1)?$/;

function find(program: Program): Hazard[] {
  const functions = indexOf(program).functionsDoing(openly(activity.measure), openly(activity.mutate));
  return functions.flatMap((fn) => {
    const open = fn.accesses.filter((access) => access.sharing === "shared" && access.lockset.length === 0);
    const appended = open.filter((access) => access.operation === "append").flatMap((append) => hazardAt(program, open, append));
    return [...appended, ...numberedEntriesIn(program, open).map((entry) => hazardOfEntry(program, entry))];
  });
}

function hazardOfEntry(program: Program, { length, store }: NumberedEntry): Hazard {
  return draftHazard(program, metadata, {
    main: store,
    sequence: [length, store].toSorted((a, b) => a.order - b.order),
    interfering: interferingWith(program, store, (other) => other.operation === "[]=" || other.operation === "pop"),
    ...beliefInSharing(program, store),
    message: `the number is len(${store.text}) at line ${length.span.line}, and the entry is stored in a step of its own: two threads can get the same number`,
  });
}

function hazardAt(program: Program, open: readonly AccessFact[], append: AccessFact): Hazard[] {
  const lengths = open.filter((access) => access.operation === "len" && access.location.key === append.location.key && access.text === append.text);
  const index = lengths.find((length) => isIndexOf(program, length, append));
  if (!index) return [];
  const belief = beliefInSharing(program, append);
  const sequence = index.order < append.order ? [index, append] : [append, index];
  return [
    draftHazard(program, metadata, {
      main: append,
      sequence,
      interfering: interferingWith(program, append, (other) => other.operation === "append" || other.operation === "pop"),
      confidence: belief.confidence,
      evidence: belief.evidence,
      message: `${append.text}.append and len(${append.text}) at line ${index.span.line} are two steps: two threads can get the same index`,
    }),
  ];
}

/** `return len(x) - 1` right after the append, or `i = len(x)` right before it. */
function isIndexOf(program: Program, length: AccessFact, append: AccessFact): boolean {
  const text = program.sourceOf(length.statement);
  if (!returnsIndex.test(text)) return false;
  const distance = length.statement.line - append.statement.endLine;
  return length.order > append.order ? text.endsWith("1") && distance <= 3 : !text.endsWith("1") && append.statement.line - length.statement.endLine <= 3;
}

export const rule: Rule = { metadata, find, provoke: provokeAllocation };
