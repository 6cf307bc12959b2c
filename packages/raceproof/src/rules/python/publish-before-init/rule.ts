// An object is put where others find it (registry, global, thread, callback), and only then its fields are set.
// Misses: objects published by code outside the program. Over-reports: registries that only one thread reads.
import type { AccessFact, FunctionFact, Hazard, Program, PublicationFact, Rule, RuleMetadata } from "../../../vocabulary/index.ts";
import { beliefInSharing, doubt } from "../confidence.ts";
import type { Belief } from "../confidence.ts";
import { draftHazard } from "../hazard-draft.ts";
import { provokePublication } from "./provoke.ts";
import { writesAfter } from "./late-writes.ts";
import type { LateWrite } from "./late-writes.ts";

const metadata: RuleMetadata = {
  id: "python/publish-before-init",
  title: "Object published before its fields are set",
  severity: "crash",
  consequence: "A thread that finds the object in between meets missing or initial values: AttributeError, or a wrong answer.",
  sources: [
    "Goetz et al., Java Concurrency in Practice, 2006, section 3.2: do not allow the this reference to escape during construction",
    "CodeQL java/start-thread-in-constructor; measured: TypeError in 20 of 20 repeats on CPython 3.13t, 4-5 of 20 with the GIL",
  ],
  since: "0.1.0",
  fixes: [
    { title: "Publish last", cost: "low", detail: "Set every field first, then store, register or start." },
    {
      title: "Start threads and register callbacks outside the constructor",
      cost: "medium",
      detail: "A `start()` method, called when the object is complete.",
    },
    { title: "Hold the lock of the registry over both", cost: "low", detail: "Readers look the object up under the same lock." },
  ],
};

function find(program: Program): Hazard[] {
  const out: Hazard[] = [];
  for (const fn of program.functions) {
    if (fn.publications.length === 0 || fn.phase === "import") continue;
    const seen = new Set<string>();
    for (const publication of fn.publications) {
      if (seen.has(publication.name)) continue;
      seen.add(publication.name);
      const late = writesAfter(program, fn, publication);
      if (late.length > 0) out.push(hazardOf(program, fn, publication, late));
    }
  }
  return out;
}

function hazardOf(program: Program, fn: FunctionFact, publication: PublicationFact, late: readonly LateWrite[]): Hazard {
  const { write, readers } = late[0] as LateWrite;
  const seenAs: AccessFact = { ...write, sharing: "shared" };
  const point = publicationAccess(fn, publication, write);
  const missing = late.some((each) => each.unset);
  return draftHazard(program, metadata, {
    main: seenAs,
    sequence: [point, ...late.map((each) => each.write)],
    interfering: readers,
    ...beliefIn(program, publication, late),
    severity: missing ? "crash" : "wrong-answer",
    message: `${write.text} is set here, after line ${publication.span.line} has ${wordsFor(publication)}: ${readers[0]?.function ?? "another thread"} (line ${readers[0]?.span.line ?? 0}) may meet it without`,
  });
}

function wordsFor({ name, how, into }: PublicationFact): string {
  switch (how) {
    case "stored":
    case "passed":
      return `put ${name} ${into ? `into ${into.display}` : "where others find it"}`;
    case "thread":
      return `given ${name} to a thread`;
    case "registered":
      return `registered a callback of ${name}`;
  }
}

/** The point where the object becomes visible, as an access of the field that is not set yet. */
function publicationAccess(fn: FunctionFact, publication: PublicationFact, like: AccessFact): AccessFact {
  const { span, order } = publication;
  return { ...like, id: -1 - like.id, functionId: fn.id, kind: "call", operation: publication.how, order, span, statement: span, text: publication.name };
}

/** How shared the place is where the object was put counts as much as how shared its class is. */
function beliefIn(program: Program, { how, into }: PublicationFact, late: readonly LateWrite[]): Belief {
  const { write, readByThread } = late[0] as LateWrite;
  const missing = late.some((each) => each.unset);
  const own = beliefInSharing(program, { ...write, sharing: "shared" });
  const unread = !readByThread && { steps: write.container === "lock" ? 1 : 2, because: "no thread is seen to read it" };
  const changed = !missing && { steps: 1, because: "the constructor gives it a first value: others see that one for a moment" };
  if (how === "thread") return doubt({ confidence: "high", evidence: ["the thread runs from there on", ...own.evidence] }, [changed, unread]);
  if (how === "registered") return doubt({ confidence: "medium", evidence: ["the callback may come at any time", ...own.evidence] }, [changed]);
  const place = into && (program.locations.get(into.key)?.accesses ?? []).find((access) => access.sharing === "shared");
  return doubt(place ? beliefInSharing(program, place) : own, [changed]);
}

export const rule: Rule = { metadata, find, provoke: provokePublication };
