// C API calls that return a reference they do not own, and what keeps the object alive meanwhile.
// What enters: nothing. What leaves: a table. Which functions borrow is CPython's own data (cpython-reference-counts.ts); the owner and the twin are added here.
//
// Sources: docs.python.org/3/howto/free-threading-extensions.html#borrowed-references (the table of replacements), each function's page in
// docs.python.org/3/c-api; releases from Doc/data/stable_abi.dat and the pages' "Added in version".

/**
 * Who owns the object. argument: the container passed as that argument (0-based), which another thread may change. interpreter: a registry of the
 * interpreter that any thread may change. thread: the calling thread alone. frozen: something that cannot change while the argument lives.
 */
export type LenderOfResult = { readonly kind: "argument"; readonly index: number } | { readonly kind: "interpreter" | "thread" | "frozen" };

export interface BorrowedResultRow {
  readonly lender: LenderOfResult;
  /** The call that returns a reference of one's own, and the release that brought it. */
  readonly strong: { readonly name: string; readonly since: string } | undefined;
}

const fromFirst: LenderOfResult = { kind: "argument", index: 0 };
const interpreter: LenderOfResult = { kind: "interpreter" };
const thread: LenderOfResult = { kind: "thread" };
const frozen: LenderOfResult = { kind: "frozen" };

function row(name: string, lender: LenderOfResult, strong?: string, since?: string): readonly [string, BorrowedResultRow] {
  return [name, { lender, strong: strong === undefined ? undefined : { name: strong, since: since ?? "3.8" } }];
}

export const borrowedResults: ReadonlyMap<string, BorrowedResultRow> = new Map<string, BorrowedResultRow>([
  row("PyList_GetItem", fromFirst, "PyList_GetItemRef", "3.13"),
  row("PyList_GET_ITEM", fromFirst, "PyList_GetItemRef", "3.13"),
  row("PySequence_Fast_GET_ITEM", fromFirst, "PySequence_Tuple"),
  row("PyDict_GetItem", fromFirst, "PyDict_GetItemRef", "3.13"),
  row("PyDict_GetItemWithError", fromFirst, "PyDict_GetItemRef", "3.13"),
  row("_PyDict_GetItemWithError", fromFirst, "PyDict_GetItemRef", "3.13"),
  row("_PyDict_GetItem_KnownHash", fromFirst, "PyDict_GetItemRef", "3.13"),
  row("PyDict_GetItemString", fromFirst, "PyDict_GetItemStringRef", "3.13"),
  row("PyDict_SetDefault", fromFirst, "PyDict_SetDefaultRef", "3.13"),
  row("PyWeakref_GetObject", fromFirst, "PyWeakref_GetRef", "3.13"),
  row("PyWeakref_GET_OBJECT", fromFirst, "PyWeakref_GetRef", "3.13"),
  row("PyCell_GET", fromFirst, "PyCell_Get"),
  row("PyImport_AddModule", interpreter, "PyImport_AddModuleRef", "3.13"),
  row("PyImport_AddModuleObject", interpreter, "PyImport_AddModuleRef", "3.13"),
  row("PySys_GetObject", interpreter, "PySys_GetAttr", "3.15"),
  row("PyEval_GetBuiltins", thread, "PyEval_GetFrameBuiltins", "3.13"),
  row("PyEval_GetLocals", thread, "PyEval_GetFrameLocals", "3.13"),
  row("PyEval_GetGlobals", thread, "PyEval_GetFrameGlobals", "3.13"),
  row("PyErr_Occurred", thread),
  row("PyThreadState_GetDict", thread),
  row("PyTuple_GetItem", frozen),
  row("PyTuple_GET_ITEM", frozen),
  row("PyStructSequence_GetItem", frozen),
  row("PyStructSequence_GET_ITEM", frozen),
  row("PyModule_GetDict", frozen),
  row("PyModule_GetDef", frozen),
  row("PyState_FindModule", frozen),
  row("Py_TYPE", frozen),
]);
