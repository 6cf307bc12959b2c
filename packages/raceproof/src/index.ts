// The public door of the package: audit sources in memory, or walk the whole corridor for a subject.
export { auditSources } from "./audit.ts";
export type { AuditOptions, AuditResult, SourceFile } from "./audit.ts";
export { auditSubject, huntSubject, standardBudget } from "./pipeline.ts";
export { readReviewedPair, reviewSubjects } from "./review.ts";
export type { ReviewedPair } from "./review.ts";
export type { ConfirmRequest } from "./confirm-request.ts";
export type { AuditRequest } from "./subject-audit.ts";
export { findSettings, noSettings } from "./config/index.ts";
export type { Settings } from "./config/index.ts";
export * from "./reports/index.ts";
export * from "./vocabulary/index.ts";
