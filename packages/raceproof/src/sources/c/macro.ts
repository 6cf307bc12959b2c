// Macro definitions, read from the text of `#define` lines only when they are used.
// What enters: the place of a definition. What leaves: its parameters and the tokens of its replacement.
import { Scanner, TokenKind } from "./scanner.ts";

/** A token as macros handle it. */
export interface Token {
  readonly kind: number;
  readonly text: string;
  /** Whether whitespace stands before it. */
  readonly spaced: boolean;
  /** Number of the file it stands in; noFile for macros that only we define. */
  readonly file: number;
  readonly offset: number;
  /** The name of a macro inside its own expansion, which is not expanded again (C17 6.10.3.4). */
  readonly painted: boolean;
}

/** The text a definition stands in. */
export interface MacroText {
  readonly text: string;
  /** Number of the file. */
  readonly file: number;
}

export interface Macro {
  readonly name: string;
  /** undefined for `#define NAME ...`. The name that stands for the variable part is the last. */
  readonly parameters: readonly string[] | undefined;
  readonly isVariadic: boolean;
  readonly source: MacroText;
  readonly body: readonly Token[];
  /** Whether it stands for a number: it is left as the identifier it is. */
  readonly isConstant: boolean;
}

/** @param start offset behind "define" @param end of the line. @returns undefined for what is no definition */
export function readMacro(source: MacroText, start: number, end: number): Macro | undefined {
  const scanner = new Scanner(source.text, start, end, "tokens");
  scanner.next();
  if (scanner.kind !== TokenKind.Identifier) return undefined;
  const name = scanner.word();
  // Only a parenthesis right behind the name begins parameters.
  const hasParameters = source.text.charCodeAt(scanner.at) === 40 && scanner.at < end;
  const parameters = hasParameters ? readParameters(scanner) : undefined;
  return new WrittenMacro({ name, ...parameters, source, start: scanner.at, end });
}

function readParameters(scanner: Scanner): { readonly parameters: readonly string[]; readonly isVariadic: boolean } {
  const parameters: string[] = [];
  let isVariadic = false;
  let afterName = false;
  scanner.next();
  for (scanner.next(); scanner.kind !== TokenKind.End; scanner.next()) {
    const word = scanner.word();
    if (word === ")") break;
    // GNU's `args...` names the variable part, the standard's `...` does not.
    if (word === "." && !isVariadic && !afterName) parameters.push("__VA_ARGS__");
    isVariadic ||= word === ".";
    afterName = scanner.kind === TokenKind.Identifier;
    if (afterName) parameters.push(word);
  }
  return { parameters, isVariadic };
}

interface Written extends Pick<Macro, "name" | "source"> {
  readonly parameters?: readonly string[];
  readonly isVariadic?: boolean;
  readonly start: number;
  readonly end: number;
}

class WrittenMacro implements Macro {
  readonly name: string;
  readonly parameters: readonly string[] | undefined;
  readonly isVariadic: boolean;
  readonly source: MacroText;
  private readonly start: number;
  private readonly end: number;
  private tokens: readonly Token[] | undefined;
  private constant: boolean | undefined;

  constructor({ name, parameters, isVariadic, source, start, end }: Written) {
    this.name = name;
    this.parameters = parameters;
    this.isVariadic = isVariadic ?? false;
    this.source = source;
    this.start = start;
    this.end = end;
  }

  get body(): readonly Token[] {
    this.tokens ??= readTokens(this.source, this.start, this.end);
    return this.tokens;
  }

  get isConstant(): boolean {
    this.constant ??= this.parameters === undefined && standsForNumber(this.body);
    return this.constant;
  }
}

export function readTokens({ text, file }: MacroText, start: number, end: number): readonly Token[] {
  const scanner = new Scanner(text, start, end, "tokens");
  const tokens: Token[] = [];
  for (scanner.next(); scanner.kind !== TokenKind.End; scanner.next()) tokens.push(tokenAt(scanner, file));
  return tokens;
}

export function tokenAt(scanner: Scanner, file: number): Token {
  return { kind: scanner.kind, text: scanner.word(), spaced: scanner.spaced, file, offset: scanner.start, painted: false };
}

const constantName = /^(?:[A-Z][A-Z0-9_]*|\w+_t|U?INT\d+_C|sizeof|int|long|short|unsigned|signed|char|const)$/;

/** Numbers, casts of them and arithmetic with names that look like constants; nothing that could read memory. */
function standsForNumber(body: readonly Token[]): boolean {
  let numbers = 0;
  for (const { kind, text } of body) {
    if (kind === TokenKind.Number || text.startsWith("'")) numbers++;
    else if (kind === TokenKind.Identifier ? !constantName.test(text) : !/^[-+*/%<>=!~()&|^?:]$/.test(text)) return false;
  }
  return numbers > 0;
}
