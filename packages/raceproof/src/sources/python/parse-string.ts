// String literals: adjacent ones together, with the replacement fields of f-strings and t-strings.
// What enters: a parser on a string token. What leaves: a Constant, JoinedStr or TemplateStr whose children are the
// replacement fields; literal pieces have no nodes (string-value.ts decodes plain strings).

import { Byte, ByteClass, byteClassOf } from "./byte-class.ts";
import { ConstantType, PythonKind as Kind, PythonRole as Role } from "./kinds.ts";
import { parseYieldOrTuple } from "./parse-expression.ts";
import type { Parser } from "./parser.ts";
import { deepestBrackets } from "./scan-operator.ts";
import { StringPrefix } from "./scan-string.ts";
import { describeToken, Token } from "./token.ts";

/** How an f-string began, which says how it ends. */
interface Opening {
  readonly start: number;
  readonly quote: number;
  readonly quoteCount: number;
  readonly prefix: number;
}

/** Conversion of `{value=}` without one of its own: repr. */
const debugConversion = 114;

/** Character codes of a, r and s. */
const conversions: ReadonlySet<number> = new Set([97, 114, 115]);

/** 1 for the bytes of an f-string's literal text that may be more than text. */
const meansSomethingInLiteral = new Uint8Array(256);
for (const byte of [Byte.backslash, Byte.openBrace, Byte.closeBrace, Byte.singleQuote, Byte.doubleQuote, Byte.lineFeed, Byte.carriageReturn]) {
  meansSomethingInLiteral[byte] = 1;
}

/** One or more adjacent string literals. */
export function parseStrings(parser: Parser): number {
  const start = parser.tokenStart;
  const first = parser.size;
  let somePrefixes = 0;
  let everyPrefix = ~0;
  while (parser.token === Token.String || parser.token === Token.FormattedString) {
    somePrefixes |= parser.literal;
    everyPrefix &= parser.literal;
    if (parser.token === Token.String) parser.next();
    else parseFormattedString(parser);
  }
  const isMixed = ((somePrefixes ^ everyPrefix) & (StringPrefix.bytes | StringPrefix.template)) !== 0;
  if (isMixed) parser.report("cannot mix bytes, template and other string literals", start);
  if ((somePrefixes & (StringPrefix.formatted | StringPrefix.template)) === 0) {
    const type = (somePrefixes & StringPrefix.bytes) === 0 ? ConstantType.String : ConstantType.Bytes;
    return parser.emitDetailed(Kind.Constant, start, first, type);
  }
  parser.placeAll(first, Role.values);
  return parser.emit((somePrefixes & StringPrefix.template) === 0 ? Kind.JoinedStr : Kind.TemplateStr, start, first);
}

function parseFormattedString(parser: Parser): void {
  const opening = openingOf(parser);
  while (skipLiteral(parser, opening, false) === Byte.openBrace) parseReplacementField(parser, opening);
  parser.accept(Token.FormattedString, parser.position + opening.quoteCount);
  parser.next();
}

function openingOf(parser: Parser): Opening {
  const { source, tokenStart, tokenEnd, literal } = parser;
  let quoteAt = tokenStart;
  while (byteClassOf[source[quoteAt]!] !== ByteClass.quote) quoteAt++;
  return { start: tokenStart, quote: source[quoteAt]!, quoteCount: tokenEnd - quoteAt, prefix: literal };
}

/**
 * Moves over literal text to the quote that ends the string, to a brace that opens a field or, in a format
 * specification, to the one that closes it; gives that byte.
 */
function skipLiteral(parser: Parser, opening: Opening, isFormat: boolean): number {
  const { source, length } = parser;
  let at = parser.position;
  while (at < length) {
    const next = meansSomethingInLiteral[source[at]!] === 0 ? at + 1 : endOfMeaningful(parser, opening, at, isFormat);
    if (next === at) {
      parser.position = at;
      return source[at]!;
    }
    at = next;
  }
  return failUnterminated(parser, opening);
}

