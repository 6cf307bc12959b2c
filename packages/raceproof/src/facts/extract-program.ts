// Parsed files in, the Program that rules read out: declarations, evaluation and extraction per module, then linking.
import { excerptOf } from "../sources/index.ts";
import type { Program, SourceSpan } from "../vocabulary/index.ts";
import { AttributeOwners, attributesIn } from "./declarations/attribute-owners.ts";
import type { ParsedFile } from "./declarations/collect-declarations.ts";
import type { Declarations, ModuleDeclaration } from "./declarations/declarations.ts";
import { ProgramDeclarations } from "./declarations/program-declarations.ts";
import { Evaluator } from "./evaluation/evaluator.ts";
import { PassedValues } from "./evaluation/passed-values.ts";
import { extractModule } from "./extraction/extract-module.ts";
import { extractPassedValues } from "./extraction/extract-passed-values.ts";
import { linkProgram } from "./linking/link-program.ts";
import type { LinkedProgram } from "./linking/link-program.ts";
import type { ModuleFacts } from "./module-facts.ts";

export interface FactOptions {
  /** Names that are locks although nothing in the program shows it. */
  readonly isLockName?: ((name: string) => boolean) | undefined;
}

/** Builds the facts of one program: what is not among `files` is external. */
export function extractProgram(files: readonly ParsedFile[], options: FactOptions = {}): LinkedProgram {
  return linkProgram(extractModules(files, options), textReader(files));
}

/** The facts of every file, in order: plain data, self-contained. */
function extractModules(files: readonly ParsedFile[], options: FactOptions): ModuleFacts[] {
  const { declarations, modules, passed } = declareProgram(files, options);
  return modules.map((module) => extractModule(new Evaluator(declarations, module, passed), module));
}

interface DeclaredProgram {
  readonly declarations: Declarations;
  readonly modules: readonly ModuleDeclaration[];
  readonly passed: PassedValues;
}

/** Everything an evaluator needs to know of a whole program. */
export function declareProgram(files: readonly ParsedFile[], { isLockName }: FactOptions = {}): DeclaredProgram {
  let owners = new AttributeOwners([]);
  const declarations = new ProgramDeclarations(
    files.map((file) => ({ ...file, parse: () => file.tree })),
    (attribute) => owners.onlyClassWith(attribute),
    isLockName,
  );
  const modules = files.map(({ path }) => declarations.moduleOfFile(path) as ModuleDeclaration);
  owners = new AttributeOwners(modules.flatMap(attributesIn));
  const passed = new PassedValues(modules.flatMap((module) => extractPassedValues(new Evaluator(declarations, module), module)));
  return { declarations, modules, passed };
}

function textReader(files: readonly ParsedFile[]): Program["textOf"] {
  const trees = new Map(files.map(({ path, tree }) => [path, tree]));
  return (span: SourceSpan) => {
    const tree = trees.get(span.file);
    return tree ? excerptOf(tree, span) : "";
  };
}
