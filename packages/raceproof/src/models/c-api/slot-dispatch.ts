// Which slot of its argument's type an API call runs: how C code reaches the methods of its own types through Python's protocols.
// What enters: nothing. What leaves: a table. Source: docs.python.org/3/c-api/typeobj.html (the slots' pages name the calls), Objects/abstract.c.

/** iterates: also runs tp_iternext of what tp_iter returns. */
export interface DispatchRow {
  readonly slots: readonly string[];
  readonly iterates: boolean;
}

function row(name: string, ...slots: string[]): readonly [string, DispatchRow] {
  return [name, { slots, iterates: slots.includes("tp_iter") }];
}

const binaryNumber = "Add Subtract Multiply MatrixMultiply FloorDivide TrueDivide Remainder Lshift Rshift And Xor Or".split(" ");

/** In C and in the API alike, by API name; the receiver is the first argument. */
export const slotDispatch: ReadonlyMap<string, DispatchRow> = new Map<string, DispatchRow>([
  row("PySequence_List", "tp_iter"),
  row("PySequence_Tuple", "tp_iter"),
  row("PySequence_Fast", "tp_iter"),
  row("PySet_New", "tp_iter"),
  row("PyFrozenSet_New", "tp_iter"),
  row("PyObject_GetIter", "tp_iter"),
  row("PyIter_Next", "tp_iternext"),
  row("PyObject_Size", "mp_length", "sq_length"),
  row("PyObject_Length", "mp_length", "sq_length"),
  row("PyMapping_Size", "mp_length"),
  row("PySequence_Size", "sq_length"),
  row("PyObject_GetItem", "mp_subscript", "sq_item"),
  row("PyObject_SetItem", "mp_ass_subscript", "sq_ass_item"),
  row("PyObject_DelItem", "mp_ass_subscript", "sq_ass_item"),
  row("PySequence_Contains", "sq_contains"),
  row("PyObject_Repr", "tp_repr"),
  row("PyObject_Str", "tp_str", "tp_repr"),
  row("PyObject_Hash", "tp_hash"),
  row("PyObject_RichCompare", "tp_richcompare"),
  row("PyObject_RichCompareBool", "tp_richcompare"),
  ...binaryNumber.map((operation) => row(`PyNumber_${operation}`, `nb_${operation.toLowerCase()}`)),
]);
