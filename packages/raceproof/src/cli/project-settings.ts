// What a person typed and what the project's settings say in, one audit request and its thresholds out. Typed options win.
import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { ruleIdsFor } from "../audit.ts";
import { findSettings, noSettings } from "../config/index.ts";
import type { Settings } from "../config/index.ts";
import { ruleMetadata } from "../rules/index.ts";
import { parseSpecification } from "../sources/index.ts";
import type { AuditRequest } from "../subject-audit.ts";
import { parseBaseline } from "../suppressions/index.ts";
import { UserError } from "../vocabulary/index.ts";
import { shownConfidence } from "./report-options.ts";
import type { ReportOptions, SharedOptions, Thresholds } from "./report-options.ts";
import { prepareOutput } from "./terminal.ts";

export interface PreparedAudit {
  readonly request: AuditRequest;
  readonly thresholds: Thresholds;
}

type AuditOptions = SharedOptions & Partial<Pick<ReportOptions, "baseline" | "failOnStaleBaseline">>;

/** Everything that can be wrong with options and settings is found before anything is fetched. @throws UserError */
export async function prepareAudit(subject: string, options: AuditOptions, onProgress: (message: string) => void): Promise<PreparedAudit> {
  const cwd = process.cwd();
  const named = options.rule && ruleIdsFor(options.rule);
  await prepareOutput(options.output);
  const settings = await settingsFor(subject, options.config, cwd);
  const thresholds: Thresholds = {
    confidence: options.confidence ?? settings.confidence ?? "medium",
    failOn: options.failOn ?? settings.failOn ?? "medium",
    failOnStaleBaseline: options.failOnStaleBaseline === true,
  };
  const request: AuditRequest = {
    specification: subject,
    cwd,
    includeTests: options.includeTests === true,
    rules: named,
    minimumConfidence: shownConfidence(thresholds),
    cacheFolder: options.cache,
    settings,
    baseline: options.baseline === undefined ? undefined : await readBaseline(options.baseline),
    onProgress,
  };
  return { request, thresholds };
}

/** Settings speak for local subjects only: what a stranger's release says of itself does not silence an audit of it. */
async function settingsFor(subject: string, named: string | false | undefined, cwd: string): Promise<Settings> {
  if (named === false) return noSettings;
  const specification = parseSpecification(subject, cwd);
  const search = { named, cwd, rules: ruleMetadata.map(({ id }) => id) };
  switch (specification.kind) {
    case "folder":
    case "git-folder":
      return findSettings({ ...search, from: [specification.path, cwd] });
    case "file":
      return findSettings({ ...search, from: [dirname(specification.path), cwd] });
    default:
      return findSettings({ ...search, from: [] });
  }
}

async function readBaseline(file: string): Promise<AuditRequest["baseline"]> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new UserError(
      `the baseline ${file} cannot be read (${error.code ?? error.message})`,
      "Write one with: raceproof audit SUBJECT --write-baseline FILE.",
    );
  });
  return { file, entries: parseBaseline(text, file) };
}
