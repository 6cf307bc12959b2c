// What a rule found about a crate, a Hazard out. It stands at a line of a manifest, a lock file or the build's settings.
import { fingerprintOf } from "../../vocabulary/index.ts";
import type { Access, CargoPackage, Confidence, Hazard, Location, Reach, RuleMetadata, Severity, SourceSpan } from "../../vocabulary/index.ts";

export interface CrateDraft {
  readonly crate: Pick<CargoPackage, "name">;
  readonly span: SourceSpan;
  /** What the hazard is about: "pyo3", a profile, a compiler flag. */
  readonly about: string;
  /** Places in the code that meet it. */
  readonly met?: readonly CratePlace[];
  readonly confidence: Confidence;
  readonly evidence: readonly string[];
  readonly message: string;
  readonly severity?: Severity;
  readonly reach: Reach;
}

export interface CratePlace {
  readonly span: SourceSpan;
  /** "Node::__traverse__". */
  readonly name: string;
}

/** Places listed per hazard. */
const mostPlaces = 5;

export function draftCrateHazard(metadata: RuleMetadata, draft: CrateDraft): Hazard {
  const { crate, span, about } = draft;
  const location: Location = { key: `process:${about}`, ownerKind: "process", owner: "", path: about, display: about };
  const fingerprint = fingerprintOf([metadata.id, span.file, crate.name, about]);
  const accesses = (draft.met ?? []).slice(0, mostPlaces).map((place): Access => ({
    span: place.span,
    function: place.name,
    kind: "call",
    location,
    lockset: [],
  }));
  return {
    id: `${metadata.id}:${fingerprint.slice(0, 8)}`,
    fingerprint,
    structure: fingerprintOf([metadata.id, crate.name, about]),
    rule: metadata.id,
    language: "rust",
    severity: draft.severity ?? metadata.severity,
    confidence: draft.confidence,
    reach: draft.reach,
    span,
    function: crate.name,
    location,
    message: draft.message,
    accesses,
    evidence: draft.evidence,
  };
}
