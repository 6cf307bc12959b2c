// One C file with everything it includes, in the order a compiler reads it.
// What enters: a root file and what is known of headers read before. What leaves: a PreprocessedUnit for the root and for each guarded header read
// for the first time. Text of headers without a guard becomes part of whoever includes them.
import { buildFeature } from "./build-features.ts";
import { Conditionals } from "./conditionals.ts";
import { ArgumentCollector, Expander, ExpansionLimit, fitArguments } from "./expand-macro.ts";
import { ExpandedText } from "./expanded-text.ts";
import { characterClass, Class } from "./character-class.ts";
import { readMacro, tokenAt, type Macro, type Token } from "./macro.ts";
import { Includes, type SharedHeaders } from "./includes.ts";
import { MacroTable } from "./macro-table.ts";
import type { PredefinedMacros } from "./predefined-macros.ts";
import type { CFile, PreprocessedUnit } from "./preprocessed-file.ts";
import { Scanner, TokenKind } from "./scanner.ts";

/** Expansion stops when a unit has become this many times as long as its file (and not short): nothing real does. */
const largestGrowth = 40;
const growthFloor = 4_000_000;
/** Tokens that may be read in vain for closing parentheses that are missing. */
const mostWasted = 1_000_000;
const mostTails = 60;

interface OpenUnit {
  readonly file: CFile;
  readonly output: ExpandedText;
  readonly includes: Set<string>;
  readonly inlined: Set<string>;
  readonly constants: Map<string, string>;
}

export class TranslationUnit {
  private readonly shared: SharedHeaders;
  private readonly language: "c" | "cpp";
  private readonly macros: MacroTable;
  private readonly expander: Expander;
  private readonly includes: Includes;
  private unit!: OpenUnit;
  private file!: CFile;
  private scanner!: Scanner;
  private conditionals!: Conditionals;
  /** Last character written that is no space. */
  private last = ";";
  private wasted = 0;

  constructor(shared: SharedHeaders, language: "c" | "cpp", predefined: PredefinedMacros) {
    this.shared = shared;
    this.language = language;
    this.macros = new MacroTable(predefined);
    this.expander = new Expander((name) => this.macros.find(name));
    this.includes = new Includes(shared, this.macros, { readFile: (file) => this.readFile(file), readUnit: (file) => this.readUnit(file) });
  }

  /** The root, to begin with; guarded headers within it. */
  readUnit(file: CFile): PreprocessedUnit {
    const { unit: outer, last } = this;
    const unit = { file, output: new ExpandedText(), includes: new Set<string>(), inlined: new Set<string>(), constants: new Map<string, string>() };
    this.unit = unit;
    this.last = ";";
    this.macros.startRecording();
    this.readFile(file);
    const record = this.macros.endRecording();
    this.unit = outer;
    this.last = last;
    const { includes, inlined, constants } = unit;
    const finished = unit.output.finish(this.shared.paths, file.number);
    return { file, language: this.language, ...finished, includes: [...includes], inlined: [...inlined], constants, record };
  }

  private readFile(file: CFile): void {
    const outer = { file: this.file, scanner: this.scanner, conditionals: this.conditionals };
    this.file = file;
    this.scanner = new Scanner(file.text);
    this.conditionals = new Conditionals(this.scanner, (name) => this.macros.ask(name) ?? buildFeature(name));
    this.includes.enter(file);
    this.readTokens(this.scanner);
    this.includes.leave();
    Object.assign(this, outer);
  }

  private readTokens(scanner: Scanner): void {
    // The stretch of text that goes out as it is.
    let start = -1;
    let end = -1;
    const flush = (): void => {
      if (start >= 0) this.write(start, end);
      start = -1;
    };
    for (;;) {
      scanner.next();
      if (scanner.comment >= 0) flush();
      if (scanner.kind === TokenKind.End) break;
      if (scanner.kind === TokenKind.Directive) {
        flush();
        this.readDirective();
        continue;
      }
      if (scanner.kind === TokenKind.Identifier && this.isMacro(scanner, start < 0 ? this.last : scanner.text[end - 1])) {
        flush();
        if (this.expandHere()) continue;
      }
      if (start < 0) start = this.beginStretch(scanner);
      end = scanner.at;
    }
    flush();
  }

  /** One space before it belongs to a stretch. */
  private beginStretch({ text, start, spaced }: Scanner): number {
    if (!spaced) return start;
    const type = characterClass[text.charCodeAt(start - 1)];
    if (type === Class.space || type === Class.newline) return start - 1;
    this.unit.output.addGap(this.file.number, start - 1, " ");
    return start;
  }

  private write(start: number, end: number): void {
    this.unit.output.addVerbatim(this.file.number, this.file.text, [start, end]);
    this.last = this.file.text[end - 1] as string;
  }

