// The corridor's first half: a request in, a fetched subject with its audited and judged hazards out. It does not print.
import { relative, sep } from "node:path";
import type { AuditOutcome, SourceFile } from "./audit.ts";
import { excluderOf, policyOf, selectedRules } from "./config/index.ts";
import type { FactMemory } from "./cache/index.ts";
import type { Settings } from "./config/index.ts";
import { isAtLeast } from "./hazards/index.ts";
import { ruleMetadata } from "./rules/index.ts";
import { defaultCacheFolder, fetchSubject, parseSpecification, readSubjectFiles } from "./sources/index.ts";
import { auditStored } from "./stored-audit.ts";
import type { SubjectProgram } from "./stored-audit.ts";
import { judgeHazards } from "./suppressions/index.ts";
import type { BaselineEntry, Judgment } from "./suppressions/index.ts";
import { UserError } from "./vocabulary/index.ts";
import type { Confidence, FunctionText, Hazard, Notification, Program, Subject } from "./vocabulary/index.ts";

export interface AuditRequest {
  readonly specification: string;
  readonly cwd: string;
  readonly includeTests: boolean;
  /** Rule ids that the user named; what the settings select when undefined. */
  readonly rules: readonly string[] | undefined;
  readonly minimumConfidence: Confidence;
  readonly cacheFolder: string | undefined;
  readonly settings: Settings;
  /** Hazards known before, and the file that says so. */
  readonly baseline?: { readonly file: string; readonly entries: readonly BaselineEntry[] } | undefined;
  readonly onProgress: (message: string) => void;
  /** Takes what is left to do when the result is there: storing it for the next run. Done before, when there is nobody to take it. */
  readonly afterwards?: ((work: () => Promise<unknown>) => void) | undefined;
  /** What earlier audits of this process found out. */
  readonly memory?: FactMemory | undefined;
}

/** A subject found, and what was noticed on the way. */
export interface FoundSubject {
  readonly subject: Subject;
  readonly notifications: Notification[];
  readonly seconds: Record<string, number>;
}

export interface AuditedSubject {
  readonly subject: Subject;
  readonly audit: AuditOutcome;
  /** What the audit read, made again where an earlier run has found everything. */
  readonly program: () => Promise<Program>;
  readonly functions: () => Promise<readonly FunctionText[]>;
  readonly judgment: Judgment;
  /** Those that count, of the shown confidence. */
  readonly shown: readonly Hazard[];
  /** Those somebody answered for, of the shown confidence. */
  readonly suppressed: Judgment["suppressed"];
  /** The baseline file, if one was given. */
  readonly baseline: string | undefined;
  readonly notifications: Notification[];
  readonly seconds: Record<string, number>;
}

/** @throws UserError for what the user can solve */
export async function audited(request: AuditRequest): Promise<AuditedSubject> {
  const found = await findSubject(request);
  return auditOf(request, found, await readFiles(request, found));
}

/** @throws UserError for what the user can solve */
export async function findSubject(request: AuditRequest): Promise<FoundSubject> {
  const notifications: Notification[] = [];
  const seconds: Record<string, number> = {};
  const started = performance.now();
  const subject = withoutExcluded(
    await fetchSubject(parseSpecification(request.specification, request.cwd), {
      cacheFolder: request.cacheFolder,
      includeTests: request.includeTests,
      onProgress: request.onProgress,
      onNotification: (notification) => notifications.push(notification),
    }),
    request.settings,
  );
  seconds["fetch"] = secondsSince(started);
  return { subject, notifications, seconds };
}

/** What cannot be read is among the notifications afterwards. */
export async function readFiles(request: AuditRequest, { subject, notifications }: FoundSubject): Promise<SourceFile[]> {
  const files: SourceFile[] = [];
  const { root, files: python, nativeFiles, buildFiles } = subject;
  const note = (notification: Notification): number => notifications.push(notification);
  const { maxFileSize } = request.settings;
  for await (const file of readSubjectFiles({ root, files: [...python, ...nativeFiles] }, note, maxFileSize)) files.push(file);
  for await (const file of readSubjectFiles({ root, files: buildFiles }, note, maxFileSize)) files.push({ ...file, role: "build" });
  return files;
}

export async function auditOf(request: AuditRequest, { subject, notifications, seconds }: FoundSubject, files: readonly SourceFile[]): Promise<AuditedSubject> {
  request.onProgress(`auditing ${files.length} files`);
  const before = performance.now();
  const ran = selectedRules(request.settings, request.rules);
  const found = await auditStored(files, {
    root: subject.root,
    importPrefix: importPrefixOf(subject),
    lockNames: request.settings.lockNames,
    ...(ran ? { rules: ran } : {}),
    cacheFolder: request.cacheFolder ?? defaultCacheFolder(process.env),
    memory: request.memory,
    afterwards: async (work) => (request.afterwards ? request.afterwards(work) : work()),
  });
  const { outcome: audit, program, functions } = found;
  const judgment = judge(request, subject, found);
  seconds["audit"] = secondsSince(before);
  notifications.push(...audit.notifications, ...judgment.notifications);
  const isShown = (hazard: Hazard): boolean => isAtLeast(hazard, request.minimumConfidence);
  const suppressed = judgment.suppressed.filter(({ hazard }) => isShown(hazard));
  const shown = judgment.counted.filter(isShown);
  return { subject, audit, program, functions, judgment, shown, suppressed, baseline: request.baseline?.file, notifications, seconds };
}

function judge(request: AuditRequest, subject: Subject, { outcome, guarded }: SubjectProgram): Judgment {
  const knownRules = ruleMetadata.map(({ id }) => id);
  return judgeHazards(outcome.hazards, {
    remarks: outcome.remarks,
    program: { locations: guarded },
    policy: policyOf(request.settings, subject),
    baseline: request.baseline,
    knownRules,
    ranRules: selectedRules(request.settings, request.rules) ?? knownRules,
    today: new Date().toISOString().slice(0, 10),
  });
}

function withoutExcluded(subject: Subject, settings: Settings): Subject {
  const isExcluded = excluderOf(settings, subject.root);
  const files = subject.files.filter((file) => !isExcluded(file));
  const nativeFiles = subject.nativeFiles.filter((file) => !isExcluded(file));
  if (files.length + nativeFiles.length === 0) {
    throw new UserError(
      `${settings.file ?? ""} excludes all ${subject.files.length + subject.nativeFiles.length} files of ${subject.specification}`,
      "Narrow its exclude patterns.",
    );
  }
  return { ...subject, files, nativeFiles, excluded: [...subject.excluded, ...subject.files.filter(isExcluded)] };
}

export function importPrefixOf(subject: Subject): string {
  return relative(subject.root, subject.importRoot).split(sep).join("/");
}

export function secondsSince(start: number): number {
  return Math.round(performance.now() - start) / 1000;
}
