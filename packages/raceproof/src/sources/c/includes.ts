// What `#include` does: brings in text, or the macros of a guarded header.
// What enters: the operand of an include and who wrote it. What leaves: text read through the reader, effects on the macros, units of headers.
import type { MacroTable, HeaderRecord } from "./macro-table.ts";
import type { CFile, PreprocessedUnit } from "./preprocessed-file.ts";

/** What translation units of one configuration share. */
export interface SharedHeaders {
  /** Paths by file number. */
  readonly paths: readonly string[];
  readonly findFile: (name: string, includer: string) => CFile | undefined;
  readonly fileAt: (path: string) => CFile;
  /** Guarded headers read so far, by path: more than one where macros of their includers make a difference. */
  readonly headers: Map<string, PreprocessedUnit[]>;
  /** How often the text of a file became part of another. */
  readonly inlined: Map<string, number>;
  readonly missing: Set<string>;
}

/** A file without a guard whose text so many others contain is read once from then on, like a guarded one. */
const mostInlined = 24;
const deepestInclude = 60;
/** Ways to read one header; its next includers get the macros of the last. */
const mostVariants = 12;

/** Whoever reads the files. */
export interface IncludeReader {
  /** Reads a file as a part of the one being read. */
  readonly readFile: (file: CFile) => void;
  /** Reads a header for itself. */
  readonly readUnit: (file: CFile) => PreprocessedUnit;
}

/** What the unit being read includes, directly. */
export interface UnitIncludes {
  readonly includes: Set<string>;
  readonly inlined: Set<string>;
}

export class Includes {
  private readonly shared: SharedHeaders;
  private readonly macros: MacroTable;
  private readonly reader: IncludeReader;
  private readonly seen: Set<string> = new Set();
  /** Files being read, from the root inward. */
  private readonly open: string[] = [];

  constructor(shared: SharedHeaders, macros: MacroTable, reader: IncludeReader) {
    this.shared = shared;
    this.macros = macros;
    this.reader = reader;
  }

  enter({ path }: CFile): void {
    this.open.push(path);
    this.seen.add(path);
  }

  leave(): void {
    this.open.pop();
  }

  include(operand: string, unit: UnitIncludes): void {
    const file = this.find(operand);
    if (file === undefined || this.open.includes(file.path) || this.open.length > deepestInclude) return;
    const times = this.shared.inlined.get(file.path) ?? 0;
    if (file.isGuarded || times >= mostInlined) {
      unit.includes.add(file.path);
      this.includeOnce(file);
    } else {
      this.shared.inlined.set(file.path, times + 1);
      unit.inlined.add(file.path);
      this.reader.readFile(file);
    }
  }

  private find(operand: string): CFile | undefined {
    const [, quoted, bracketed] = /^\s*(?:"([^"\n]+)"|<([^>\n]+)>)/.exec(operand) ?? /^\s*"([^"]+)"/.exec(this.expand(operand)) ?? [];
    const name = quoted ?? bracketed;
    const file = name === undefined ? undefined : this.shared.findFile(name, this.open.at(-1) ?? "");
    if (file === undefined && quoted !== undefined) this.shared.missing.add(quoted);
    return file;
  }

  /** `#include MACRO` */
  private expand(operand: string): string {
    return this.macros.ask(operand.trim())?.body[0]?.text ?? "";
  }

  private includeOnce(file: CFile): void {
    this.macros.noteInclude(file.path);
    if (this.seen.has(file.path)) return;
    this.seen.add(file.path);
    const known = this.shared.headers.get(file.path) ?? [];
    this.shared.headers.set(file.path, known);
    const alike = known.find(({ record }) => this.macros.answersAlike(record)) ?? known[mostVariants - 1];
    if (alike === undefined) known.push(this.reader.readUnit(file));
    else this.repeat(alike.record);
  }

  private repeat({ effects }: HeaderRecord): void {
    for (const effect of effects) {
      if (effect.kind === "define") this.macros.define(effect.macro);
      else if (effect.kind === "undefine") this.macros.undefine(effect.name);
      else this.includeOnce(this.shared.fileAt(effect.path));
    }
  }
}
