// Files and parts that analyze in, the facts of every module out. What the store holds is taken from it where every answer it rests
// on would still be the same; the rest is shared out among the parts.
import { createHash, hash } from "node:crypto";
import type { AnalysisPart, AnalysisReplies, AnalysisRequest } from "./analysis-part.ts";
import type { LocalPart } from "./analysis-part.ts";
import { AttributeOwners } from "./declarations/attribute-owners.ts";
import { moduleNameOf } from "./declarations/module-names.ts";
import { PassedValues } from "./evaluation/passed-values.ts";
import type { PassedValue } from "./evaluation/passed-values.ts";
import type { Consulted, Outline, UnparsedFile } from "./module-analysis.ts";
import { ModuleAnswers } from "./module-answers.ts";
import type { ModuleFacts } from "./module-facts.ts";

/** What an earlier run found out about one file, with a fingerprint of all answers each part rests on. */
export interface StoredModule {
  readonly digest: string;
  readonly outline: Outline;
  readonly passed: Rested<readonly PassedValue[]>;
  readonly facts: Rested<ModuleFacts>;
}

export interface Rested<T> {
  readonly value: T;
  readonly consulted: Consulted;
  readonly fingerprint: string;
}

export interface ProgramAnalysis {
  /** By position of the file. */
  readonly modules: readonly StoredModule[];
  /** Modules whose facts were made in this run. */
  readonly analyzed: number;
  /** What failed in another thread and was done here instead. */
  readonly failures: readonly string[];
}

export interface Analysts {
  readonly local: LocalPart;
  /** Parts that work elsewhere at the same time. */
  readonly others: readonly AnalysisPart[];
  /** Less than this many bytes of source are not shared out. */
  readonly worthSharing: number;
}

/** `stored` by path. */
export async function analyzeProgram(files: readonly UnparsedFile[], analysts: Analysts, stored: ReadonlyMap<string, StoredModule>): Promise<ProgramAnalysis> {
  const digests = digestsOf(files);
  const known = files.map(({ path }, index) => (stored.get(path)?.digest === digests[index] ? stored.get(path) : undefined));
  const team = new Team(files, analysts);
  const outlines = await completed(
    files,
    (index) => known[index]?.outline,
    (modules) => team.answer({ want: "outlines", modules }),
  );

  const attributes = outlines.flatMap((outline) => outline.attributes);
  const owners = new AttributeOwners(attributes);
  const modulesAnswer = new ModuleAnswers(files, outlines);
  const attribute = (name: string): string => owners.onlyClassWith(name) ?? "";
  const judgeCalls = new Judge({ modules: modulesAnswer, attribute, parameter: () => "" });
  const passed = await completed(
    files,
    (index) => judgeCalls.stillGood(known[index]?.passed),
    async (modules) => (await team.answer({ want: "passed", modules, attributes })).map(({ passed: value, consulted }) => judgeCalls.rested(value, consulted)),
  );

  const all = passed.flatMap(({ value }) => value);
  const table = new PassedValues(all);
  const judgeFacts = new Judge({ modules: modulesAnswer, attribute, parameter: (key) => table.answersFor(key) });
  let analyzed = 0;
  const facts = await completed(
    files,
    (index) => judgeFacts.stillGood(known[index]?.facts),
    async (modules) => {
      analyzed = modules.length;
      const made = await team.answer({ want: "facts", modules, attributes, passed: all });
      return made.map(({ facts: value, consulted }) => judgeFacts.rested(value, consulted));
    },
  );
  const modules = files.map((_, index): StoredModule => {
    const before = known[index];
    // The very object that was stored says that there is nothing new to store.
    if (before && before.passed === passed[index] && before.facts === facts[index]) return before;
    return {
      digest: digests[index] as string,
      outline: outlines[index] as Outline,
      passed: passed[index] as StoredModule["passed"],
      facts: facts[index] as StoredModule["facts"],
    };
  });
  return { modules, analyzed, failures: team.failures };
}

/** For every file what is known of it, or what `make` gives for those of which nothing is. */
async function completed<T>(
  files: readonly unknown[],
  knownAt: (index: number) => T | undefined,
  make: (missing: readonly number[]) => Promise<readonly T[]>,
): Promise<T[]> {
  const values = files.map((_, index) => knownAt(index));
  const missing = values.flatMap((value, index) => (value === undefined ? [index] : []));
  const made = missing.length > 0 ? await make(missing) : [];
  missing.forEach((index, order) => (values[index] = made[order]));
  return values as T[];
}

