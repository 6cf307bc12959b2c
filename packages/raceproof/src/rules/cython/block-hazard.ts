// A block of a Cython file that is a hazard by itself in, a Hazard out: it has no single access to look at.
import { fingerprintOf, structureOfStatement } from "../../vocabulary/index.ts";
import type { Access, AccessFact, Confidence, CythonProgram, FunctionFact, Hazard, RuleMetadata, SourceSpan } from "../../vocabulary/index.ts";

export interface BlockDraft {
  readonly span: SourceSpan;
  /** What it is about, as a person would say it: "`with gil` in prange", "Counter.lock". */
  readonly subject: string;
  readonly accesses: readonly AccessFact[];
  readonly confidence: Confidence;
  readonly evidence: readonly string[];
  readonly message: string;
}

export function draftBlockHazard({ program }: CythonProgram, metadata: RuleMetadata, draft: BlockDraft): Hazard {
  const { span, subject } = draft;
  const name = functionAround(program.functions, span)?.qualifiedName ?? "<module>";
  const source = program.sourceOf(span);
  const fingerprint = fingerprintOf([metadata.id, span.file, name, subject, source]);
  return {
    id: `${metadata.id}:${fingerprint.slice(0, 8)}`,
    fingerprint,
    structure: fingerprintOf([metadata.id, name, subject, ...structureOfStatement(program.textOf(span))]),
    rule: metadata.id,
    language: "cython",
    severity: metadata.severity,
    confidence: draft.confidence,
    reach: "latent",
    span,
    function: name,
    location: { key: `process:${subject}`, ownerKind: "process", owner: "", path: subject, display: subject },
    message: draft.message,
    accesses: draft.accesses.map(({ span: at, function: within, kind, location, lockset }): Access => ({
      span: at,
      function: within,
      kind,
      location,
      lockset,
    })),
    evidence: draft.evidence,
  };
}

/** The innermost function whose text the span is part of. */
export function functionAround(functions: readonly FunctionFact[], { file, line }: SourceSpan): FunctionFact | undefined {
  return functions
    .filter(({ span, role }) => role !== "module" && role !== "class-body" && span.file === file && span.line <= line && line <= span.endLine)
    .toSorted((a, b) => b.span.line - a.span.line)[0];
}
