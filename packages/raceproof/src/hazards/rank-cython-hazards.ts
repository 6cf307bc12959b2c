// Hazards of a program that is partly Cython in; out, those in its Cython files told apart and believed as compiled code deserves.
// With the GIL, compiled code is interrupted only where it runs Python or lets go of the GIL: what is said of it holds in full where the module
// says that it runs without the GIL.
import { confidenceLevels, holderKeyOf } from "../vocabulary/index.ts";
import type { Confidence, CythonProgram, Hazard } from "../vocabulary/index.ts";

/** @param own what rules of Cython found. @param python what rules of Python found, in all files */
export function rankCythonHazards(own: readonly Hazard[], python: readonly Hazard[], { files }: Pick<CythonProgram, "files">): Hazard[] {
  const said = new Set(own.map(subjectOf));
  const declaration = ({ span }: Hazard): Hazard["span"] | undefined => files.get(span.file)?.freeThreading ?? (files.has(span.file) ? undefined : span);
  return [
    ...own.map((hazard) => compiled(hazard, declaration(hazard), noMoreThanMedium)),
    // What a rule of Cython says of the same place is said more exactly.
    ...python
      .filter((hazard) => !files.has(hazard.span.file) || !said.has(subjectOf(hazard)))
      .map((hazard) => (files.has(hazard.span.file) ? compiled(hazard, declaration(hazard), weaker) : hazard)),
  ];
}

function compiled(hazard: Hazard, declared: Hazard["span"] | undefined, doubted: (confidence: Confidence) => Confidence): Hazard {
  if (declared !== undefined) {
    return {
      ...hazard,
      language: "cython",
      reach: "live",
      evidence: [...hazard.evidence, `declared to run without the GIL (${declared.file}:${declared.line})`],
    };
  }
  const because = "the module does not say that it runs without the GIL: its compiled code is interrupted only where it runs Python";
  return { ...hazard, language: "cython", confidence: doubted(hazard.confidence), evidence: [...hazard.evidence, because] };
}

function subjectOf({ span, function: name, location }: Hazard): string {
  return `${span.file}|${name}|${holderKeyOf(location)}`;
}

function noMoreThanMedium(confidence: Confidence): Confidence {
  return confidence === "high" ? "medium" : confidence;
}

function weaker(confidence: Confidence): Confidence {
  return confidenceLevels[Math.max(0, confidenceLevels.indexOf(confidence) - 1)] as Confidence;
}
