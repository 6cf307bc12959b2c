// What a rule found in Rust, a Hazard out: identity, fingerprint, the place as reports show it.
import { freeThreadingByDefault } from "../../models/index.ts";
import { compareVersions, fingerprintOf } from "../../vocabulary/index.ts";
import type { Access, AccessKind, Confidence, Hazard, Location, Reach, RuleMetadata, RustProgram, Severity, SourceSpan } from "../../vocabulary/index.ts";

export interface RustAccessDraft {
  readonly span: SourceSpan;
  /** Qualified name of the function. */
  readonly function: string;
  readonly kind: AccessKind;
  /** Names of the locks held there. */
  readonly held?: readonly string[];
}

export interface RustDraft {
  /** Function, type or static it is about: its qualified name. */
  readonly subject: string;
  readonly crate: number;
  readonly span: SourceSpan;
  /** "Node.child", a static's name, or what else the hazard is about. */
  readonly location: string;
  readonly accesses?: readonly RustAccessDraft[];
  readonly confidence: Confidence;
  readonly evidence: readonly string[];
  readonly message: string;
  readonly severity?: Severity;
  /** One thread is enough: the collector, a callback. Otherwise the reach follows from what the crate declares. */
  readonly singleThreaded?: boolean;
}

export function draftRustHazard(program: RustProgram, metadata: RuleMetadata, draft: RustDraft): Hazard {
  const { subject, span } = draft;
  const location = rustLocation(draft.location);
  const source = program.excerptOf(span);
  const fingerprint = fingerprintOf([metadata.id, span.file, subject, location.key, source]);
  return {
    id: `${metadata.id}:${fingerprint.slice(0, 8)}`,
    fingerprint,
    structure: fingerprintOf([metadata.id, subject, location.key, source]),
    rule: metadata.id,
    language: "rust",
    severity: draft.severity ?? metadata.severity,
    confidence: draft.confidence,
    reach: draft.singleThreaded === true ? "single-threaded" : reachOf(program, draft.crate),
    span,
    function: subject,
    location,
    message: draft.message,
    accesses: (draft.accesses ?? []).map(({ held, ...access }): Access => ({ ...access, location, lockset: held ?? [] })),
    evidence: draft.evidence,
  };
}

function rustLocation(name: string): Location {
  const dot = name.indexOf(".");
  if (dot < 0) return { key: `process:${name}`, ownerKind: "process", owner: "", path: name, display: name };
  return { key: `instance:${name}`, ownerKind: "instance", owner: name.slice(0, dot), path: name.slice(dot + 1), display: name };
}

/** live: a module of the crate says that it runs without the GIL, or does by saying nothing. */
export function reachOf({ pythonModules, crates }: RustProgram, crate: number): Reach {
  const version = crates[crate]?.pyo3?.version;
  const byDefault = version !== undefined && compareVersions(version, freeThreadingByDefault) >= 0;
  const declares = pythonModules
    .filter((module) => module.crate === crate)
    .some(({ attribute }) => {
      const said = attribute.arguments.get("gil_used");
      return said === "false" || (said === undefined && byDefault);
    });
  return declares ? "live" : "latent";
}

/** Is the crate's PyO3 known to be older than this release? */
export function isBefore({ crates }: RustProgram, crate: number, release: string): boolean {
  const version = crates[crate]?.pyo3?.version;
  return version !== undefined && compareVersions(version, release) < 0;
}
