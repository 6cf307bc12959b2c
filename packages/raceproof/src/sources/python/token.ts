// Token numbers of the Python lexer, and the tables that say what a token means to the expression grammar.
// What enters: nothing. What leaves: constants. It does not know how bytes become tokens (lexer.ts does).

import { PythonOperator as Operator } from "./kinds.ts";

/**
 * Tokens up to Dedent carry no text, so they never move the end of the construct before them. One-character operators
 * are their own ASCII code; hard keywords are `firstKeyword` plus their interned name id, in alphabetical order.
 */
const tokenNumbers = {
  EndOfFile: 0,
  Newline: 1,
  Indent: 2,
  Dedent: 3,
  Name: 4,
  Number: 5,
  String: 6,
  FormattedString: 7,
  Invalid: 8,
  Exclamation: 33,
  Percent: 37,
  Ampersand: 38,
  OpenParenthesis: 40,
  CloseParenthesis: 41,
  Star: 42,
  Plus: 43,
  Comma: 44,
  Minus: 45,
  Dot: 46,
  Slash: 47,
  Colon: 58,
  Semicolon: 59,
  Less: 60,
  Equal: 61,
  Greater: 62,
  At: 64,
  OpenBracket: 91,
  CloseBracket: 93,
  Caret: 94,
  OpenBrace: 123,
  Bar: 124,
  CloseBrace: 125,
  Tilde: 126,
  False: 129,
  None: 130,
  True: 131,
  And: 132,
  As: 133,
  Assert: 134,
  Async: 135,
  Await: 136,
  Break: 137,
  Class: 138,
  Continue: 139,
  Def: 140,
  Del: 141,
  Elif: 142,
  Else: 143,
  Except: 144,
  Finally: 145,
  For: 146,
  From: 147,
  Global: 148,
  If: 149,
  Import: 150,
  In: 151,
  Is: 152,
  Lambda: 153,
  Nonlocal: 154,
  Not: 155,
  Or: 156,
  Pass: 157,
  Raise: 158,
  Return: 159,
  Try: 160,
  While: 161,
  With: 162,
  Yield: 163,
  DoubleStar: 200,
  DoubleSlash: 201,
  LeftShift: 202,
  RightShift: 203,
  LessEqual: 204,
  GreaterEqual: 205,
  DoubleEqual: 206,
  NotEqual: 207,
  Arrow: 208,
  Walrus: 209,
  Ellipsis: 210,
};

/** Plain numbers to the type checker, which would otherwise think that a token stays what it was compared with. */
export const Token: Readonly<Record<keyof typeof tokenNumbers, number>> = tokenNumbers;

/** Augmented assignment tokens are this plus the number of their operator. */
export const firstAugmentedAssignment = 220;

/** A keyword's token minus its name id. */
export const firstKeyword = 128;

/** Interned first in every name table, so that a name id up to this list's length is a keyword. */
export const hardKeywords: readonly string[] = [
  "False",
  "None",
  "True",
  "and",
  "as",
  "assert",
  "async",
  "await",
  "break",
  "class",
  "continue",
  "def",
  "del",
  "elif",
  "else",
  "except",
  "finally",
  "for",
  "from",
  "global",
  "if",
  "import",
  "in",
  "is",
  "lambda",
  "nonlocal",
  "not",
  "or",
  "pass",
  "raise",
  "return",
  "try",
  "while",
  "with",
  "yield",
];

/** Interned right after the hard keywords: names with a meaning in some positions only. */
export const softKeywords: readonly string[] = ["_", "case", "match", "type", "*"];

/** Name ids of the soft keywords; "star" is no word but the name of the alias in `from m import *`. */
export const SoftKeyword = { underscore: 36, case: 37, match: 38, type: 39, star: 40 } as const;

/** How tightly an infix operator binds; 0 in the table means "not an infix operator". */
export const Precedence = {
  lowest: 0,
  or: 1,
  and: 2,
  not: 3,
  comparison: 4,
  bitOr: 5,
  bitXor: 6,
  bitAnd: 7,
  shift: 8,
  sum: 9,
  product: 10,
} as const;

