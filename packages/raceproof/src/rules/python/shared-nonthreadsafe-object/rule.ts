// An object of the standard library that serves one thread at a time is kept where several threads find it, and used without a lock.
// Misses: objects passed in, kept in containers, or of other packages. Over-reports: objects of classes that nobody shares.
import type { AccessFact, ClassFact, Hazard, Location, Program, Rule, RuleMetadata } from "../../../vocabulary/index.ts";
import { beliefInSharing, doubt } from "../confidence.ts";
import type { Doubt } from "../confidence.ts";
import { draftHazard, sharesLock } from "../hazard-draft.ts";
import { isProgramEntry } from "../program-entry.ts";
import { keptObjects } from "./object-uses.ts";
import type { KeptObject } from "./object-uses.ts";
import { positionedUses } from "./positioned-reads.ts";
import type { PositionedUse } from "./positioned-reads.ts";
import { provokeUse } from "./provoke.ts";

const metadata: RuleMetadata = {
  id: "python/shared-nonthreadsafe-object",
  title: "Object for one thread used by several",
  severity: "wrong-answer",
  consequence: "The object's state is of two threads at once: mixed data, another thread's answer, or an exception from inside the standard library.",
  sources: [
    "docs.python.org/3/library/sqlite3.html#sqlite3.connect (check_same_thread), select, http.client, tarfile, pickle, csv; one source per object in the table",
    "docs.python.org/3/library/io.html#multi-threading: one call on a buffered file is locked, seek() followed by read() is not",
  ],
  since: "0.2.0",
  fixes: [
    { title: "One object for each thread", cost: "low", detail: "Keep it in threading.local, or make it where it is used." },
    {
      title: "One lock around every use",
      cost: "low",
      detail: "From the first step of a unit (register, execute, seek) to its last (unregister, commit, read).",
    },
    { title: "A pool", cost: "medium", detail: "queue.Queue of objects: each is lent to one thread at a time." },
  ],
};

function find(program: Program): Hazard[] {
  const files = positionedUses(program).map((use) => hazardOfFile(program, use));
  return [...keptObjects(program).flatMap((kept) => hazardsOf(program, kept)), ...files];
}

/** One hazard per function that uses the object without a lock. */
function hazardsOf(program: Program, { location, row, uses }: KeptObject): Hazard[] {
  const open = uses.filter((use) => isOpen(program, use)).map((use) => onObject(use, location));
  const functions = [...new Set(open.map(({ functionId }) => functionId))];
  return functions.map((id) => {
    const steps = open.filter(({ functionId }) => functionId === id);
    const main = steps[0] as AccessFact;
    const sharing = beliefInSharing(program, main);
    return draftHazard(program, metadata, {
      main,
      sequence: [main, ...steps.slice(1, 3)],
      interfering: uses.filter((use) => use.sharing === "shared" && !sharesLock(use, main)),
      ...doubt(sharing, [
        row.ground === "careful" && sharing.confidence !== "high" && { steps: 1, because: "nothing but its being public says that the object is shared" },
        commandLine(program, main),
      ]),
      message: `${location.display} is ${row.what} for all threads, used here without a lock: ${row.trouble}`,
    });
  });
}

function isOpen(program: Program, { sharing, lockset, functionId }: AccessFact): boolean {
  return sharing === "shared" && lockset.length === 0 && program.functions[functionId]?.phase === "ordinary";
}

/** The access of a method, seen as one of the object that has it. */
function onObject(access: AccessFact, location: Location): AccessFact {
  return { ...access, location, text: access.text.slice(0, access.text.lastIndexOf(".")) };
}

function hazardOfFile(program: Program, { seek, use }: PositionedUse): Hazard {
  const main = seek;
  const owner = program.classes.get(seek.location.owner);
  return draftHazard(program, metadata, {
    main,
    sequence: [main, use],
    interfering: [],
    ...doubt(beliefInSharing(program, main), [
      owner && isFileItself(owner) && { steps: 1, because: `${owner.qualifiedName} is a file itself: its position belongs to one user` },
      commandLine(program, main),
    ]),
    message: `${seek.text}.seek() sets the position that line ${use.span.line} uses: another thread moves it in between`,
  });
}

function isFileItself({ methods }: ClassFact): boolean {
  return methods.has("seek") || methods.has("readline") || (methods.has("close") && (methods.has("read") || methods.has("write")));
}

function commandLine(program: Program, { functionId }: AccessFact): Doubt | undefined {
  const fn = program.functions[functionId];
  return fn && isProgramEntry(program, fn) ? { steps: 2, because: `${fn.qualifiedName} is part of a command, where the process is its own` } : undefined;
}

export const rule: Rule = { metadata, find, provoke: provokeUse };
