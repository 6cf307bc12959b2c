// Files in, hazards with their denominators out: the static half of the corridor, without disk or network.
import { analyzeProgram, extractProgram, linkProgram } from "./facts/index.ts";
import type { FactCounts, LinkedProgram, ParsedFile, ProgramAnalysis, StoredModule, UnparsedFile } from "./facts/index.ts";
import { findProgramHazards, isProgramSource } from "./cython-audit.ts";
import type { ProgramRules, ProgramSource } from "./cython-audit.ts";
import { cythonRules, ruleMetadata, rules as allRules } from "./rules/index.ts";
import { createNameTable, excerptReader, lineAt, parseModule } from "./sources/index.ts";
import { collectRemarks } from "./suppressions/index.ts";
import type { Remark } from "./suppressions/index.ts";
import { adviseOnRule, matchRules, UserError } from "./vocabulary/index.ts";
import type { Coverage, Hazard, Notification, Program, RuleMetadata } from "./vocabulary/index.ts";
import { startAnalysisWorkers } from "./workers/index.ts";
import type { ThreadLimits } from "./workers/index.ts";

export interface SourceFile {
  /** Relative to the subject's root, forward slashes. */
  readonly path: string;
  readonly bytes: Uint8Array;
  /** build: it says how the subject's extensions are built, and is no code of its own. */
  readonly role?: "build";
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
  readonly linked: LinkedProgram;
  /** All that the rules said, where it is more than what is left of it. */
  readonly said: readonly Hazard[] | undefined;
}

/** The facts of every module, and what else is needed to make a program of them and to search it. */
export interface AnalyzedFiles {
  readonly files: readonly SourceFile[];
  readonly sources: readonly ProgramSource[];
  readonly rules: ProgramRules;
  readonly analysis: ProgramAnalysis;
  readonly textOf: Program["textOf"];
}

/**
 * The same result as `auditSources`, whatever is stored and however many threads share the work.
 * @throws UserError when an option names a rule that does not exist
 */
export async function auditFiles(all: readonly SourceFile[], run: AuditRun = {}): Promise<StoredAudit> {
  return linkAnalyzed(await analyzeFiles(all, run));
}

/** @throws UserError when an option names a rule that does not exist */
export async function analyzeFiles(all: readonly SourceFile[], run: AuditRun): Promise<AnalyzedFiles> {
  const rules = selectRules(run.rules);
  const sources = sourcesOf(all, run.importPrefix);
  const files: UnparsedFile[] = sources.filter(isProgramSource);
  const workers = startAnalysisWorkers({ files, lockNames: run.lockNames ?? [] }, run);
  try {
    return { files, sources, rules, analysis: await analyzeProgram(files, workers, run.stored ?? new Map()), textOf: excerptReader(files) };
  } finally {
    workers.stop();
  }
}

export function linkAnalyzed(analyzed: AnalyzedFiles): StoredAudit {
  const { analysis, sources, rules, textOf } = analyzed;
  const linked = linkProgram(
    analysis.modules.map(({ facts }) => facts.value),
    textOf,
  );
  const { program, counts } = linked;
  const { hazards, said } = findProgramHazards(program, sources, rules);
  return { program, linked, said, analysis, ...outcomeOf(analyzed, hazards, counts) };
}

export function outcomeOf({ files, analysis }: AnalyzedFiles, hazards: readonly Hazard[], counts: FactCounts): AuditOutcome {
  const problems = analysis.modules.flatMap(({ outline: { problem } }, index) => (problem ? [notParsed(files[index] as SourceFile, problem)] : []));
  const failures = analysis.failures.map((failure): Notification => ({
    level: "warning",
    message: `an analysis thread failed, its share was done without it: ${failure}`,
  }));
  const lines = analysis.modules.reduce((sum, { outline }) => sum + outline.lines, 0);
  const coverage = coverageOf(files.length, problems.length, lines, counts);
  const remarks = analysis.modules.flatMap(({ outline }) => outline.notes as Remark[]);
  return { hazards, remarks, coverage, notifications: [...problems, ...failures] };
}

function notParsed({ path }: SourceFile, { message, line }: { readonly message: string; readonly line: number }): Notification {
  return { level: "warning", message: `does not parse completely: ${message}`, file: path, line };
}

/** @throws UserError when an option names a rule that does not exist */
export function auditSources(all: readonly SourceFile[], options: AuditOptions = {}): AuditResult {
  const selected = selectRules(options.rules);
  const sources = sourcesOf(all, options.importPrefix);
  const files = sources.filter(isProgramSource);
  const names = createNameTable();
  const notifications: Notification[] = [];
  let lines = 0;
  let filesWithErrors = 0;
  const remarks: Remark[] = [];
  const parsed: ParsedFile[] = files.map(({ path, modulePath, bytes }) => {
    const tree = parseModule(path, bytes, names);
    lines += tree.lineStarts.length;
    for (const remark of collectRemarks(path, tree)) remarks.push(remark);
    const problem = tree.problems[0];
    if (problem) {
      filesWithErrors++;
      notifications.push(notParsed({ path, bytes }, { message: problem.message, line: lineAt(tree, problem.offset) }));
    }
    return { path, modulePath, tree };
  });
  const { program, counts } = extractProgram(parsed, { isLockName: options.isLockName });
  const { hazards } = findProgramHazards(program, sources, selected);
  return { program, hazards, remarks, coverage: coverageOf(files.length, filesWithErrors, lines, counts), notifications };
}

function sourcesOf(files: readonly SourceFile[], prefix = ""): ProgramSource[] {
  return files.map((file) => ({ ...file, modulePath: modulePathOf(file.path, prefix) }));
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

function selectRules(selectors: readonly string[] | undefined): ProgramRules {
  if (!selectors) return { python: allRules, cython: cythonRules };
  const ids = new Set(ruleIdsFor(selectors));
  const isSelected = ({ metadata }: { readonly metadata: RuleMetadata }): boolean => ids.has(metadata.id);
  return { python: allRules.filter(isSelected), cython: cythonRules.filter(isSelected) };
}

function coverageOf(files: number, filesWithErrors: number, lines: number, counts: FactCounts): Coverage {
  return { files, filesWithErrors, lines, ...counts };
}