  /** Whether the identifier is to be expanded; constants are noted and stay. */
  private isMacro(scanner: Scanner, before: string | undefined): boolean {
    const name = scanner.word();
    const macro = this.macros.find(name);
    if (macro === undefined) return isUnknownTable(name, before);
    if (!macro.isConstant) return true;
    const { constants } = this.unit;
    if (macro.body.length > 0 && !constants.has(name)) constants.set(name, textOf(macro.body));
    return false;
  }

  /** @returns false when it is no invocation after all: the name stays as it is */
  private expandHere(): boolean {
    const { scanner, file, unit } = this;
    const { start, at } = scanner;
    const name = tokenAt(scanner, file.number);
    const macro = this.macros.find(name.text);
    const tokens = macro === undefined ? emptyTable(name) : this.expansionOf(macro, name);
    if (tokens === undefined) {
      scanner.at = at;
      scanner.start = start;
      scanner.kind = TokenKind.Identifier;
      scanner.spaced = name.spaced;
      return false;
    }
    unit.output.addExpansion(tokens, file.number, start);
    this.last = tokens.at(-1)?.text.at(-1) ?? this.last;
    this.dropSemicolon(tokens.length === 0);
    return true;
  }

  /** Macros with a semicolon of their own are often followed by another, which members of structs cannot be. */
  private dropSemicolon(wasEmpty: boolean): void {
    const isComplete = wasEmpty ? /[;{}]/.test(this.last) : this.last === ";";
    const { scanner } = this;
    const at = scanner.at;
    if (!isComplete) return;
    scanner.next();
    if (scanner.kind !== TokenKind.Punctuator || scanner.word() !== ";") scanner.rewind(at);
  }

  private expansionOf(macro: Macro, name: Token): readonly Token[] | undefined {
    if (this.isExhausted()) return undefined;
    try {
      let tokens = this.invocationOf(macro, name);
      for (let rounds = 0; tokens !== undefined && rounds < mostTails; rounds++) {
        const more = this.expandTail(tokens, name);
        if (more === undefined) break;
        tokens = more;
      }
      return tokens;
    } catch (error) {
      if (error instanceof ExpansionLimit) return undefined;
      throw error;
    }
  }

  /** The last word of an expansion may name a macro whose arguments follow in the text. */
  private expandTail(tokens: readonly Token[], name: Token): readonly Token[] | undefined {
    const tail = tokens.at(-1);
    if (tail?.kind !== TokenKind.Identifier || tail.painted || tail.text === name.text) return undefined;
    const macro = this.macros.find(tail.text);
    if (macro?.parameters === undefined) return undefined;
    const more = this.invocationOf(macro, tail);
    return more && [...tokens.slice(0, -1), ...more];
  }

  private isExhausted(): boolean {
    const { output, file } = this.unit;
    return output.length > growthFloor && output.length > largestGrowth * file.text.length;
  }

  private invocationOf(macro: Macro, name: Token): readonly Token[] | undefined {
    if (macro.parameters === undefined) return this.expander.expandInvocation(macro, name, []);
    const values = this.scanner.isBeforeParenthesis() && this.wasted < mostWasted ? this.readArguments() : undefined;
    return values && this.expander.expandInvocation(macro, name, fitArguments(macro, values));
  }

  private readArguments(): Token[][] | undefined {
    const { scanner, file } = this;
    const collector = new ArgumentCollector();
    scanner.next();
    for (let count = 0; ; count++) {
      scanner.next();
      if (scanner.kind === TokenKind.End) {
        this.wasted += count;
        return undefined;
      }
      if (scanner.kind === TokenKind.Directive) this.readDirective();
      else if (collector.take(tokenAt(scanner, file.number))) return collector.values;
    }
  }

  private readDirective(): void {
    const { scanner } = this;
    const directive = scanner.directiveName();
    if (this.conditionals.read(directive)) return;
    const start = scanner.at;
    const end = scanner.takeLine();
    if (directive === "define") {
      const macro = readMacro({ text: scanner.text, file: this.file.number }, start, end);
      if (macro !== undefined) this.macros.define(macro);
    } else if (directive === "undef") this.macros.undefine(scanner.text.slice(start, end).trim().split(/\W/, 1)[0] ?? "");
    else if (directive === "include" || directive === "include_next" || directive === "import")
      this.includes.include(scanner.text.slice(start, end), this.unit);
  }
}

function textOf(tokens: readonly Token[]): string {
  return tokens.map(({ text, spaced }, index) => (spaced && index > 0 ? ` ${text}` : text)).join("");
}

/** Rows of method tables that Argument Clinic writes into a file that is not there. */
function isUnknownTable(name: string, before: string | undefined): boolean {
  return (before === "{" || before === ",") && /_(?:METHODDEF|GETSETDEF|MEMBERDEF)$/.test(name);
}

function emptyTable({ file, offset, spaced }: Token): readonly Token[] {
  return [{ kind: TokenKind.Text, text: "{0},", spaced, file, offset, painted: false }];
}