export const precedenceOf: Uint8Array = new Uint8Array(256);
/** PythonOperator number of an infix operator's token (Is, In and Not are refined by the parser). */
export const operatorOf: Uint8Array = new Uint8Array(256);

const infixOperators: readonly (readonly [token: number, precedence: number, operator: number])[] = [
  [Token.Or, Precedence.or, Operator.Or],
  [Token.And, Precedence.and, Operator.And],
  [Token.Less, Precedence.comparison, Operator.Lt],
  [Token.LessEqual, Precedence.comparison, Operator.LtE],
  [Token.Greater, Precedence.comparison, Operator.Gt],
  [Token.GreaterEqual, Precedence.comparison, Operator.GtE],
  [Token.DoubleEqual, Precedence.comparison, Operator.Eq],
  [Token.NotEqual, Precedence.comparison, Operator.NotEq],
  [Token.In, Precedence.comparison, Operator.In],
  [Token.Not, Precedence.comparison, Operator.NotIn],
  [Token.Is, Precedence.comparison, Operator.Is],
  [Token.Bar, Precedence.bitOr, Operator.BitOr],
  [Token.Caret, Precedence.bitXor, Operator.BitXor],
  [Token.Ampersand, Precedence.bitAnd, Operator.BitAnd],
  [Token.LeftShift, Precedence.shift, Operator.LShift],
  [Token.RightShift, Precedence.shift, Operator.RShift],
  [Token.Plus, Precedence.sum, Operator.Add],
  [Token.Minus, Precedence.sum, Operator.Sub],
  [Token.Star, Precedence.product, Operator.Mult],
  [Token.Slash, Precedence.product, Operator.Div],
  [Token.DoubleSlash, Precedence.product, Operator.FloorDiv],
  [Token.Percent, Precedence.product, Operator.Mod],
  [Token.At, Precedence.product, Operator.MatMult],
];
for (const [token, precedence, operator] of infixOperators) {
  precedenceOf[token] = precedence;
  operatorOf[token] = operator;
}

/** 1 for a token that can begin an expression (after a comma: does the list go on?). */
export const startsExpression: Uint8Array = new Uint8Array(256);
for (const token of [
  Token.Name,
  Token.Number,
  Token.String,
  Token.FormattedString,
  Token.Ellipsis,
  Token.OpenParenthesis,
  Token.OpenBracket,
  Token.OpenBrace,
  Token.Minus,
  Token.Plus,
  Token.Tilde,
  Token.Star,
  Token.False,
  Token.None,
  Token.True,
  Token.Not,
  Token.Lambda,
  Token.Await,
]) {
  startsExpression[token] = 1;
}

const tokenDescriptions = new Map<number, string>([
  [Token.EndOfFile, "end of file"],
  [Token.Newline, "end of line"],
  [Token.Indent, "indented block"],
  [Token.Dedent, "end of block"],
  [Token.Name, "name"],
  [Token.Number, "number"],
  [Token.String, "string"],
  [Token.FormattedString, "formatted string"],
  [Token.Invalid, "invalid token"],
  [Token.DoubleStar, "'**'"],
  [Token.DoubleSlash, "'//'"],
  [Token.LeftShift, "'<<'"],
  [Token.RightShift, "'>>'"],
  [Token.LessEqual, "'<='"],
  [Token.GreaterEqual, "'>='"],
  [Token.DoubleEqual, "'=='"],
  [Token.NotEqual, "'!='"],
  [Token.Arrow, "'->'"],
  [Token.Walrus, "':='"],
  [Token.Ellipsis, "'...'"],
]);

/** A token in words, for problem messages. */
export function describeToken(token: number): string {
  const known = tokenDescriptions.get(token);
  if (known !== undefined) return known;
  if (token > firstAugmentedAssignment) return "augmented assignment";
  const keyword = hardKeywords[token - firstKeyword - 1];
  return keyword === undefined ? `'${String.fromCharCode(token)}'` : `'${keyword}'`;
}
