// The lasting decisions of a project about its hazards, and their application: severities, confidence by class, what is ignored.
// What enters: hazards and a policy read from configuration. What leaves: hazards changed, or the reason why one is suppressed.
import { compareConfidence, confidenceLevels } from "../vocabulary/index.ts";
import type { Confidence, Hazard, RuntimeFamily, Severity, Suppression } from "../vocabulary/index.ts";

/** Where a decision stands: a configuration file and, when known, its line. */
export interface Origin {
  readonly file: string;
  readonly line: number | undefined;
}

/** Rules (ids) that are not counted, in some files or everywhere. */
export interface IgnoredRules extends Origin {
  readonly rules: ReadonlySet<string>;
  /** The setting in words: "ignore", "per-file-ignores \"tests/**\"". */
  readonly setting: string;
  readonly matchesFile: (file: string) => boolean;
}

export interface NamePattern extends Origin {
  readonly pattern: string;
  readonly matches: (name: string) => boolean;
}

/** What a project says once for all its hazards. */
export interface Policy {
  readonly ignored: readonly IgnoredRules[];
  readonly severity: ReadonlyMap<string, Severity>;
  /** Classes and modules that are shared between threads, whatever the code shows. */
  readonly assumeShared: readonly NamePattern[];
  /** Classes and modules that stay inside one thread. */
  readonly assumeConfined: readonly NamePattern[];
  /** Of the versions of Python that the project supports. */
  readonly families: readonly RuntimeFamily[];
}

/** The hazard as the project wants it seen: severity and confidence. */
export function adjustHazard(hazard: Hazard, policy: Policy): Hazard {
  const severity = policy.severity.get(hazard.rule);
  const shared = policy.assumeShared.find((pattern) => concerns(pattern, hazard));
  if (severity === undefined && !shared) return hazard;
  return {
    ...hazard,
    severity: severity ?? hazard.severity,
    ...(shared ? { confidence: raised(hazard.confidence), evidence: [...hazard.evidence, `assume-shared "${shared.pattern}" in ${placeOf(shared)}`] } : {}),
  };
}

/** Why the policy does not count this hazard; undefined when it does. */
export function suppressedByPolicy(hazard: Hazard, policy: Policy): Suppression | undefined {
  const ignored = policy.ignored.find(({ rules, matchesFile }) => rules.has(hazard.rule) && matchesFile(hazard.span.file));
  if (ignored) return { by: "configuration", reason: ignored.setting, file: ignored.file, line: ignored.line };
  const confined = policy.assumeConfined.find((pattern) => concerns(pattern, hazard));
  if (confined) return { by: "configuration", reason: `assume-confined "${confined.pattern}"`, file: confined.file, line: confined.line };
  return undefined;
}

/** The owner by its full name, its class alone or its module. */
function concerns({ matches }: NamePattern, { location: { owner } }: Hazard): boolean {
  const [module = "", cls] = owner.split(":");
  return matches(module) || (cls !== undefined && (matches(cls) || matches(`${module}.${cls}`) || matches(owner)));
}

/** One step more, if there is one. */
export function raised(confidence: Confidence): Confidence {
  return confidenceLevels.find((level) => compareConfidence(level, confidence) > 0) ?? confidence;
}

function placeOf({ file, line }: Origin): string {
  return line === undefined ? file : `${file}:${line}`;
}
