// What a rule found in C, a Hazard out: identity, fingerprint, the location as reports show it.
import { fingerprintOf } from "../../vocabulary/index.ts";
import type {
  Access,
  AccessKind,
  Confidence,
  Hazard,
  Location,
  NativeEffect,
  NativeFunction,
  NativeHold,
  NativeOrigin,
  NativeProgram,
  Reach,
  RuleMetadata,
  Severity,
  SourceSpan,
} from "../../vocabulary/index.ts";

/** One end of a race: where, in which function, doing what. */
export interface NativeAccessDraft {
  readonly span: SourceSpan;
  readonly function: string;
  readonly kind: AccessKind;
  readonly held: readonly NativeHold[];
  /** Whose words `held` is in, when it is not the hazard's function; and the calls from there. */
  readonly from?: { readonly fn: NativeFunction | undefined; readonly calls: readonly SourceSpan[] };
}

export interface NativeDraft {
  readonly fn: Pick<NativeFunction, "name" | "parameters">;
  readonly span: SourceSpan;
  /** "Struct.field", a static's name, or what else the hazard is about. */
  readonly location: string;
  readonly accesses: readonly NativeAccessDraft[];
  readonly confidence: Confidence;
  readonly evidence: readonly string[];
  readonly message: string;
  readonly severity?: Severity;
  /** The GIL does not prevent it: the code lets others run in between. */
  readonly singleThreaded?: boolean;
}

export function draftNativeHazard(program: NativeProgram, metadata: RuleMetadata, draft: NativeDraft): Hazard {
  const { fn, span } = draft;
  const location = locationNamed(program, draft.location);
  const source = program.excerptOf(span);
  const fingerprint = fingerprintOf([metadata.id, span.file, fn.name, location.key, source]);
  return {
    id: `${metadata.id}:${fingerprint.slice(0, 8)}`,
    fingerprint,
    structure: fingerprintOf([metadata.id, fn.name, location.key, source]),
    rule: metadata.id,
    language: "c",
    severity: draft.severity ?? metadata.severity,
    confidence: draft.confidence,
    reach: reachOf(program, draft),
    span,
    function: fn.name,
    location,
    message: draft.message,
    accesses: draft.accesses.map(({ held, from, ...access }): Access => ({
      ...access,
      location,
      lockset: held.flatMap((hold) => holdText(from ? from.fn : fn, hold)),
      ...(from && from.calls.length > 0 ? { calls: from.calls } : {}),
    })),
    evidence: draft.evidence,
  };
}

function reachOf(program: NativeProgram, { singleThreaded }: NativeDraft): Reach {
  if (singleThreaded === true) return "single-threaded";
  return program.declaresFreeThreading === undefined ? "latent" : "live";
}

export function locationNamed(program: NativeProgram, name: string): Location {
  const dot = name.indexOf(".");
  if (dot < 0) return { key: `process:${name}`, ownerKind: program.statics.has(name) ? "module" : "process", owner: "", path: name, display: name };
  return { key: `instance:${name}`, ownerKind: "instance", owner: name.slice(0, dot), path: name.slice(dot + 1), display: name };
}

/** An effect as one end of a race. */
export function accessOfEffect(program: NativeProgram, effect: NativeEffect): NativeAccessDraft {
  const kind: AccessKind = effect.mode === "free" ? "write" : effect.mode;
  const from = { fn: holderOf(program, effect), calls: effect.calls };
  return { span: effect.span, function: program.functions[effect.function]?.name ?? "", kind, held: effect.held, from };
}

const holders = new WeakMap<NativeProgram, ReadonlyMap<NativeEffect, NativeFunction>>();

/** The function that has the effect as one of its own or of what it calls. */
function holderOf(program: NativeProgram, effect: NativeEffect): NativeFunction | undefined {
  let known = holders.get(program);
  if (!known) {
    known = new Map(program.functions.flatMap((fn) => fn.effects.map((each) => [each, fn] as const)));
    holders.set(program, known);
  }
  return known.get(effect);
}

/** "section on self->md", "lock self->mutex"; what lets others in holds nothing. */
function holdText(fn: Pick<NativeFunction, "parameters"> | undefined, { kind, objects }: NativeHold): string[] {
  if (kind === "detached" || kind === "attached") return [];
  return objects.map((object) => `${kind === "section" ? "section on" : "lock"} ${originText(fn ?? { parameters: [] }, object)}`);
}

/** An origin as people write it, with the function's own parameter names: "self->md". */
export function originText({ parameters }: Pick<NativeFunction, "parameters">, { root, path }: NativeOrigin): string {
  const head = root.kind === "parameter" ? (parameters[root.index]?.name ?? `argument ${root.index + 1}`) : root.kind === "static" ? root.name : "memory";
  return path.reduce((text, field) => (field === "[]" ? `${text}[...]` : `${text}->${field}`), head);
}
