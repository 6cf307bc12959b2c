// The corridor for reviews: two specifications in, the comparison of their audits out; and the audit of what changed since a revision.
import { relative } from "node:path";
import { compareAudits, changedSince } from "./reviews/index.ts";
import { mergeBaseOf, parseSpecification } from "./sources/index.ts";
import { audited } from "./subject-audit.ts";
import type { AuditedSubject, AuditRequest } from "./subject-audit.ts";
import { toolVersion } from "./tool-version.ts";
import { UserError } from "./vocabulary/index.ts";
import type { Hazard, Review } from "./vocabulary/index.ts";

/** The two sides as specifications. */
export interface ReviewedPair {
  readonly before: string;
  readonly after: string;
}

/**
 * Reads what a person named: a range BASE..HEAD or BASE...HEAD (from where they parted) of a local repository with a subject in it, one
 * revision (against the working tree), or two specifications.
 * @throws UserError when a revision does not exist
 */
export async function readReviewedPair(first: string, second: string | undefined, cwd: string): Promise<ReviewedPair> {
  const [, base, dots, head = ""] = /^([^\s:]*[^\s:./][^\s:]*?)(\.{2,3})(?![./])([^\s:]*)$/.exec(first) ?? [];
  if (base === undefined) return second === undefined ? { before: `.@${first}`, after: "." } : { before: first, after: second };
  const subject = second ?? ".";
  const later = head === "" ? "HEAD" : head;
  const folder = folderOf(subject, cwd);
  const earlier = dots === "..." ? await mergeBaseOf(folder, base, later) : base;
  return { before: `${subject}@${earlier}`, after: `${subject}@${later}` };
}

/** @throws UserError for what the user can solve */
export async function reviewSubjects(pair: ReviewedPair, request: AuditRequest): Promise<Review> {
  request.onProgress(`before: ${pair.before}`);
  const before = await audited({ ...request, specification: pair.before });
  request.onProgress(`after: ${pair.after}`);
  const after = await audited({ ...request, specification: pair.after });
  return {
    ...compareAudits(judged(before), judged(after)),
    subject: after.subject.name,
    before: { specification: pair.before, version: before.subject.version, coverage: before.audit.coverage },
    after: { specification: pair.after, version: after.subject.version, coverage: after.audit.coverage },
    suppressed: after.suppressed,
    notifications: after.notifications,
    toolVersion,
  };
}

/** An audit that shows only hazards in functions that changed since a revision, and those that are new since then. */
export async function auditedSince(request: AuditRequest, revision: string): Promise<AuditedSubject> {
  const earlier = specificationAt(request, revision);
  const after = await audited(request);
  const before = await audited({ ...request, specification: earlier, baseline: undefined });
  const isChanged = changedSince(await before.program(), await after.program());
  const added = new Set<Hazard>(compareAudits(judged(before), judged(after)).added);
  const shown = after.shown.filter((hazard) => added.has(hazard) || isChanged(hazard));
  const left = after.shown.length - shown.length;
  if (left > 0) {
    const message = `${left} hazards in functions unchanged since ${revision} are not shown`;
    request.onProgress(message);
    after.notifications.push({ level: "note", message });
  }
  const counted = new Set<Hazard>(shown);
  const isLeft = (hazard: Hazard): boolean => after.shown.includes(hazard) && !counted.has(hazard);
  return { ...after, shown, judgment: { ...after.judgment, counted: after.judgment.counted.filter((hazard) => !isLeft(hazard)) } };
}

/** What comparing needs of an audit. */
export function judged({ shown, judgment }: AuditedSubject): Parameters<typeof compareAudits>[0] {
  return { shown, counted: judgment.counted, suppressed: judgment.suppressed };
}

function specificationAt({ specification, cwd }: AuditRequest, revision: string): string {
  return `${relative(cwd, folderOf(specification, cwd)) || "."}@${revision}`;
}

/** @throws UserError when the subject is not a folder of a local repository */
function folderOf(subject: string, cwd: string): string {
  const specification = parseSpecification(subject, cwd);
  if (specification.kind === "folder" || specification.kind === "git-folder") return specification.path;
  throw new UserError(
    `"${subject}" is no folder of a local repository`,
    "Revisions are compared in a folder of a git repository; name two specifications for anything else.",
  );
}
