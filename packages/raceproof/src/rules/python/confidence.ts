// An access in, how strongly we believe that several threads reach its location out, with the sentences that say why.
// Source: sharing evidence as in RacerD (a lock somewhere in the class is the strongest), reduced by what speaks against it.
import type { AccessFact, Confidence, Program } from "../../vocabulary/index.ts";

export interface Belief {
  readonly confidence: Confidence;
  readonly evidence: readonly string[];
}

const levels: readonly Confidence[] = ["low", "medium", "high"];

export function lower(confidence: Confidence, steps = 1): Confidence {
  return levels[Math.max(0, levels.indexOf(confidence) - steps)] as Confidence;
}

/** How sure we are that the location is shared, before any rule adds what it knows of the sequence. */
export function beliefInSharing(program: Program, access: AccessFact): Belief {
  const { location } = access;
  if (location.ownerKind !== "instance") return { confidence: "high", evidence: [globalEvidence(access)] };
  const evidence: string[] = [];
  const guarded = (program.locations.get(location.key)?.accesses ?? []).find((other) => other.lockset.length > 0);
  if (guarded) evidence.push(`${location.display} is accessed under ${guarded.lockset.join(", ")} at ${guarded.span.file}:${guarded.span.line}`);
  const cls = program.classes.get(location.owner);
  evidence.push(...(cls?.sharedBecause.slice(0, 2) ?? []));
  if (!/^(self|cls)\.\w+$/.test(access.text) && access.text.includes(".")) evidence.push(`reached through another object (${access.text})`);
  let confidence: Confidence = evidence.length > 0 ? "high" : cls?.public === false ? "low" : "medium";
  if (cls && !guarded && isConfinedByDesign(program, location.owner)) {
    confidence = "low";
    evidence.push(`${cls.qualifiedName} is an iterator or an exception, normally used by one thread`);
  }
  if (access.guessed) {
    confidence = lower(confidence);
    evidence.push(`the owner of ${access.text} was guessed from the attribute's name`);
  }
  if (evidence.length === 0) evidence.push(`${cls?.qualifiedName ?? location.owner} is public: users may share an instance`);
  return { confidence, evidence };
}

function globalEvidence(access: AccessFact): string {
  switch (access.location.ownerKind) {
    case "module":
      return `${access.location.display} is a module global: all threads share it`;
    case "class":
      return `${access.location.display} is a class attribute: all instances and threads share it`;
    case "process":
    case "instance":
      return `${access.location.display} belongs to the whole process`;
  }
}

function isConfinedByDesign(program: Program, classKey: string): boolean {
  return program.lineageOf(classKey).some((cls) => cls.methods.has("__next__") || cls.exception);
}
