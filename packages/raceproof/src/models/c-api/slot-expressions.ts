// How Python code reaches the slots of a type. Enters: nothing. Leaves: a table; `$` stands for the object, {0} and {1} for arguments, {*} for any number.
// Source: docs.python.org/3/c-api/typeobj.html, the column "special methods/attrs"; reference/datamodel.html for what calls them.

export interface SlotExpression {
  /** What a type with the slot has in its dictionary. */
  readonly attribute: string;
  readonly forms: readonly string[];
}

/** Iterators may be endless: `take` of the drivers takes some. */
const walk = ["take($)"];

const unary = (attribute: string, form: string): SlotExpression => ({ attribute, forms: [form] });
const binary = (attribute: string, operator: string): SlotExpression => ({ attribute, forms: [`$ ${operator} {0}`] });

export const slotExpressions: ReadonlyMap<string, SlotExpression> = new Map<string, SlotExpression>([
  ["tp_repr", unary("__repr__", "repr($)")],
  ["tp_str", unary("__str__", "str($)")],
  ["tp_hash", unary("__hash__", "hash($)")],
  ["tp_iter", { attribute: "__iter__", forms: ["iter($)", ...walk] }],
  ["tp_iternext", { attribute: "__next__", forms: walk }],
  ["tp_call", unary("__call__", "$({*})")],
  ["tp_init", { attribute: "__init__", forms: ["$.__init__({*})", "type($)({*})"] }],
  ["tp_new", { attribute: "__new__", forms: ["type($)({*})"] }],
  ["tp_richcompare", { attribute: "__eq__", forms: ["$ == {0}", "$ < {0}"] }],
  ["sq_length", unary("__len__", "len($)")],
  ["mp_length", unary("__len__", "len($)")],
  ["sq_contains", unary("__contains__", "{0} in $")],
  ["sq_item", unary("__getitem__", "$[{0}]")],
  ["mp_subscript", unary("__getitem__", "$[{0}]")],
  ["sq_ass_item", { attribute: "__setitem__", forms: ["$[{0}] = {1}", "del $[{0}]"] }],
  ["mp_ass_subscript", { attribute: "__setitem__", forms: ["$[{0}] = {1}", "del $[{0}]"] }],
  ["sq_concat", binary("__add__", "+")],
  ["sq_repeat", binary("__mul__", "*")],
  ["sq_inplace_concat", { attribute: "__iadd__", forms: ["$.__iadd__({0})"] }],
  ["nb_add", binary("__add__", "+")],
  ["nb_subtract", binary("__sub__", "-")],
  ["nb_multiply", binary("__mul__", "*")],
  ["nb_remainder", binary("__mod__", "%")],
  ["nb_and", binary("__and__", "&")],
  ["nb_or", binary("__or__", "|")],
  ["nb_xor", binary("__xor__", "^")],
  ["nb_bool", unary("__bool__", "bool($)")],
  ["nb_int", unary("__int__", "int($)")],
  ["nb_float", unary("__float__", "float($)")],
  ["nb_index", unary("__index__", "$.__index__()")],
  ["nb_negative", unary("__neg__", "-$")],
  ["nb_inplace_add", { attribute: "__iadd__", forms: ["$.__iadd__({0})"] }],
  ["nb_inplace_subtract", { attribute: "__isub__", forms: ["$.__isub__({0})"] }],
  ["nb_inplace_and", { attribute: "__iand__", forms: ["$.__iand__({0})"] }],
  ["nb_inplace_or", { attribute: "__ior__", forms: ["$.__ior__({0})"] }],
  ["nb_inplace_xor", { attribute: "__ixor__", forms: ["$.__ixor__({0})"] }],
  ["tp_getattro", unary("__getattribute__", "$.anything")],
  ["tp_setattro", { attribute: "__setattr__", forms: ["$.anything = {0}"] }],
  ["bf_getbuffer", unary("__buffer__", "bytes($)")],
]);
