// Files in, hazards with their denominators out: the static half of the corridor, without disk or network.
import { extractProgram } from "./facts/index.ts";
import type { FactCounts, ParsedFile } from "./facts/index.ts";
import { findHazards } from "./hazards/index.ts";
import { rules as allRules } from "./rules/index.ts";
import { createNameTable, lineAt, parsePython } from "./sources/index.ts";
import { UserError } from "./vocabulary/index.ts";
import type { Coverage, Hazard, Notification, Program, Rule } from "./vocabulary/index.ts";

export interface SourceFile {
  /** Relative to the subject's root, forward slashes. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

export interface AuditOptions {
  /** Rule ids; all when absent. */
  readonly rules?: readonly string[];
  /** Folder below the root that module names start at: "src" in a src layout. */
  readonly importPrefix?: string;
}

export interface AuditResult {
  readonly program: Program;
  readonly hazards: readonly Hazard[];
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
  const parsed: ParsedFile[] = files.map(({ path, bytes }) => {
    const tree = parsePython(bytes, names);
    lines += tree.lineStarts.length;
    const problem = tree.problems[0];
    if (problem) {
      filesWithErrors++;
      notifications.push({ level: "warning", message: `does not parse completely: ${problem.message}`, file: path, line: lineAt(tree, problem.offset) });
    }
    return { path, modulePath: modulePathOf(path, options.importPrefix ?? ""), tree };
  });
  const { program, counts } = extractProgram(parsed);
  return { program, hazards: findHazards(program, selected), coverage: coverageOf(files.length, filesWithErrors, lines, counts), notifications };
}

function modulePathOf(path: string, prefix: string): string {
  return prefix !== "" && path.startsWith(`${prefix}/`) ? path.slice(prefix.length + 1) : path;
}

function selectRules(ids: readonly string[] | undefined): readonly Rule[] {
  if (!ids) return allRules;
  return ids.map((id) => {
    const rule = allRules.find((each) => each.metadata.id === id);
    if (!rule) throw new UserError(`there is no rule "${id}"`, `choose from: ${allRules.map((each) => each.metadata.id).join(", ")}`);
    return rule;
  });
}

function coverageOf(files: number, filesWithErrors: number, lines: number, counts: FactCounts): Coverage {
  return { files, filesWithErrors, lines, ...counts };
}
