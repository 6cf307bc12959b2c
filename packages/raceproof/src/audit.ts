// Files in, hazards with their denominators out: the static half of the corridor, without disk or network.
import { extractProgram } from "./facts/index.ts";
import type { FactCounts, ParsedFile } from "./facts/index.ts";
import { findHazards } from "./hazards/index.ts";
import { rules as allRules } from "./rules/index.ts";
import { createNameTable, lineAt, parsePython } from "./sources/index.ts";
import { collectRemarks } from "./suppressions/index.ts";
import type { Remark } from "./suppressions/index.ts";
import { adviseOnRule, matchRules, UserError } from "./vocabulary/index.ts";
import type { Coverage, Hazard, Notification, Program, Rule } from "./vocabulary/index.ts";

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
      notifications.push({ level: "warning", message: `does not parse completely: ${problem.message}`, file: path, line: lineAt(tree, problem.offset) });
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
  const ids = allRules.map((rule) => rule.metadata.id);
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
