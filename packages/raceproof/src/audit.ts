// Files in, hazards with their denominators out: the static half of the corridor, without disk or network.
import { analyzeProgram, extractProgram, linkProgram } from "./facts/index.ts";
import type { FactCounts, ParsedFile, ProgramAnalysis, StoredModule, UnparsedFile } from "./facts/index.ts";
import { findHazards } from "./hazards/index.ts";
import { ruleMetadata, rules as allRules } from "./rules/index.ts";
import { createNameTable, excerptReader, lineAt, parsePython } from "./sources/index.ts";
import { collectRemarks } from "./suppressions/index.ts";
import type { Remark } from "./suppressions/index.ts";
import { adviseOnRule, matchRules, UserError } from "./vocabulary/index.ts";
import type { Coverage, Hazard, Notification, Program, Rule } from "./vocabulary/index.ts";
import { startAnalysisWorkers } from "./workers/index.ts";
import type { ThreadLimits } from "./workers/index.ts";

export interface SourceFile {
  /** Relative to the subject's root, forward slashes. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

export interface AuditOptions {
  /** Rules by id, short name or beginning; all when absent. */
  readonly rules?: readonly string[];
  /** Folder below the root that module names start at: "src" in a src layout. */
  readonly importPrefix?: string;
  /** Names that are locks although nothing in the program shows it. */
  readonly isLockName?: ((name: string) => boolean) | undefined;
}

export interface AuditResult {
  readonly program: Program;
  readonly hazards: readonly Hazard[];
  /** Comments that speak about hazards; what they suppress is still among the hazards. */
  readonly remarks: readonly Remark[];
  readonly coverage: Coverage;
  readonly notifications: readonly Notification[];
}

/** What an audit finds, without the program it found it in. */
export type AuditOutcome = Omit<AuditResult, "program">;

export interface AuditRun extends Omit<AuditOptions, "isLockName">, ThreadLimits {
  /** Patterns of names that are locks although nothing in the program shows it. */
  readonly lockNames?: readonly string[];
  /** What an earlier run found out, by path. */
  readonly stored?: ReadonlyMap<string, StoredModule>;
}

export interface StoredAudit extends AuditResult {
  readonly analysis: ProgramAnalysis;
}

/**
 * The same result as `auditSources`, whatever is stored and however many threads share the work.
 * @throws UserError when an option names a rule that does not exist
 */
export async function auditFiles(files: readonly SourceFile[], run: AuditRun = {}): Promise<StoredAudit> {
  const selected = selectRules(run.rules);
  const unparsed = files.map(({ path, bytes }): UnparsedFile => ({ path, modulePath: modulePathOf(path, run.importPrefix ?? ""), bytes }));
  const workers = startAnalysisWorkers({ files: unparsed, lockNames: run.lockNames ?? [] }, run);
  try {
    const analysis = await analyzeProgram(unparsed, workers, run.stored ?? new Map());
    const { program, counts } = linkProgram(
      analysis.modules.map(({ facts }) => facts.value),
      excerptReader(files),
    );
    const problems = analysis.modules.flatMap(({ outline: { problem } }, index) => (problem ? [notParsed(files[index] as SourceFile, problem)] : []));
    const failures = analysis.failures.map((failure): Notification => ({
      level: "warning",
      message: `an analysis thread failed, its share was done without it: ${failure}`,
    }));
    const lines = analysis.modules.reduce((sum, { outline }) => sum + outline.lines, 0);
    const coverage = coverageOf(files.length, problems.length, lines, counts);
    const remarks = analysis.modules.flatMap(({ outline }) => outline.notes as Remark[]);
    return { program, hazards: findHazards(program, selected), remarks, coverage, notifications: [...problems, ...failures], analysis };
  } finally {
    workers.stop();
  }
}

function notParsed({ path }: SourceFile, { message, line }: { readonly message: string; readonly line: number }): Notification {
  return { level: "warning", message: `does not parse completely: ${message}`, file: path, line };
}

/** @throws UserError when an option names a rule that does not exist */
export function auditSources(files: readonly SourceFile[], options: AuditOptions = {}): AuditResult {
  const selected = selectRules(options.rules);
  const names = createNameTable();
  const notifications: Notification[] = [];
  let lines = 0;
  let filesWithErrors = 0;
  const remarks: Remark[] = [];
  const parsed: ParsedFile[] = files.map(({ path, bytes }) => {
    const tree = parsePython(bytes, names);
    lines += tree.lineStarts.length;
    for (const remark of collectRemarks(path, tree)) remarks.push(remark);
    const problem = tree.problems[0];
    if (problem) {
      filesWithErrors++;
      notifications.push(notParsed({ path, bytes }, { message: problem.message, line: lineAt(tree, problem.offset) }));
    }
    return { path, modulePath: modulePathOf(path, options.importPrefix ?? ""), tree };
  });
  const { program, counts } = extractProgram(parsed, { isLockName: options.isLockName });
  return { program, hazards: findHazards(program, selected), remarks, coverage: coverageOf(files.length, filesWithErrors, lines, counts), notifications };
}

function modulePathOf(path: string, prefix: string): string {
  return prefix !== "" && path.startsWith(`${prefix}/`) ? path.slice(prefix.length + 1) : path;
}

/** Ids of the rules that selectors stand for. @throws UserError for one that stands for none */
export function ruleIdsFor(selectors: readonly string[]): string[] {
  const ids = ruleMetadata.map(({ id }) => id);
  return [
    ...new Set(
      selectors.flatMap((selector) => {
        const found = matchRules(selector, ids);
        if (found.length === 0) throw new UserError(`there is no rule "${selector}"`, adviseOnRule(selector, ids));
        return found;
      }),
    ),
  ];
}

function selectRules(selectors: readonly string[] | undefined): readonly Rule[] {
  if (!selectors) return allRules;
  const ids = new Set(ruleIdsFor(selectors));
  return allRules.filter((rule) => ids.has(rule.metadata.id));
}

function coverageOf(files: number, filesWithErrors: number, lines: number, counts: FactCounts): Coverage {
  return { files, filesWithErrors, lines, ...counts };
}
