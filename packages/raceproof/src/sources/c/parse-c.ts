// The door of the C front end.
// What enters: the bytes of a subject's C and C++ files, and build configurations. What leaves: a CProgram.
// It does not throw for what files contain: what does not parse is an Error node and counted.
import type { NameTable } from "../syntax-tree.ts";
import type { BuildConfiguration } from "./build-configuration.ts";
import type { CCoverage, CProgram, CSourceFile, CUnit, SourcePlace } from "./c-unit.ts";
import { parseFlat, type FlatTree } from "./parse-text.ts";
import { loadGrammar, type Grammar } from "./grammar.ts";
import { IncludeResolver } from "./include-resolver.ts";
import { originOf, spellingOf, type FileOffset } from "./position-map.ts";
import { cFileOf, type CFile, type PreprocessedUnit } from "./preprocessed-file.ts";
import { preprocessProgram } from "./preprocess-program.ts";
import { repairSections } from "./repair-sections.ts";
import { readLayout } from "./source-layout.ts";

export interface CSourceBytes {
  /** Relative to the subject's root, forward slashes. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

export interface CFrontEnd {
  /** Files of other languages among them are passed over. */
  parse(files: readonly CSourceBytes[], configurations: readonly BuildConfiguration[], names: NameTable): CProgram;
}

/** Loads the grammars; once per process is enough. */
export async function openCFrontEnd(): Promise<CFrontEnd> {
  const grammars = { c: await loadGrammar("c"), cpp: await loadGrammar("cpp") };
  return { parse: (files, configurations, names) => parseProgram({ files, configurations, names, grammars }) };
}

function isCFile(path: string): boolean {
  return /\.(?:c|cc|cpp|cxx|h|hh|hpp|hxx|inc|inl)$/i.test(path);
}

interface Task {
  readonly files: readonly CSourceBytes[];
  readonly configurations: readonly BuildConfiguration[];
  readonly names: NameTable;
  readonly grammars: { readonly c: Grammar; readonly cpp: Grammar };
}

/** A unit that later configurations may give again. */
interface Known {
  readonly unit: Omit<CUnit, "configurations">;
  readonly configurations: string[];
  readonly functions: number;
}

function parseProgram({ files, configurations, names, grammars }: Task): CProgram {
  const sorted = files.filter(({ path }) => isCFile(path)).toSorted((left, right) => (left.path < right.path ? -1 : 1));
  const sources = sorted.map(({ path, bytes }, number) => cFileOf(path, bytes, number));
  const resolver = new IncludeResolver(sources.map(({ path }) => path));
  const known = new Map<string, Known[]>();
  const missing = new Set<string>();
  for (const configuration of configurations) {
    const program = preprocessProgram(sources, resolver, configuration);
    for (const name of program.missingIncludes) missing.add(name);
    for (const preprocessed of program.units) {
      const others = known.get(preprocessed.file.path) ?? [];
      known.set(preprocessed.file.path, others);
      const same = others.find(({ unit }) => isSame(unit, preprocessed));
      if (same !== undefined) same.configurations.push(configuration.name);
      else others.push({ ...parseUnit(preprocessed, grammars[preprocessed.language], names), configurations: [configuration.name] });
    }
  }
  const parsed = [...known.values()].flat();
  const units = parsed.map(({ unit, configurations: given }) => ({ ...unit, configurations: given }));
  const layouts = new Map(sources.map((source) => [source.path, layoutOf(source)]));
  return { configurations, units, files: layouts, coverage: coverageOf(parsed, layouts, missing) };
}

function parseUnit(preprocessed: PreprocessedUnit, grammar: Grammar, names: NameTable): Omit<Known, "configurations"> {
  const { file, language, text, positions, includes, inlined, constants } = preprocessed;
  const { tree, errorBytes, functions } = parseRepaired(text, (candidate) => parseFlat(candidate, language, grammar, names));
  return { unit: { path: file.path, language, origin: file.origin, tree, positions, includes, inlined, constants, errorBytes }, functions };
}

/** With lock sections that do not match repaired, where that leaves less that does not parse. */
function parseRepaired(text: string, parse: (text: string) => FlatTree): FlatTree {
  const first = parse(text);
  const repaired = first.errorBytes === 0 ? text : repairSections(text);
  if (repaired === text) return first;
  const second = parse(repaired);
  return second.errorBytes < first.errorBytes ? second : first;
}

function isSame({ tree, language, positions }: Known["unit"], other: PreprocessedUnit): boolean {
  if (language !== other.language || tree.source.length !== other.text.length || positions.size !== other.positions.size) return false;
  const areSame = (left: Uint32Array, right: Uint32Array): boolean => left.every((value, index) => value === right[index]);
  if (!areSame(positions.offset, other.positions.offset) || !areSame(positions.at, other.positions.at)) return false;
  return tree.ascii === undefined ? Buffer.from(other.text, "latin1").equals(tree.source) : tree.ascii === other.text;
}

function layoutOf({ path, bytes, text, origin }: CFile): CSourceFile {
  return { path, bytes, origin, ...readLayout(text) };
}

function coverageOf(parsed: readonly Omit<Known, "configurations">[], files: ReadonlyMap<string, CSourceFile>, missing: ReadonlySet<string>): CCoverage {
  const total = (count: (known: Omit<Known, "configurations">) => number): number => parsed.reduce((sum, each) => sum + count(each), 0);
  return {
    files: files.size,
    lines: [...files.values()].reduce((sum, { lineStarts }) => sum + lineStarts.length, 0),
    units: parsed.length,
    functions: total(({ functions }) => functions),
    unitsWithErrors: total(({ unit }) => Number(unit.errorBytes > 0)),
    bytes: total(({ unit }) => unit.tree.source.length),
    errorBytes: total(({ unit }) => unit.errorBytes),
    missingIncludes: [...missing].toSorted(),
  };
}

/** The place to show for an offset of a unit's tree: for text out of a macro, where that is invoked. */
export function placeIn(program: CProgram, unit: CUnit, offset: number): SourcePlace {
  return placeOf(program, originOf(unit.positions, offset));
}

/** Where the text itself stands: in the definition of a macro, or in its argument. Undefined for what only the prelude has. */
export function spellingIn(program: CProgram, unit: CUnit, offset: number): SourcePlace | undefined {
  const spelling = spellingOf(unit.positions, offset);
  return spelling && placeOf(program, spelling);
}

function placeOf({ files }: CProgram, { path, offset }: FileOffset): SourcePlace {
  const starts = (files.get(path) as CSourceFile).lineStarts;
  let low = 0;
  let high = starts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((starts[middle] as number) <= offset) low = middle;
    else high = middle;
  }
  return { path, line: low + 1, column: offset - (starts[low] as number), offset };
}
