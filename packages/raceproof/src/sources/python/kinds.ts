// Kind, role and detail tables of Python trees: CPython's `ast` class and field names as small numbers.
// What enters: nothing. What leaves: constants. It does not say how anything is parsed.

function numbered<const T extends readonly string[]>(names: T): { readonly [K in T[number]]: number } {
  return Object.fromEntries(names.map((name, index) => [name, index + 1])) as { readonly [K in T[number]]: number };
}

/** Names by kind number minus one. Nodes that CPython's `ast` has under the same name; the last group is ours. */
export const pythonKindNames = [
  "Module", "FunctionDef", "AsyncFunctionDef", "ClassDef", "Return", "Delete", "Assign", "TypeAlias", "AugAssign",
  "AnnAssign", "For", "AsyncFor", "While", "If", "With", "AsyncWith", "Match", "Raise", "Try", "TryStar", "Assert",
  "Import", "ImportFrom", "Global", "Nonlocal", "Expr", "Pass", "Break", "Continue",
  "BoolOp", "NamedExpr", "BinOp", "UnaryOp", "Lambda", "IfExp", "Dict", "Set", "ListComp", "SetComp", "DictComp",
  "GeneratorExp", "Await", "Yield", "YieldFrom", "Compare", "Call", "FormattedValue", "Interpolation", "JoinedStr",
  "TemplateStr", "Constant", "Attribute", "Subscript", "Starred", "Name", "List", "Tuple", "Slice",
  "comprehension", "ExceptHandler", "arg", "keyword", "alias", "withitem", "match_case",
  "MatchValue", "MatchSingleton", "MatchSequence", "MatchMapping", "MatchClass", "MatchStar", "MatchAs", "MatchOr",
  "TypeVar", "ParamSpec", "TypeVarTuple",
  // Ours: an identifier that `ast` keeps as a bare string (Global names, alias asname, MatchClass kwd_attrs), one
  // comparison operator of a Compare (before its comparator; detail = operator), and a region that did not parse.
  "Identifier", "CompareOperator", "Error",
] as const;

export const PythonKind: { readonly [K in (typeof pythonKindNames)[number]]: number } = numbered(pythonKindNames);

/** Role of a node in its parent: the `ast` field name. The fields of `arguments` belong to the function node itself. */
export const pythonRoleNames = [
  "body", "orelse", "finalbody", "handlers", "decorator_list", "returns", "type_params", "bases", "keywords",
  "posonlyargs", "args", "vararg", "kwonlyargs", "kwarg", "defaults", "kw_defaults", "annotation",
  "targets", "target", "value", "values", "iter", "test", "items", "context_expr", "optional_vars", "subject", "cases",
  "exc", "cause", "msg", "type", "names", "asname", "left", "right", "ops", "comparators", "operand", "elt", "key",
  "keys", "generators", "ifs", "func", "slice", "lower", "upper", "step", "elts", "format_spec", "pattern", "patterns",
  "guard", "cls", "kwd_attrs", "kwd_patterns", "bound", "default_value", "name",
] as const;

export const PythonRole: { readonly [K in (typeof pythonRoleNames)[number]]: number } = numbered(pythonRoleNames);

/** detail of Name, Attribute, Subscript, Starred, List, Tuple: the expression context (0 = Load). */
export const ExpressionContext = { Load: 0, Store: 1, Del: 2 } as const;

/** detail of Constant. */
export const ConstantType = {
  None: 1, True: 2, False: 3, Ellipsis: 4, Integer: 5, Float: 6, Complex: 7, String: 8, Bytes: 9,
} as const;

/** detail of BinOp, AugAssign, UnaryOp, BoolOp and CompareOperator: CPython's operator class names. */
export const pythonOperatorNames = [
  "Add", "Sub", "Mult", "MatMult", "Div", "Mod", "Pow", "LShift", "RShift", "BitOr", "BitXor", "BitAnd", "FloorDiv",
  "Invert", "Not", "UAdd", "USub", "And", "Or",
  "Eq", "NotEq", "Lt", "LtE", "Gt", "GtE", "Is", "IsNot", "In", "NotIn",
] as const;

export const PythonOperator: { readonly [K in (typeof pythonOperatorNames)[number]]: number } = numbered(pythonOperatorNames);

// detail of further kinds: ImportFrom has the number of leading dots; FormattedValue and Interpolation the character code of
// their conversion (0 for none); MatchSingleton a ConstantType; comprehension 1 when it is async; AnnAssign 1 when its target
// is a name without parentheses (CPython's "simple").
