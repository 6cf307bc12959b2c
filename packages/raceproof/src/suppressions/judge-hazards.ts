// Hazards in; those that count, those that somebody answered for, and complaints about answers out.
// Order: configuration, then comments, then the baseline; the first that speaks is named. Confidence is adjusted before.
import type { Hazard, Notification, Program, Suppression } from "../vocabulary/index.ts";
import { RemarkBook } from "./apply-remarks.ts";
import type { RemarkContext } from "./apply-remarks.ts";
import type { BaselineEntry } from "./baseline-file.ts";
import type { Remark } from "./collect-remarks.ts";
import { matchBaseline } from "./match-baseline.ts";
import { declaredGuardsOf, describeGuards, keepsTo } from "./declared-guards.ts";
import type { DeclaredGuards } from "./declared-guards.ts";
import { adjustHazard, raised, suppressedByPolicy } from "./policy.ts";
import type { Policy } from "./policy.ts";
import { withReachability } from "./reachable-on.ts";

export interface Judgment {
  readonly counted: readonly Hazard[];
  readonly suppressed: readonly { readonly hazard: Hazard; readonly suppression: Suppression }[];
  readonly notifications: readonly Notification[];
  /** Baseline entries that nothing needs any more. */
  readonly stale: number;
}

export interface JudgmentContext extends RemarkContext {
  readonly remarks: readonly Remark[];
  readonly policy: Policy;
  readonly program: Pick<Program, "locations">;
  readonly baseline: { readonly file: string; readonly entries: readonly BaselineEntry[] } | undefined;
}

export function judgeHazards(found: readonly Hazard[], context: JudgmentContext): Judgment {
  const { policy, baseline } = context;
  const book = new RemarkBook(context.remarks, context);
  const guards = declaredGuardsOf(context.remarks, context.program);
  const hazards = found.map((hazard) => book.doubted(withGuard(adjustHazard(withReachability(hazard, policy.families), policy), guards)));
  const answered = new Map<Hazard, Suppression>();
  for (const hazard of hazards) {
    // Comments are asked in any case: one that repeats the configuration is not unused.
    const commented = book.suppressionOf(hazard);
    const suppression = suppressedByPolicy(hazard, policy) ?? commented;
    if (suppression) answered.set(hazard, suppression);
  }
  const open = hazards.filter((hazard) => !answered.has(hazard));
  const match = matchBaseline(
    open,
    (baseline?.entries ?? []).filter(({ rule }) => context.ranRules.includes(rule) || !context.knownRules.includes(rule)),
  );
  for (const [hazard, entry] of match.known)
    answered.set(hazard, { by: "baseline", reason: reasonOf(entry, hazard), file: baseline?.file ?? "", line: undefined });
  return {
    counted: hazards.filter((hazard) => !answered.has(hazard)),
    suppressed: hazards.flatMap((hazard) => {
      const suppression = answered.get(hazard);
      return suppression ? [{ hazard, suppression }] : [];
    }),
    notifications: [
      ...book.complaints(),
      ...describeGuards(guards, context.program),
      ...match.stale.map(({ entry, missing }) => complaintAbout(entry, missing, baseline?.file ?? "")),
    ],
    stale: match.stale.length,
  };
}

/** Who writes down the lock of something knows that threads share it: an access without the lock is believed more. */
function withGuard(hazard: Hazard, guards: DeclaredGuards): Hazard {
  const guard = guards.get(hazard.location.key);
  if (!guard || keepsTo(guard, hazard)) return hazard;
  const evidence = [...hazard.evidence, `the comment at ${guard.file}:${guard.line} says that it is guarded by ${guard.lock}, which is not held here`];
  return { ...hazard, confidence: raised(hazard.confidence), evidence };
}

function reasonOf(entry: BaselineEntry, hazard: Hazard): string {
  return entry.file === hazard.span.file ? "known before" : `known before, in ${entry.file}`;
}

function complaintAbout({ rule, file, function: name, location }: BaselineEntry, missing: number, baseline: string): Notification {
  const many = missing === 1 ? "" : ` (${missing} times)`;
  return { level: "warning", message: `stale baseline entry: ${rule} ${location} in ${name} of ${file} is no longer found${many}; rewrite ${baseline}` };
}
