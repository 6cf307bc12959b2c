// A marker constant is written into a field of a shared object and replaced by a real value later, here or in another function.
// Misses: marks of None, True and False; marks kept in a named constant; marks lifted without asking for them in another function.
import type { AccessFact, FunctionFact, Hazard, Program, Rule, RuleMetadata } from "../../../vocabulary/index.ts";
import { activity, openly } from "../activity.ts";
import { callAsAccess } from "../call-as-access.ts";
import type { Belief } from "../confidence.ts";
import { beliefInSharing } from "../confidence.ts";
import { draftHazard, interferingWith } from "../hazard-draft.ts";
import { indexOf } from "../program-index.ts";
import { markersAt } from "./markers.ts";
import type { Marker } from "./markers.ts";
import { provokeMark } from "./provoke.ts";

const metadata: RuleMetadata = {
  id: "python/temporary-sentinel",
  title: "Temporary mark in a shared object",
  severity: "wrong-answer",
  consequence: "While one thread's mark is in place, others miss the object or fail on the mark; marks of two threads can stay for ever.",
  sources: [
    "Herlihy, Shavit, The Art of Multiprocessor Programming, 2008, section 9: marked nodes are safe only if every reader knows the mark",
    "measured: 59,707 KeyErrors in 1.5 s for a key that was always present on CPython 3.13t, 71,866 on 3.12 with the GIL",
  ],
  since: "0.1.0",
  fixes: [
    { title: "Keep the marks in a local set", cost: "low", detail: "`seen = set()` of identities or indexes says the same and no other thread sees it." },
    { title: "Hold one lock from the mark to its removal", cost: "medium", detail: "Every reader of the field takes the same lock." },
  ],
};

function find(program: Program): Hazard[] {
  const out: Hazard[] = [];
  for (const location of indexOf(program).locationsDoing(openly(activity.compare))) {
    for (const marker of markersAt(program, location)) {
      out.push(...marker.marks.map((mark) => hazardOfMark(program, marker, mark)));
      out.push(...marker.restores.map((restore) => hazardOfRestore(program, marker, restore)));
      out.push(...marker.tests.map((test) => hazardOfTest(program, marker, test)));
    }
  }
  return out;
}

function hazardOfMark(program: Program, marker: Marker, mark: AccessFact): Hazard {
  const fn = program.functions[mark.functionId];
  const own = marker.restores.filter((restore) => restore.functionId === mark.functionId && restore.order > mark.order);
  const lifted = fn && own.length === 0 ? callsThatLift(fn, marker, mark) : own;
  const until = lifted[0] ? `until line ${lifted[0].span.line}` : `until ${marker.restores[0]?.function ?? "another function"} lifts it`;
  return draftHazard(program, metadata, {
    main: mark,
    sequence: [mark, ...lifted],
    interfering: readersOf(program, mark),
    ...beliefInMark(program, marker, mark),
    message: `${mark.text} holds the mark ${marker.value} from here ${until}: other threads see it and no longer find the object`,
  });
}

function callsThatLift(fn: FunctionFact, marker: Marker, mark: AccessFact): AccessFact[] {
  const lifting = new Set(marker.restores.map((restore) => restore.functionId));
  const call = fn.calls.find((each) => each.order > mark.order && each.targets.some((target) => lifting.has(target)));
  return call ? [callAsAccess(call, fn, "call", mark)] : [];
}

function hazardOfRestore(program: Program, marker: Marker, restore: AccessFact): Hazard {
  return draftHazard(program, metadata, {
    main: restore,
    sequence: [restore],
    interfering: [...marker.marks, ...readersOf(program, restore)],
    ...beliefInMark(program, marker, restore),
    message: `${restore.text} gets its value back here although the mark ${marker.value} may be another thread's, or on an object that has been replaced`,
  });
}

function hazardOfTest(program: Program, marker: Marker, test: AccessFact): Hazard {
  return draftHazard(program, metadata, {
    main: test,
    sequence: [test],
    interfering: marker.marks,
    ...beliefInMark(program, marker, test),
    severity: "crash",
    message: `this takes for granted that ${test.text} is not ${marker.value}, which ${marker.marks[0]?.function ?? "another thread"} writes there for a while`,
  });
}

function readersOf(program: Program, access: AccessFact): AccessFact[] {
  return interferingWith(program, access, (other) => other.id !== access.id && other.kind === "read");
}

/** Entries of a private class are as shared as the public objects whose methods find them. */
function beliefInMark(program: Program, { marks, restores }: Marker, access: AccessFact): Belief {
  const belief = beliefInSharing(program, access);
  if (belief.confidence !== "low") return belief;
  const finders = [...marks, ...restores].map((each) => program.classes.get(program.functions[each.functionId]?.owner ?? ""));
  const finder = finders.find((cls) => cls?.public === true);
  if (!finder) return belief;
  return { confidence: "medium", evidence: [`${finder.qualifiedName} is public and finds ${access.text} in what its users share`] };
}

export const rule: Rule = { metadata, find, provoke: provokeMark };