/** Position after a quote, brace, line end or escape that is only text, or its own position when the text ends there. */
function endOfMeaningful(parser: Parser, opening: Opening, at: number, isFormat: boolean): number {
  const { source } = parser;
  switch (source[at]) {
    case Byte.backslash:
      return endOfEscape(source, at, opening.prefix);
    case Byte.openBrace:
      return source[at + 1] === Byte.openBrace && !isFormat ? at + 2 : at;
    case Byte.closeBrace:
      return isFormat ? at : afterClosingBraces(parser, at);
    case Byte.lineFeed:
    case Byte.carriageReturn:
      if (opening.quoteCount > 1) return at + 1;
      return isFormat ? at : failUnterminated(parser, opening);
    default:
      return closesString(source, at, opening) ? at : at + 1;
  }
}

/** Two closing braces are one of text; a single one is an error. */
function afterClosingBraces(parser: Parser, at: number): number {
  if (parser.source[at + 1] === Byte.closeBrace) return at + 2;
  parser.report("single '}' in an f-string", at);
  return at + 1;
}

function closesString(source: Uint8Array, at: number, { quote, quoteCount }: Opening): boolean {
  return source[at] === quote && (quoteCount === 1 || (source[at + 1] === quote && source[at + 2] === quote));
}

function failUnterminated(parser: Parser, opening: Opening): never {
  parser.tokenStart = opening.start;
  return parser.fail("unterminated f-string literal");
}

/** A backslash does not protect a brace from opening a field, but the braces of \N{...} are its own. */
function endOfEscape(source: Uint8Array, backslash: number, prefix: number): number {
  const next = source[backslash + 1]!;
  if (next === Byte.openBrace || next === Byte.closeBrace) return backslash + 1;
  if (next === Byte.carriageReturn && source[backslash + 2] === Byte.lineFeed) return backslash + 3;
  if (next !== Byte.upperN || source[backslash + 2] !== Byte.openBrace || (prefix & StringPrefix.raw) !== 0) return backslash + 2;
  const close = source.indexOf(Byte.closeBrace, backslash);
  return close < 0 ? source.length : close + 1;
}

/** `{value = !conversion :format}`, from its opening brace to behind its closing one. */
function parseReplacementField(parser: Parser, opening: Opening): void {
  parser.enter();
  if (parser.depth >= deepestBrackets) parser.fail("too many nested brackets");
  const start = parser.position;
  const first = parser.size;
  const outerFieldDepth = parser.fieldDepth;
  parser.depth++;
  parser.fieldDepth = parser.depth;
  parser.accept(Token.OpenBrace, start + 1);
  parser.next();
  parser.place(parseYieldOrTuple(parser), Role.value);
  const isDebug = parser.skip(Token.Equal);
  let conversion = parser.token === Token.Exclamation ? parseConversion(parser) : 0;
  if (parser.token === Token.Colon) parseFormatSpecification(parser, opening);
  else if (isDebug && conversion === 0) conversion = debugConversion;
  if (parser.token !== Token.CloseBrace) parser.fail(`expected '}' in an f-string, found ${describeToken(parser.token)}`);
  parser.fieldDepth = outerFieldDepth;
  parser.position = parser.tokenEnd;
  parser.previousEnd = parser.tokenEnd;
  const kind = (opening.prefix & StringPrefix.template) === 0 ? Kind.FormattedValue : Kind.Interpolation;
  const node = parser.emitDetailed(kind, start, first, conversion);
  parser.place(node, Role.values);
  parser.leave();
}

/** `!r`, `!s` or `!a`: the character code. */
function parseConversion(parser: Parser): number {
  const start = parser.tokenEnd;
  parser.next();
  const conversion = parser.source[start]!;
  const isKnown = parser.token === Token.Name && parser.tokenStart === start && parser.tokenEnd === start + 1 && conversions.has(conversion);
  if (!isKnown) parser.fail("invalid f-string conversion");
  parser.next();
  return conversion;
}

/** From the colon to the closing brace, which becomes the current token. A line end ends it too, where it may not go on. */
function parseFormatSpecification(parser: Parser, opening: Opening): void {
  const start = parser.tokenStart;
  const first = parser.size;
  parser.position = parser.tokenEnd;
  for (;;) {
    const stop = skipLiteral(parser, opening, true);
    if (stop === opening.quote) failUnterminated(parser, opening);
    if (stop !== Byte.openBrace) break;
    parseReplacementField(parser, opening);
  }
  parser.previousEnd = parser.position;
  parser.place(parser.emit(Kind.JoinedStr, start, first), Role.format_spec);
  parser.next();
}
