// The plain words every format uses for severities, verdicts, confidence and runtime rows, and the order they are listed in.
// Sees one finding at a time; never the whole report.
import { familyWords, joinFamilies } from "../vocabulary/index.ts";
import type {
  Access,
  Confirmation,
  FamilyReach,
  Finding,
  Reach,
  RuntimeFamily,
  RuntimeRow,
  SearchRung,
  Severity,
  SuppressedFinding,
  Suppression,
  Verdict,
} from "../vocabulary/index.ts";

/** Heaviest first. */
export const severitiesByWeight: readonly Severity[] = ["crash", "corruption", "deadlock", "wrong-answer", "leak"];

/** Most certain first. */
export const verdictsByWeight: readonly Verdict[] = ["confirmed", "not-reproduced", "clean-within-bound", "inconclusive", "unproven"];

export const severityWords: Readonly<Record<Severity, string>> = {
  crash: "crash",
  corruption: "corruption",
  deadlock: "deadlock",
  "wrong-answer": "wrong answer",
  leak: "leak",
};

export const verdictWords: Readonly<Record<Verdict, string>> = {
  confirmed: "confirmed",
  "not-reproduced": "not reproduced",
  "clean-within-bound": "clean within bound",
  inconclusive: "inconclusive",
  unproven: "unproven",
};

export const reachWords: Readonly<Record<Reach, string>> = {
  live: "live (the module declares free-threading support)",
  latent: "latent (no declaration of free-threading support is read yet)",
  "single-threaded": "single-threaded (reachable with one thread)",
};

/** The verdict of a finding; a hazard nobody tried to confirm is unproven. */
export function verdictOf(finding: Finding): Verdict {
  return finding.confirmation?.verdict ?? "unproven";
}

/** Position in `severitiesByWeight`: smaller is heavier. */
export function weightOf(severity: Severity): number {
  return severitiesByWeight.indexOf(severity);
}

/** "200 of 200 replays on cpython-3.11.7, SIGSEGV"; "7 of 20 repeats on cpython-3.13.0 at switch interval 1e-6 s". A row with `reached` is a replay. */
export function describeRuntimeRow(row: RuntimeRow): string {
  const unit = row.reached === undefined ? "repeats" : "replays";
  const signal = row.signal === undefined ? "" : `, ${row.signal}`;
  const reached = row.reached === undefined || row.reached === row.repeats ? "" : ` (plan reached in ${row.reached})`;
  return `${row.failing} of ${row.repeats} ${unit} on ${row.runtime}${describeSwitchInterval(row)}${signal}${reached}`;
}

function describeSwitchInterval({ stress }: RuntimeRow): string {
  return stress?.switchInterval === undefined
    ? ""
    : ` at switch interval ${stress.switchInterval < 0.001 ? stress.switchInterval.toExponential() : stress.switchInterval} s`;
}

/** What a row's numbers need to be understood: how often which failure, what the controls gave. */
export function describeCircumstances(row: RuntimeRow): string {
  const { stress, note } = row;
  const parts = [note ?? ""];
  if (stress !== undefined) {
    parts.push(
      `uncontrolled${describeSwitchInterval(row)}, ${stress.threads} threads, ${stress.rounds} rounds`,
      ...stress.failures.map(({ summary, repeats }) => `${summary} (${repeats})`),
      ...stress.controls.map(({ arm, failing, repeats }) => `control "${arm}": ${failing} of ${repeats}`),
    );
  }
  return parts.filter((part) => part !== "").join("; ");
}

/** "preemption-bound 2: 82 schedules on cpython-3.12.1, exhausted". */
export function describeRung(rung: SearchRung): string {
  if (rung.search === "drawn") return `${rung.strategy}: ${rung.schedules} schedules on ${rung.runtime}, a sample`;
  if (rung.search === "certificate")
    return `${rung.strategy}: ${rung.schedules} traces on ${rung.runtime}, ${rung.exhausted ? "which cover every interleaving" : "not all of them"}`;
  return `${rung.strategy} ${rung.bound}: ${rung.schedules} schedules on ${rung.runtime}, ${rung.exhausted ? "exhausted" : "not exhausted"}`;
}

