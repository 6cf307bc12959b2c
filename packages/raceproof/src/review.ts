// The corridor for reviews: two specifications in, the comparison of their audits out; and the audit of what changed since a revision.
import { relative } from "node:path";
import { compareAudits, changedSince, followHazards, mendedFunctions } from "./reviews/index.ts";
import { auditedEndings, mergeBaseOf, parseSpecification, readHistory } from "./sources/index.ts";
import { audited } from "./subject-audit.ts";
import type { AuditedSubject, AuditRequest } from "./subject-audit.ts";
import { toolVersion } from "./tool-version.ts";
import { UserError } from "./vocabulary/index.ts";
import type { Hazard, Notification, Review, Revision } from "./vocabulary/index.ts";

/** The two sides as specifications. */
export interface ReviewedPair {
  readonly before: string;
  readonly after: string;
  /** Of a local repository: what lies between them. */
  readonly range?: { readonly folder: string; readonly subject: string; readonly base: string; readonly head: string };
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
  return { before: `${subject}@${earlier}`, after: `${subject}@${later}`, range: { folder, subject, base: earlier, head: later } };
}

/**
 * @param mostSteps commits between the two sides that are audited one by one, if there are no more
 * @throws UserError for what the user can solve
 */
export async function reviewSubjects(pair: ReviewedPair, request: AuditRequest, mostSteps: number): Promise<Review> {
  request.onProgress(`before: ${pair.before}`);
  const before = await audited({ ...request, specification: pair.before });
  request.onProgress(`after: ${pair.after}`);
  const after = await audited({ ...request, specification: pair.after });
  const { steps, notes } = await stepsOf(pair, request, { mostSteps, last: judged(after) });
  const comparison = compareAudits(judged(before), judged(after));
  return {
    ...comparison,
    mended: mendedFunctions(comparison),
    passing: followHazards(judged(before), steps),
    subject: after.subject.name,
    before: { specification: pair.before, version: before.subject.version, coverage: before.audit.coverage },
    after: { specification: pair.after, version: after.subject.version, coverage: after.audit.coverage },
    suppressed: after.suppressed,
    notifications: [...after.notifications, ...notes],
    toolVersion,
  };
}

interface ReviewedSteps {
  readonly steps: readonly { readonly revision: Revision; readonly audit: Judged }[];
  readonly notes: readonly Notification[];
}

/** Every commit on the way that changes what is audited; the last of them is what the later side shows. */
async function stepsOf(
  { range }: ReviewedPair,
  request: AuditRequest,
  { mostSteps, last }: { readonly mostSteps: number; readonly last: Judged },
): Promise<ReviewedSteps> {
  if (range === undefined || mostSteps === 0) return { steps: [], notes: [] };
  const revisions = await revisionsOf(range, request);
  if (revisions.length > mostSteps) {
    const message = `${revisions.length} commits lie between, so only the ends were audited; --steps ${revisions.length} audits each`;
    return { steps: [], notes: [{ level: "note", message }] };
  }
  const steps: { revision: Revision; audit: Judged }[] = [];
  for (const revision of revisions) {
    if (revision === revisions.at(-1)) return { steps: [...steps, { revision, audit: last }], notes: [] };
    request.onProgress(`on the way: ${revision.commit.slice(0, 12)} ${revision.subject}`);
    steps.push({ revision, audit: judged(await audited({ ...request, specification: `${range.subject}@${revision.commit}` })) });
  }
  return { steps, notes: [] };
}

async function revisionsOf({ folder, base, head }: NonNullable<ReviewedPair["range"]>, request: AuditRequest): Promise<readonly Revision[]> {
  try {
    const range = { repository: folder, base, head, subdirectory: undefined, endings: auditedEndings };
    return (await readHistory(range, request.cacheFolder, request.onProgress)).revisions.slice(1);
  } catch (error) {
    // Two ends that are not on one line have no steps between them.
    if (error instanceof UserError) return [];
    throw error;
  }
}

/** An audit that shows only hazards in functions that changed since a revision, and those that are new since then. */
export async function auditedSince(request: AuditRequest, revision: string): Promise<AuditedSubject> {
  const earlier = specificationAt(request, revision);
  const after = await audited(request);
  const before = await audited({ ...request, specification: earlier, baseline: undefined });
  const isChanged = changedSince(await before.functions(), await after.functions());
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

type Judged = Parameters<typeof compareAudits>[0];

/** What comparing needs of an audit. */
export function judged({ shown, judgment }: AuditedSubject): Judged {
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