function digestOf({ modulePath, bytes }: UnparsedFile): string {
  return createHash("sha256").update(modulePath).update("\0").update(bytes).digest("base64");
}

/** Of each file; files of one module name count as one, for what they declare depends on one another. */
function digestsOf(files: readonly UnparsedFile[]): string[] {
  const names = files.map(({ modulePath }) => moduleNameOf(modulePath));
  const byName = new Map<string, string>();
  files.forEach((file, index) => {
    const name = names[index] as string;
    byName.set(name, (byName.get(name) ?? "") + digestOf(file));
  });
  return names.map((name) => byName.get(name) as string);
}

interface Answers {
  readonly modules: ModuleAnswers;
  readonly attribute: (name: string) => string;
  readonly parameter: (functionKey: string) => string;
}

/** Compares what was answered when something was found out with what would be answered now. */
class Judge {
  private readonly answers: Answers;

  constructor(answers: Answers) {
    this.answers = answers;
  }

  rested<T>(value: T, consulted: Consulted): Rested<T> {
    return { value, consulted, fingerprint: this.fingerprintOf(consulted) };
  }

  stillGood<T>(rested: Rested<T> | undefined): Rested<T> | undefined {
    return rested && rested.fingerprint === this.fingerprintOf(rested.consulted) ? rested : undefined;
  }

  private fingerprintOf({ modules, names, attributes, parameters }: Consulted): string {
    const texts = [
      ...modules.map((name) => `${name}=${this.answers.modules.module(name)}`),
      ...names.map((key) => `${key}=${this.answers.modules.name(key)}`),
      ...attributes.map((name) => `${name}=${this.answers.attribute(name)}`),
      ...parameters.map((key) => `${key}=${this.answers.parameter(key)}`),
    ];
    return hash("sha256", texts.join("\n"), "base64");
  }
}

/** The parts together. What one of them fails to do is done in this thread. */
class Team {
  readonly failures: string[] = [];
  private readonly files: readonly UnparsedFile[];
  private readonly parts: readonly AnalysisPart[];
  private readonly local: LocalPart;
  private readonly worthSharing: number;

  constructor(files: readonly UnparsedFile[], { local, others, worthSharing }: Analysts) {
    this.files = files;
    this.worthSharing = worthSharing;
    this.local = local;
    this.parts = [...others, this.local];
  }

  async answer<Want extends AnalysisRequest["want"]>(request: Extract<AnalysisRequest, { want: Want }>): Promise<AnalysisReplies[Want][number][]> {
    const sizeOf = (index: number): number => this.files[index]?.bytes.length ?? 0;
    const total = request.modules.reduce((sum, index) => sum + sizeOf(index), 0);
    if (total < this.worthSharing) return [...(await this.local.answer(request))];
    const shares = sharesOf(request.modules, sizeOf, this.parts.length);
    // The part in this thread comes last: the others work while it does.
    const replies = shares.map((modules, order) => this.answerShare<Want>(this.parts[order] as AnalysisPart, { ...request, modules } as typeof request));
    return (await Promise.all(replies)).flat();
  }

  /** A part that died says the same whenever it is asked again. */
  private noteFailure(message: string): void {
    if (!this.failures.includes(message)) this.failures.push(message);
  }

  private async answerShare<Want extends AnalysisRequest["want"]>(
    part: AnalysisPart,
    request: Extract<AnalysisRequest, { want: Want }>,
  ): Promise<AnalysisReplies[Want]> {
    if (request.modules.length === 0) return [] as unknown as AnalysisReplies[Want];
    try {
      return await part.answer(request);
    } catch (error) {
      if (part === this.local) throw error;
      this.noteFailure((error as Error).message);
      return await this.local.answer(request);
    }
  }
}

/** Neighbors together, about as many bytes in each share. */
function sharesOf(modules: readonly number[], sizeOf: (index: number) => number, count: number): number[][] {
  const total = modules.reduce((sum, index) => sum + sizeOf(index), 0);
  const shares: number[][] = Array.from({ length: count }, () => []);
  let before = 0;
  for (const index of modules) {
    shares[Math.min(count - 1, Math.floor((before * count) / Math.max(1, total)))]?.push(index);
    before += sizeOf(index);
  }
  return shares;
}
