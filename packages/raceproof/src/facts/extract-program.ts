// Parsed files in, the Program that rules read out: declarations, evaluation and extraction per module, then linking.
import type { Program, SourceSpan } from "../vocabulary/index.ts";
import { collectDeclarations } from "./declarations/collect-declarations.ts";
import type { ParsedFile } from "./declarations/collect-declarations.ts";
import { lineage } from "./evaluation/class-hierarchy.ts";
import { Evaluator } from "./evaluation/evaluator.ts";
import { extractModule } from "./extraction/extract-module.ts";
import { NeverReturning } from "./extraction/never-returns.ts";
import { linkProgram } from "./linking/link-program.ts";
import type { LinkedProgram } from "./linking/link-program.ts";
import type { ModuleFacts } from "./module-facts.ts";

/** Builds the facts of one program: what is not among `files` is external. */
export function extractProgram(files: readonly ParsedFile[]): LinkedProgram {
  return linkProgram(extractModules(files), sourceReader(files));
}

/** The facts of every file, in order: plain data, self-contained. */
export function extractModules(files: readonly ParsedFile[]): ModuleFacts[] {
  const declarations = collectDeclarations(files);
  const evaluator = new Evaluator(declarations);
  // Hierarchies first: whatever asks for one in the middle of an evaluation then finds it complete.
  for (const cls of declarations.classes.values()) lineage(evaluator, cls);
  const never = new NeverReturning(evaluator);
  return declarations.files.map((module) => extractModule(evaluator, module, never));
}

function sourceReader(files: readonly ParsedFile[]): Program["sourceOf"] {
  const trees = new Map(files.map(({ path, tree }) => [path, tree]));
  const decoder = new TextDecoder();
  return (span: SourceSpan) => {
    const tree = trees.get(span.file);
    if (!tree) return "";
    const from = (tree.lineStarts[span.line - 1] ?? 0) + span.column;
    const to = (tree.lineStarts[span.endLine - 1] ?? 0) + span.endColumn;
    return decoder.decode(tree.source.subarray(from, to)).replaceAll(/\s+/g, " ");
  };
}
