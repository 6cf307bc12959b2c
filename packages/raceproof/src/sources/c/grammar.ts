// The grammars as tables of numbers, ready for the walk over a parsed tree.
// What enters: the shipped .wasm files. What leaves: a parser per language.
import type { Language, Parser } from "web-tree-sitter";
import { openEngine } from "../tree-sitter/engine.ts";
import type { CursorFunctions } from "../tree-sitter/engine.ts";
import * as tables from "./grammar-kinds.ts";
import { CKind, COperator, CRole } from "./kinds.ts";

/** What the walk does with a node: nothing at all, set flags, take its text as name, take it whole, go on below it, or make a node with children. */
export const Treatment = { Skip: 0, Flags: 1, Named: 2, Whole: 3, Pass: 4, Node: 5 } as const;

/** By grammar symbol, except the last two, which are by field. */
export interface GrammarTables {
  readonly treatment: Uint8Array;
  readonly kind: Uint8Array;
  /** Role of children without a field; 0 means the node's own role. */
  readonly childRole: Uint8Array;
  /** Operators by the symbol of their token. */
  readonly operator: Uint8Array;
  readonly fieldRole: Uint8Array;
  readonly fieldNames: Uint8Array;
}

export interface Grammar {
  readonly parser: Parser;
  readonly tables: GrammarTables;
  readonly engine: CursorFunctions;
}

export async function loadGrammar(language: "c" | "cpp"): Promise<Grammar> {
  const { parser, grammar, engine } = await openEngine(language);
  return { parser, tables: tablesOf(grammar), engine };
}

function tablesOf(grammar: Language): GrammarTables {
  const symbols = grammar.nodeTypeCount;
  const found: GrammarTables = {
    treatment: new Uint8Array(symbols),
    kind: new Uint8Array(symbols),
    childRole: new Uint8Array(symbols),
    operator: new Uint8Array(symbols),
    fieldRole: new Uint8Array(grammar.fieldCount + 1),
    fieldNames: new Uint8Array(grammar.fieldCount + 1),
  };
  for (let symbol = 0; symbol < symbols; symbol++) {
    const type = grammar.nodeTypeForId(symbol) ?? "";
    if (grammar.nodeTypeIsNamed(symbol)) describeNode(found, symbol, type);
    else found.operator[symbol] = operatorsOfTokens[type] ?? 0;
  }
  for (let field = 1; field <= grammar.fieldCount; field++) {
    const name = grammar.fieldNameForId(field) ?? "";
    const role = tables.rolesOfFields[name];
    found.fieldRole[field] = role === undefined ? 0 : CRole[role];
    found.fieldNames[field] = tables.namingFields.includes(name) ? 1 : 0;
  }
  return found;
}

function describeNode(found: GrammarTables, symbol: number, type: string): void {
  const kind = tables.kindsOfNodes[type] ?? "Other";
  const passed = tables.passedThrough[type];
  found.kind[symbol] = CKind[kind];
  found.childRole[symbol] = CRole[tables.rolesInKinds[kind] ?? "part"];
  found.treatment[symbol] = treatmentOf(type);
  if (passed !== undefined) found.childRole[symbol] = passed === "own" ? 0 : CRole[passed];
}

function treatmentOf(type: string): number {
  if (tables.passedThrough[type] !== undefined) return Treatment.Pass;
  if (tables.flagNodes.includes(type)) return Treatment.Flags;
  if (tables.namedByText.includes(type)) return Treatment.Named;
  if (tables.wholeNodes.includes(type)) return Treatment.Whole;
  return tables.leftOut.includes(type) || type.startsWith("preproc") ? Treatment.Skip : Treatment.Node;
}

const { Assign, Add, Sub, Mult, Div, Mod, LShift, RShift, BitOr, BitXor, BitAnd, Or, And, Eq, NotEq, Lt, LtE, Gt, GtE, Compare, Not, Invert } = COperator;

const operatorsOfTokens: Readonly<Record<string, number>> = {
  "=": Assign,
  "+": Add,
  "+=": Add,
  "-": Sub,
  "-=": Sub,
  "*": Mult,
  "*=": Mult,
  "/": Div,
  "/=": Div,
  "%": Mod,
  "%=": Mod,
  "<<": LShift,
  "<<=": LShift,
  ">>": RShift,
  ">>=": RShift,
  "|": BitOr,
  "|=": BitOr,
  bitor: BitOr,
  "^": BitXor,
  "^=": BitXor,
  xor: BitXor,
  "&": BitAnd,
  "&=": BitAnd,
  bitand: BitAnd,
  "||": Or,
  or: Or,
  "&&": And,
  and: And,
  "==": Eq,
  "!=": NotEq,
  not_eq: NotEq,
  "<": Lt,
  "<=": LtE,
  ">": Gt,
  ">=": GtE,
  "<=>": Compare,
  "!": Not,
  not: Not,
  "~": Invert,
  compl: Invert,
  "++": COperator.Increment,
  "--": COperator.Decrement,
  // Of members.
  ".": 1,
  ".*": 1,
  "->": 2,
  "->*": 2,
};