/** "PyPy: 20 of 20 replays under its model", "CPython 3.10 and later with the GIL: in none of 84 schedules, all there are with up to 2 preemptions". */
export function describeFamilyReach({ family, verdict, by, schedules, hits, bound, traces, runtime, note }: FamilyReach): string {
  const where = runtime === undefined ? "" : ` (model played on ${runtime})`;
  switch (verdict) {
    case "reached":
      return `${familyWords[family]}: ${by === "replay" ? `${hits} of ${schedules} replays` : `found again within ${schedules} schedules`}${where}`;
    case "excluded":
      return traces === undefined
        ? `${familyWords[family]}: in none of ${schedules} schedules, all there are with up to ${bound ?? 0} preemptions${where}`
        : `${familyWords[family]}: in no interleaving, ${traces} traces cover all of this driver${where}`;
    case "not-reached":
      return `${familyWords[family]}: not reached in ${schedules} schedules${where}`;
    case "untried":
      return `${familyWords[family]}: not tried, ${note ?? "for no known reason"}`;
  }
}

/** "; reachable on PyPy; not tried on free-threaded CPython"; the empty text when no model was asked. */
export function describeReachability(confirmation: Confirmation | undefined): string {
  const familiesWith = (wanted: FamilyReach["verdict"]): RuntimeFamily[] =>
    (confirmation?.reachability ?? []).filter(({ verdict }) => verdict === wanted).map(({ family }) => family);
  const said = (words: string, families: readonly RuntimeFamily[]): string => (families.length === 0 ? "" : `; ${words} ${joinFamilies(families)}`);
  return `${said("reachable on", familiesWith("reached"))}${said("not tried on", familiesWith("untried"))}`;
}

/** The verdict with its strongest runtime row: "confirmed, 200 of 200 replays on cpython-3.11.7; reachable on PyPy". */
export function describeVerdict(finding: Finding): string {
  const words = verdictWords[verdictOf(finding)];
  const rows = finding.confirmation?.runtimes ?? [];
  const strongest = rows.filter((row) => row.failing > 0).toSorted((a, b) => b.failing / b.repeats - a.failing / a.repeats)[0];
  return `${strongest === undefined ? words : `${words}, ${describeRuntimeRow(strongest)}`}${describeReachability(finding.confirmation)}`;
}

const suppressionWords: Readonly<Record<Suppression["by"], string>> = {
  comment: "comment",
  "foreign-comment": "comment for another tool",
  configuration: "configuration",
  baseline: "baseline",
};

/** "by comment at pkg/mod.py:12: reviewed, one writer". */
export function describeSuppression({ by, reason, file, line }: Suppression): string {
  const place = `${file}${line === undefined ? "" : `:${line}`}`;
  return `by ${suppressionWords[by]}${place === "" ? "" : ` at ${place}`}: ${reason}`;
}

/** "3 by comment, 1 by baseline"; the empty text for none. */
export function tallySuppressions(suppressed: readonly SuppressedFinding[]): string {
  return (Object.keys(suppressionWords) as Suppression["by"][])
    .map((by) => ({ by, number: suppressed.filter(({ suppression }) => suppression.by === by).length }))
    .filter(({ number }) => number > 0)
    .map(({ by, number }) => `${number} by ${suppressionWords[by]}`)
    .join(", ");
}

/** ", through a.c:12, b.h:3": the calls that lead to an access; of many the first and the last. */
export function describeCalls({ calls = [] }: Access): string {
  const places = calls.map(({ file, line }) => `${file}:${line}`);
  if (places.length <= 2) return places.length === 0 ? "" : `, through ${places.join(", ")}`;
  return `, through ${places[0]} … ${places.at(-1)} (${places.length} calls)`;
}
