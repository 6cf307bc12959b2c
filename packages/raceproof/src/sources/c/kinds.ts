// Kind, role, operator and flag tables of C and C++ trees as small numbers: one vocabulary for both languages.
// What enters: nothing. What leaves: constants. Which grammar node becomes which kind stands in grammar-kinds.ts.
import { numbered } from "../numbered-names.ts";

/**
 * Names by kind number minus one. "name" says what `tree.name` holds, "detail" what `tree.detail` holds; children follow with their roles.
 * Parentheses, argument lists, parameter lists, member lists and `else` are no nodes: their contents are children of what they belong to.
 */
export const cKindNames = [
  // Declarations. detail of these, of TypeDescriptor and of PointerDeclarator: CFlag bits. name of any declarator: what it declares.
  "TranslationUnit",
  /** name: the function's own name, without scopes. type, declarator, body (absent in C++ for `= default`), initializer (C++). */
  "FunctionDefinition",
  /** type, then one declarator each: Identifier, InitDeclarator or one of the declarators below. A type declared alone is no Declaration. */
  "Declaration",
  /** A `typedef` or C++ alias: type, declarator (the new name is a TypeName). */
  "TypeDefinition",
  /** type, declarator, value (default). */
  "ParameterDeclaration",
  /** A member of a struct, union or class: type, declarator, size (bit field). */
  "FieldDeclaration",
  "VariadicParameter",
  /** declarator, value. */
  "InitDeclarator",
  /** declarator (absent in casts and unnamed parameters). */
  "PointerDeclarator",
  /** declarator, size. */
  "ArrayDeclarator",
  /** declarator, parameter. */
  "FunctionDeclarator",
  "ReferenceDeclarator",
  // Types.
  /** name: "PyObject", "int", "unsigned long". */
  "TypeName",
  /** name: the tag, or 0; member (absent when only named). */
  "StructSpecifier",
  "UnionSpecifier",
  "ClassSpecifier",
  /** name: the tag, or 0; enumerator. */
  "EnumSpecifier",
  /** name; value. */
  "Enumerator",
  /** A type in a cast, `sizeof` or template argument: type, declarator. */
  "TypeDescriptor",
  // Statements.
  "Block",
  /** A Block that a known macro opens: name is that macro (Py_BEGIN_CRITICAL_SECTION, Py_BEGIN_ALLOW_THREADS ...); begin (an ExpressionStatement of the Call), body, end. */
  "SectionBlock",
  /** value; empty for a lone ";". */
  "ExpressionStatement",
  /** condition, consequence, alternative. */
  "If",
  /** condition, body. */
  "Switch",
  /** value (absent for `default`), body. */
  "Case",
  "While",
  "DoWhile",
  /** initializer, condition, update, body. */
  "For",
  /** value. */
  "Return",
  "Break",
  "Continue",
  /** name: the label. */
  "Goto",
  /** name: the label; body. */
  "Labeled",
  "Assembly",
  // Expressions.
  "Identifier",
  /** name: the callee where it is a plain or qualified name, or the member called; function, argument. */
  "Call",
  /** name: the member; detail: CAccess; object. */
  "Member",
  /** object, index. */
  "Subscript",
  /** detail: COperator (Assign, or the operator of a compound assignment); left, right. */
  "Assignment",
  /** detail: COperator; left, right. */
  "Binary",
  /** detail: COperator; operand. */
  "Unary",
  /** `*p`: operand. */
  "Dereference",
  /** `&x`: operand. */
  "AddressOf",
  /** `++x`, `x--`: detail: COperator (Increment, Decrement); operand. */
  "Update",
  /** condition, consequence (absent in `a ?: b`), alternative. */
  "Conditional",
  /** left, right. */
  "Comma",
  /** type, value. C++ has the named casts as a Call. */
  "Cast",
  /** type, value: an InitializerList. */
  "CompoundLiteral",
  "InitializerList",
  /** designator (one or more), value. */
  "InitializerPair",
  /** name: the member in `.member = value`. */
  "FieldDesignator",
  /** index. */
  "SubscriptDesignator",
  /** type or value. */
  "Sizeof",
  "Alignof",
  /** name: the member; type. */
  "Offsetof",
  /** name: its text. */
  "Number",
  /** Text by `textOf`; adjacent literals are one Concatenation. */
  "String",
  "Concatenation",
  /** name: its text. */
  "Char",
  "Null",
  "True",
  "False",
  "Generic",
  // C++ only.
  /** name; body. */
  "Namespace",
  /** parameter, body. */
  "Template",
  /** name: the template's; argument. */
  "TemplateUse",
  /** name: the last part; scope (absent for `::x`), value: what it names. */
  "Qualified",
  /** The base classes of a class. */
  "BaseClause",
  /** name: "public", "private" or "protected". */
  "AccessSpecifier",
  /** capture, declarator, body. */
  "Lambda",
  /** type, argument, declarator. */
  "New",
  "Delete",
  "Throw",
  /** body, handler. */
  "Try",
  /** parameter, body. */
  "Catch",
  /** type, declarator, right, body. */
  "ForRange",
  /** name: the member or base; argument. */
  "FieldInitializer",
  "This",
  /** name of the destroyed class. */
  "DestructorName",
  /** name: its text, "operator==". */
  "OperatorName",
  "Using",
  // Whatever else the grammar has and no reader has asked for, and a region that did not parse (detail 1: a token was missing).
  "Other",
  "Error",
] as const;

export const CKind: { readonly [K in (typeof cKindNames)[number]]: number } = numbered(cKindNames);

/** Role of a node in its parent. */
export const cRoleNames = [
  "type",
  "declarator",
  "body",
  "parameter",
  "member",
  "enumerator",
  "size",
  "value",
  "begin",
  "end",
  "condition",
  "consequence",
  "alternative",
  "initializer",
  "update",
  "function",
  "argument",
  "object",
  "index",
  "left",
  "right",
  "operand",
  "designator",
  "scope",
  "base",
  "capture",
  "handler",
  /** No particular one: attributes, template details. */
  "part",
] as const;

export const CRole: { readonly [K in (typeof cRoleNames)[number]]: number } = numbered(cRoleNames);

/** detail of Assignment, Binary, Unary (where Add and Sub are signs) and Update. */
export const cOperatorNames = [
  "Assign",
  "Add",
  "Sub",
  "Mult",
  "Div",
  "Mod",
  "LShift",
  "RShift",
  "BitOr",
  "BitXor",
  "BitAnd",
  "Or",
  "And",
  "Eq",
  "NotEq",
  "Lt",
  "LtE",
  "Gt",
  "GtE",
  "Compare",
  "Not",
  "Invert",
  "Increment",
  "Decrement",
] as const;

export const COperator: { readonly [K in (typeof cOperatorNames)[number]]: number } = numbered(cOperatorNames);

/** detail of Member: `a.b`, `a->b`. */
export const CAccess = { Dot: 1, Arrow: 2 } as const;

/** Bits in the detail of declarations, type descriptors, pointers and lambdas: storage and qualifiers written there. */
export const CFlag = { Static: 1, Extern: 2, Inline: 4, ThreadLocal: 8, Const: 16, Volatile: 32, Atomic: 64 } as const;
