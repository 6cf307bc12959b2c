// A function starts or wakes another thread, or asks the other end of a connection, and only then stores what that side looks at.
// Misses: signals through objects whose class is not known. Over-reports: answers that this thread itself receives later.
import type { AccessFact, Hazard, Program, Rule, RuleMetadata } from "../../../vocabulary/index.ts";
import { activity, shared } from "../activity.ts";
import { beliefInSharing, doubt } from "../confidence.ts";
import type { Doubt } from "../confidence.ts";
import { draftHazard, ordinaryFunctions } from "../hazard-draft.ts";
import { earlyFlagsIn } from "./early-flags.ts";
import type { EarlyFlag } from "./early-flags.ts";
import { lateStoresIn } from "./late-stores.ts";
import type { LateStore } from "./late-stores.ts";
import { indexOf } from "../program-index.ts";
import { provokeEarlySignal } from "./provoke.ts";
import { SignalFinder } from "./signals.ts";

const metadata: RuleMetadata = {
  id: "python/told-too-early",
  title: "Another thread is told before what it looks at is stored",
  severity: "wrong-answer",
  consequence: "The other side is quicker: it finds no callback for its answer, takes the value for ready and reads the old one, or ends at once.",
  sources: [
    "Lu et al., Learning from Mistakes, ASPLOS 2008: a third of the studied concurrency bugs violate an assumed order",
    "Goetz et al., Java Concurrency in Practice, 2006, section 3.5: publish after the last write",
  ],
  since: "0.2.0",
  fixes: [
    {
      title: "Store first, then tell",
      cost: "low",
      detail: "Register the callback before the request is sent, set the data before the flag, the flag before the thread starts.",
    },
    { title: "Hold one lock over both", cost: "low", detail: "The other side takes the same lock before it looks." },
  ],
};

function find(program: Program): Hazard[] {
  const finder = new SignalFinder(program);
  const index = indexOf(program);
  const suspects = finder.suspects();
  return ordinaryFunctions(program).flatMap((fn) => {
    if (fn.asynchronous || fn.eventLoopOnly) return [];
    const late = suspects.has(fn.id) ? lateStoresIn(program, fn, finder).map((store) => hazardOfLate(program, store)) : [];
    return [...late, ...(index.does(fn.id, shared(activity.store)) ? earlyFlagsIn(program, fn) : []).map((flag) => hazardOfFlag(program, flag))];
  });
}

const receiverUnseen: Doubt = { steps: 1, because: "it matters only when another thread receives the answer" };

function hazardOfLate(program: Program, { signal, store, readers }: LateStore): Hazard {
  const reader = readers[0] as AccessFact;
  return draftHazard(program, metadata, {
    main: store,
    sequence: [store],
    interfering: readers,
    ...doubt(beliefInSharing(program, store), [signal.how === "asked" && !signal.certain && receiverUnseen]),
    message: `${store.text} is stored here, after ${signal.call.text} at line ${signal.call.span.line} has ${wordsFor[signal.how]}: ${reader.function} (line ${reader.span.line}) may look before it is there`,
  });
}

const wordsFor = { started: "started a thread", woken: "told another thread", asked: "sent the request" } as const;

function hazardOfFlag(program: Program, { flag, late, question, read }: EarlyFlag): Hazard {
  return draftHazard(program, metadata, {
    main: flag,
    sequence: [flag, late],
    interfering: [question, read],
    ...beliefInSharing(program, flag),
    message: `${flag.text} is set here before ${late.text} at line ${late.span.line}: ${read.function} sees the flag and reads the old value (line ${read.span.line})`,
  });
}

export const rule: Rule = { metadata, find, provoke: provokeEarlySignal };
