// The files of a program in, answers about single modules out, as plain data: what each declares, what its calls pass, its facts.
// Every answer depends on the module, on what is asked with it, and on what it says it consulted: any thread gives the same.
import { createNameTable, lineAt, parseModule } from "../sources/index.ts";
import type { SyntaxTree } from "../sources/index.ts";
import { AttributeOwners, attributesIn } from "./declarations/attribute-owners.ts";
import type { ClassAttributes } from "./declarations/attribute-owners.ts";
import type { ModuleDeclaration } from "./declarations/declarations.ts";
import { namedStatements } from "./declarations/named-statements.ts";
import type { NamedStatements } from "./declarations/named-statements.ts";
import { ProgramDeclarations } from "./declarations/program-declarations.ts";
import type { Consultation } from "./evaluation/consultation.ts";
import { Evaluator } from "./evaluation/evaluator.ts";
import { PassedValues } from "./evaluation/passed-values.ts";
import type { PassedValue } from "./evaluation/passed-values.ts";
import { extractModule } from "./extraction/extract-module.ts";
import { extractPassedValues } from "./extraction/extract-passed-values.ts";
import type { ModuleFacts } from "./module-facts.ts";

/** A file of the subject that no one has parsed yet. */
export interface UnparsedFile {
  /** Path relative to the subject's root, forward slashes: what spans say. */
  readonly path: string;
  /** Path relative to the import root: names the module. */
  readonly modulePath: string;
  readonly bytes: Uint8Array;
}

/** What a file says by itself. */
export interface Outline {
  readonly attributes: readonly ClassAttributes[];
  /** What it says about each name, for others to see whether that is as it was. */
  readonly named: NamedStatements;
  readonly lines: number;
  /** What `readTree` gave. */
  readonly notes: unknown;
  /** The first place that does not parse. */
  readonly problem: { readonly message: string; readonly line: number } | undefined;
}

/** Names of what was asked of the rest of the program on the way to an answer. */
export interface Consulted {
  readonly modules: readonly string[];
  readonly names: readonly string[];
  readonly attributes: readonly string[];
  readonly parameters: readonly string[];
}

export interface PassedByModule {
  readonly passed: readonly PassedValue[];
  readonly consulted: Consulted;
}

export interface FactsOfModule {
  readonly facts: ModuleFacts;
  readonly consulted: Consulted;
}

export interface AnalysisOptions {
  /** Names that are locks although nothing in the program shows it. */
  readonly isLockName?: ((name: string) => boolean) | undefined;
  /** Takes what another room wants from a tree while it is there, as plain data. */
  readonly readTree?: ((path: string, tree: SyntaxTree) => unknown) | undefined;
}

/** Trees and declarations of this many bytes of source are kept; then they are dropped and made again when needed. */
const mostBytesParsed = 24 * 1024 * 1024;

export class ModuleAnalysis {
  private readonly files: readonly UnparsedFile[];
  private readonly options: AnalysisOptions;
  private owners = new AttributeOwners([]);
  private passed = new PassedValues([]);
  private declarations: ProgramDeclarations;
  private bytesParsed = 0;

  constructor(files: readonly UnparsedFile[], options: AnalysisOptions) {
    this.files = files;
    this.options = options;
    this.declarations = this.declareNothing();
  }

  outline(index: number): Outline {
    const module = this.moduleAt(index);
    const problem = module.tree.problems[0];
    return {
      attributes: attributesIn(module),
      named: namedStatements(module),
      lines: module.tree.lineStarts.length,
      notes: this.options.readTree?.(module.file, module.tree),
      problem: problem && { message: problem.message, line: lineAt(module.tree, problem.offset) },
    };
  }

  /** Attributes of all classes of the program, in the order of the files. */
  learnAttributes(classes: Iterable<ClassAttributes>): void {
    this.owners = new AttributeOwners(classes);
  }

  /** Needs to have learned the attributes. */
  passedBy(index: number): PassedByModule {
    const module = this.moduleAt(index);
    const evaluator = new Evaluator(this.declarations, module);
    return { passed: extractPassedValues(evaluator, module), consulted: plainConsultation(evaluator.consulted) };
  }

  /** What all calls of the program pass, in the order of the files. */
  learnPassedValues(passed: Iterable<PassedValue>): void {
    this.passed = new PassedValues(passed);
  }

  /** Needs to have learned the attributes and the passed values. */
  factsOf(index: number): FactsOfModule {
    const module = this.moduleAt(index);
    const evaluator = new Evaluator(this.declarations, module, this.passed);
    return { facts: extractModule(evaluator, module), consulted: plainConsultation(evaluator.consulted) };
  }

  private moduleAt(index: number): ModuleDeclaration {
    if (this.bytesParsed > mostBytesParsed) this.declarations = this.declareNothing();
    return this.declarations.moduleOfFile((this.files[index] as UnparsedFile).path) as ModuleDeclaration;
  }

  private declareNothing(): ProgramDeclarations {
    this.bytesParsed = 0;
    const names = createNameTable();
    const parse = (path: string, bytes: Uint8Array): SyntaxTree => {
      this.bytesParsed += bytes.length;
      return parseModule(path, bytes, names);
    };
    return new ProgramDeclarations(
      this.files.map(({ path, modulePath, bytes }) => ({ path, modulePath, parse: () => parse(path, bytes) })),
      (attribute) => this.owners.onlyClassWith(attribute),
      this.options.isLockName,
    );
  }
}

function plainConsultation({ modules, names, attributes, parameters }: Consultation): Consulted {
  return { modules: [...modules], names: [...names], attributes: [...attributes], parameters: [...parameters] };
}
