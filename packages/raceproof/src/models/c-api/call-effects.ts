// What a call of Python's C API can set off, as far as threads are concerned. What enters: a function's name. What leaves: one of three effects.
// Unknown names of the API count as "suspends": it is the weaker claim.
// Sources: docs.python.org/3/c-api (each function's page says which special methods it calls), PEP 703 and Include/cpython/critical_section.h
// (suspended when the thread detaches or blocks), Python/brc.c (a decref of another thread's object takes a lock), PEP 683, Include/refcount.h.

/**
 * none: reads or changes memory of its own and returns. suspends: allocates, blocks, takes locks or drops references, so a critical section can
 * be suspended and other threads run. runs-python: calls methods of objects it is given (__eq__, __hash__, __iter__, __del__ ...), so any code may run.
 */
export type CallEffect = "none" | "suspends" | "runs-python";

/** Families by pattern, the first that matches wins; exact and more special rows come first. */
const rows: readonly (readonly [RegExp, CallEffect])[] = [
  // Reference counts: taking one only counts; dropping the last one finalizes.
  [/^Py_X?(INCREF|NewRef)$/, "none"],
  [/^Py_(X?DECREF|CLEAR|X?SETREF|DecRef)$/, "runs-python"],
  // Fields, flags, types: plain reads.
  [/^Py_(TYPE|SIZE|REFCNT|IS_TYPE|Is|IsNone|IsTrue|IsFalse|SET_SIZE|SET_TYPE|UNREACHABLE|BUILD_ASSERT|UNUSED|VISIT|ABS|MIN|MAX|MEMBER_SIZE|CHARMASK)$/, "none"],
  [/^Py[A-Z][A-Za-z]*_Check(Exact)?$/, "none"],
  [
    /^(PyObject_TypeCheck|PyType_HasFeature|PyType_Is(Subtype|GC)|PyType_Get(Flags|Slot|ModuleState)|PyModule_GetState|PyType_GetModule(State|ByDef)?)$/,
    "none",
  ],
  [/^Py(Tuple|List|Bytes|ByteArray|Unicode|Dict|Set|Sequence_Fast|Cell|Float|Long|Weakref|MemoryView)_(GET|IS|SET|AS|KIND|DATA|READ)(_[A-Z0-9_]+)?$/, "none"],
  [/^Py(Unicode_(KIND|DATA|READ|WRITE|READY|IS_ASCII)|Sequence_Fast_ITEMS|Dict_GET_SIZE|Float_AS_DOUBLE|ByteArray_AS_STRING)$/, "none"],
  [/^Py(Tuple|List|Bytes|ByteArray|Dict|Set|Unicode)_(Size|GetLength|GetItem|AsString|AsStringAndSize)$/, "none"],
  [/^Py(List|Tuple)_GetItemRef$/, "none"],
  [/^PyVectorcall_(NARGS|Function)$/, "none"],
  [/^_?Py_?(atomic|Atomic)_\w+$/, "none"],
  [/^PyErr_(Occurred|ExceptionMatches|GivenExceptionMatches)$/, "none"],
  [/^Py(ThreadState|InterpreterState)_(Get|GetUnchecked|GetID|GetInterpreter|Swap)$/, "none"],
  [/^PyObject_(CheckBuffer|IS_GC|GC_IsTracked|GC_IsFinalized|GC_Track|GC_UnTrack|GenericHash|VisitManagedDict)$/, "none"],
  [/^Py_(Hash(Pointer|Buffer|Bytes)|GetConstant(Borrowed)?|IsInitialized|IsFinalizing|FatalError|STRINGIFY)$/, "none"],
  // Memory that holds no objects comes from an allocator that neither detaches nor starts a collection (PEP 703, Objects/obmalloc.c).
  [/^Py(Mem_\w+|Object_Free|Object_GC_Del|Object_Del)$/, "none"],
  // Strings are compared where they lie, subclasses as well; what comes back is a constant (Objects/unicodeobject.c).
  [/^PyUnicode_(RichCompare|Compare\w*|EqualTo\w*)$/, "none"],
  // Methods of the objects that are passed.
  [/^_?PyObject_(Call|Vectorcall|Method|FastCall)\w*$/, "runs-python"],
  [/^_?PyVectorcall_Call\w*$/, "runs-python"],
  [/^_?PyObject_(Get|Set|Del|Has|Lookup)\w*$/, "runs-python"],
  [
    /^PyObject_(RichCompare(Bool)?|Hash|Str|Repr|ASCII|Bytes|Format|Length|Size|LengthHint|IsTrue|Not|IsInstance|IsSubclass|GetIter|GetAIter|Dir|Print|SelfIter)$/,
    "runs-python",
  ],
  [/^PyObject_(ClearWeakRefs|CallFinalizer\w*|ClearManagedDict)$/, "runs-python"],
  [/^PyIter_(Next|NextItem|Send)$/, "runs-python"],
  [/^Py(Number|Sequence|Mapping)_\w+$/, "runs-python"],
  [/^PyObject_(GetBuffer|CopyData|CheckReadBuffer)$|^PyBuffer_Release$/, "runs-python"],
  // Keys are hashed and compared; replaced values are dropped.
  [/^_?PyDict_(Next|Size|New|Keys|Values|Items|Copy)$/, "suspends"],
  [/^_?PyDict_\w+$/, "runs-python"],
  [/^PySet_(New|Add|Contains|Discard|Pop|Clear)$|^PyFrozenSet_New$/, "runs-python"],
  [/^PyList_(SetItem|SetSlice|Sort|Extend|Clear|Reverse)$|^PyTuple_SetItem$|^PyCell_Set$/, "runs-python"],
  [/^PyLong_As\w+$|^PyFloat_AsDouble$|^PyComplex_AsCComplex$/, "runs-python"],
  [/^_?PyArg_\w+$/, "runs-python"],
  [/^Py_BuildValue$|^PyUnicode_FromFormat(V)?$|^PyErr_Format(V)?$|^PyUnicode_(Format|FromObject|Join|Contains|RichCompare)$/, "runs-python"],
  [/^PyErr_(Warn\w*|Resource\w*|Clear|Restore|SetRaisedException|WriteUnraisable|Print\w*|NormalizeException|SetObject)$/, "runs-python"],
  [/^Py(Import|Eval|Run|Codec|Context|Sys|File|Marshal|Module_Add|State)_\w+$/, "runs-python"],
  [/^PyModule_Add\w*$|^PyType_(Ready|FromSpec\w*|FromModuleAndSpec|Modified)$|^PyMemoryView_From\w+$|^PyWeakref_New\w+$|^PyCapsule_Import$/, "runs-python"],
  [/^PyUnicodeWriter_Write(Str|Repr)$|^_PyUnicodeWriter_WriteStr$/, "runs-python"],
  [/^Py_(EnterRecursiveCall|LeaveRecursiveCall|ReprEnter|ReprLeave)$/, "suspends"],
  [/^PyGILState_\w+$|^PyMutex_\w+$|^PyThread_\w+$|^Py_MakePendingCalls$|^PyOS_\w+$/, "suspends"],
];

const apiName = /^_?Py([A-Z]\w*)?_\w+$/;

const known = new Map<string, CallEffect>();

/** @param callee a function or macro name. @returns what a call of it can set off; "none" for names outside Python's C API */
export function effectOfCall(callee: string): CallEffect {
  let effect = known.get(callee);
  if (effect === undefined) {
    effect = rows.find(([pattern]) => pattern.test(callee))?.[1] ?? (apiName.test(callee) ? "suspends" : "none");
    known.set(callee, effect);
  }
  return effect;
}
