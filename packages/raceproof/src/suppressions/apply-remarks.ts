// Hazards and the remarks of their files in; which are suppressed, which are believed less, and what is wrong with the remarks out.
// An allowance counts for hazards of its rules whose statement, or another access of the same function, stands in its lines.
import { adviseOnRule, compareConfidence, confidenceLevels, matchRules } from "../vocabulary/index.ts";
import type { Confidence, Hazard, Notification, Suppression } from "../vocabulary/index.ts";
import type { Remark } from "./collect-remarks.ts";
import type { Allowance } from "./remark.ts";

export interface RemarkContext {
  /** All rules there are, by id. */
  readonly knownRules: readonly string[];
  /** Rules that ran: a remark about another one cannot be unused. */
  readonly ranRules: readonly string[];
  /** ISO date. */
  readonly today: string;
}

/** Remarks of one audit, by file, with a memory of which were needed. */
export class RemarkBook {
  private readonly byFile = new Map<string, Remark[]>();
  private readonly used = new Set<Remark>();
  private readonly remarks: readonly Remark[];
  private readonly context: RemarkContext;

  constructor(remarks: readonly Remark[], context: RemarkContext) {
    this.remarks = remarks;
    this.context = context;
    for (const remark of remarks) {
      const known = this.byFile.get(remark.file);
      if (known) known.push(remark);
      else this.byFile.set(remark.file, [remark]);
    }
  }

  /** Why a comment says that this hazard does not count. */
  suppressionOf(hazard: Hazard): Suppression | undefined {
    for (const remark of this.near(hazard)) {
      const suppression = this.suppressionBy(remark, hazard);
      if (!suppression) continue;
      this.used.add(remark);
      return suppression;
    }
    return undefined;
  }

  /** The hazard, believed less when a person wrote beside it that it is meant so, with what is said of its lock. */
  doubted(hazard: Hazard): Hazard {
    let { confidence, evidence } = hazard;
    for (const { content, line, scope } of this.near(hazard)) {
      if (content.kind === "intent" && scope?.at !== "class") {
        confidence = lowered(confidence);
        evidence = [...evidence, `the comment in line ${line} says that this is meant so: ${content.words}`];
      } else if (content.kind === "guarded-by") {
        evidence = [...evidence, `the comment in line ${line} names its lock: ${content.lock}`];
      }
    }
    return evidence === hazard.evidence ? hazard : { ...hazard, confidence, evidence };
  }

  /** What is wrong with remarks: malformed, unknown rules, expired, not needed. Ask after all hazards were seen. */
  complaints(): Notification[] {
    return this.remarks.flatMap((remark) =>
      this.complaintsAbout(remark).map((message) => ({ level: "warning" as const, message, file: remark.file, line: remark.line })),
    );
  }

  private near(hazard: Hazard): Remark[] {
    return (this.byFile.get(hazard.span.file) ?? []).filter(({ scope }) => scope && linesOf(hazard).some(([from, to]) => from <= scope.to && scope.from <= to));
  }

  private suppressionBy({ content, file, line, scope }: Remark, hazard: Hazard): Suppression | undefined {
    switch (content.kind) {
      case "allow":
        return this.allows(content, hazard) ? { by: "comment", reason: content.reason, file, line } : undefined;
      case "foreign":
        return { by: "foreign-comment", reason: content.words, file, line };
      case "guarded-by":
        // At a function it says that callers hold the lock; at an attribute it only names the lock.
        return scope?.at === "function" ? { by: "foreign-comment", reason: `callers hold ${content.lock}`, file, line } : undefined;
      case "intent":
      case "malformed":
        return undefined;
    }
  }

  private allows({ rules, until }: Allowance, hazard: Hazard): boolean {
    if (until !== undefined && until < this.context.today) return false;
    return rules.some((selector) => matchRules(selector, this.context.knownRules).includes(hazard.rule));
  }

  private complaintsAbout(remark: Remark): string[] {
    const { content } = remark;
    if (content.kind === "malformed") return [content.problem];
    if (content.kind !== "allow") return [];
    const { knownRules, ranRules, today } = this.context;
    const unknown = content.rules.filter((selector) => matchRules(selector, knownRules).length === 0);
    if (unknown.length > 0) return unknown.map((selector) => `there is no rule "${selector}". ${adviseOnRule(selector, knownRules)}`);
    if (content.until !== undefined && content.until < today) return [`allowed until ${content.until}, which has passed: ${content.reason}`];
    const allRan = content.rules.every((selector) => matchRules(selector, knownRules).every((id) => ranRules.includes(id)));
    return allRan && !this.used.has(remark) ? [`unused suppression: nothing here is reported by ${content.rules.join(", ")}`] : [];
  }
}

/** Lines of the hazard's own place and of the accesses in the same function. */
function linesOf({ span, function: inFunction, accesses }: Hazard): [number, number][] {
  const own = accesses.filter((access) => access.function === inFunction && access.span.file === span.file).map((access) => access.span);
  return [span, ...own].map(({ line, endLine }) => [line, endLine]);
}

function lowered(confidence: Confidence): Confidence {
  return confidenceLevels.findLast((level) => compareConfidence(level, confidence) < 0) ?? confidence;
}
