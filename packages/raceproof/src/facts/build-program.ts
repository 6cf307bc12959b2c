// Parsed files in, the Program that rules read out: declarations, evaluation, extraction, call graph, effects, joined.
import { methodsThatNameTheKind } from "../models/index.ts";
import type { AccessFact, ContainerKind, FunctionFact, LocationFact, Program, SourceSpan } from "../vocabulary/index.ts";
import { assembleFunctions } from "./assemble-functions.ts";
import { buildCallGraph } from "./call-graph.ts";
import { classFactsOf } from "./class-facts.ts";
import { lineage } from "./class-hierarchy.ts";
import { collectDeclarations } from "./collect-declarations.ts";
import type { ParsedFile } from "./collect-declarations.ts";
import type { Declarations } from "./declarations.ts";
import { summarizeEffects } from "./effects.ts";
import { Evaluator } from "./evaluator.ts";
import { extractFunction } from "./extract-function.ts";
import { countFacts } from "./fact-counts.ts";
import type { FactCounts } from "./fact-counts.ts";
import { locksAroundCallsOf } from "./lent-locks.ts";
import { NeverReturning } from "./never-returns.ts";

export interface ExtractedProgram {
  readonly program: Program;
  readonly counts: FactCounts;
}

/** Builds the facts of one program: what is not among `files` is external. */
export function extractProgram(files: readonly ParsedFile[]): ExtractedProgram {
  const declarations = collectDeclarations(files);
  const evaluator = new Evaluator(declarations);
  // Hierarchies first: whatever asks for one in the middle of an evaluation then finds it complete.
  for (const cls of declarations.classes.values()) lineage(evaluator, cls);
  const never = new NeverReturning(evaluator);
  const raw = declarations.functions.map((fn) =>
    extractFunction(evaluator, fn, { neverReturns: (call) => never.isCall(fn, call), heldOnEntry: locksAroundCallsOf(evaluator, fn) }),
  );
  const functions = assembleFunctions(evaluator, raw, buildCallGraph(raw), never);
  const classes = classFactsOf(evaluator, declarations, raw);
  const program: Program = {
    functions,
    classes,
    locations: locationsOf(functions),
    effectsOf: summarizeEffects(functions),
    sourceOf: sourceReader(declarations),
    lineageOf: (key) => {
      const cls = declarations.classes.get(key);
      return cls ? lineage(evaluator, cls).flatMap((each) => classes.get(each.key) ?? []) : [];
    },
  };
  return { program, counts: countFacts(raw, functions, classes.size) };
}

function sourceReader(declarations: Declarations): (span: SourceSpan) => string {
  const trees = new Map(declarations.functions.map(({ module }) => [module.file, module.tree]));
  const decoder = new TextDecoder();
  return (span) => {
    const tree = trees.get(span.file);
    if (!tree) return "";
    const from = (tree.lineStarts[span.line - 1] ?? 0) + span.column;
    const to = (tree.lineStarts[span.endLine - 1] ?? 0) + span.endColumn;
    return decoder.decode(tree.source.subarray(from, to)).replaceAll(/\s+/g, " ");
  };
}

function locationsOf(functions: readonly FunctionFact[]): Map<string, LocationFact> {
  const accesses = new Map<string, AccessFact[]>();
  for (const fn of functions) {
    for (const access of fn.accesses) {
      const known = accesses.get(access.location.key);
      if (known) known.push(access);
      else accesses.set(access.location.key, [access]);
    }
  }
  const out = new Map<string, LocationFact>();
  for (const [key, list] of accesses) {
    out.set(key, { location: (list[0] as AccessFact).location, container: kindOf(list), accesses: list });
  }
  return out;
}

/** What the accesses know of the value; a method that only one kind of container has speaks for an unknown one. */
function kindOf(accesses: readonly AccessFact[]): ContainerKind {
  const known = accesses.find((access) => access.container !== "unknown" && access.container !== "none");
  if (known) return known.container;
  return accesses.map((access) => methodsThatNameTheKind.get(access.operation)).find((kind) => kind !== undefined) ?? "unknown";
}
