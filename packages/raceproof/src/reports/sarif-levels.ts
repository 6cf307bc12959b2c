// A finding in, the level and rank by which code-scanning sites sort it out.
import type { Confidence, Finding, Severity, Verdict } from "../vocabulary/index.ts";
import { verdictOf } from "./report-words.ts";

export type SarifLevel = "error" | "warning" | "note";

const levels: readonly SarifLevel[] = ["note", "warning", "error"];

/** The level a confirmed hazard of this severity has; less certain ones are lowered per result. */
export const levelOfSeverity: Readonly<Record<Severity, SarifLevel>> = {
  crash: "error",
  corruption: "error",
  deadlock: "error",
  "wrong-answer": "warning",
  leak: "note",
};

/** A confirmed hazard has its severity's level; one that is only suspected, or was run without failing, at most a lower one. */
export function levelOf(finding: Finding): SarifLevel {
  const { severity, confidence } = finding.hazard;
  const ceilings: Readonly<Record<Verdict, SarifLevel>> = {
    confirmed: "error",
    "not-reproduced": "warning",
    "clean-within-bound": "note",
    inconclusive: "warning",
    unproven: confidence === "high" ? "error" : "warning",
  };
  const certain = verdictOf(finding) === "confirmed" || confidence !== "low";
  const ceiling = certain ? ceilings[verdictOf(finding)] : "note";
  const level = Math.min(levels.indexOf(levelOfSeverity[severity]), levels.indexOf(ceiling));
  return levels[level] ?? "note";
}

/** 0 to 100, for viewers that sort: confirmed first, then by confidence; a clean search lowers it. */
export function rankOf(finding: Finding): number {
  const byConfidence: Readonly<Record<Confidence, number>> = { high: 80, medium: 50, low: 20 };
  const byVerdict: Readonly<Record<Verdict, number>> = { confirmed: 100, "not-reproduced": -15, "clean-within-bound": -20, inconclusive: 0, unproven: 0 };
  const verdict = verdictOf(finding);
  return verdict === "confirmed" ? byVerdict.confirmed : byConfidence[finding.hazard.confidence] + byVerdict[verdict];
}
