// C calls that give memory or objects, and calls that take memory back.
// What enters: nothing. What leaves: tables. Sources: docs.python.org/3/c-api/memory.html, allocation.html, gcsupport.html; C11 7.22.3.

/** They return memory nobody else has seen. Objects and raw memory alike: fresh until stored somewhere. */
export const freshMemory: RegExp =
  /^((Py(Mem|Mem_Raw|Object)_?(Raw)?(Malloc|Calloc|New|NEW))|_?PyObject_(GC_)?New(Var)?|PyObject_NEW(_VAR)?|PyType_GenericAlloc|PyType_GenericNew|malloc|calloc|strdup|tp_alloc)$/;

/** They return an object that nobody else has seen. Source: the functions' pages, "Return value: New reference", and that it is made there. */
export const freshObject: RegExp =
  /^(Py(List|Dict|Set|FrozenSet|Tuple|ByteArray|Cell)_New|PyTuple_Pack|Py(Dict|Context)_Copy|PyDict_(Keys|Values|Items)|PyList_(GetSlice|AsTuple)|PySequence_(List|Tuple)|PyMapping_(Keys|Values|Items)|Py_BuildValue|Py(Bytes|Unicode|ByteArray|Long|Float|Complex|Set)_From\w+)$/;

/** Callee -> index of the argument whose memory is gone afterwards. */
export const freedArguments: ReadonlyMap<string, number> = new Map([
  ["free", 0],
  ["PyMem_Free", 0],
  ["PyMem_FREE", 0],
  ["PyMem_Del", 0],
  ["PyMem_DEL", 0],
  ["PyMem_RawFree", 0],
  ["PyObject_Free", 0],
  ["PyObject_FREE", 0],
  ["PyObject_Del", 0],
  ["PyObject_DEL", 0],
  ["PyObject_GC_Del", 0],
]);

/** Callee -> index of the argument whose memory may move: the old pointer is dead afterwards. */
export const movedArguments: ReadonlyMap<string, number> = new Map([
  ["realloc", 0],
  ["PyMem_Realloc", 0],
  ["PyMem_REALLOC", 0],
  ["PyMem_Resize", 0],
  ["PyMem_RawRealloc", 0],
  ["PyObject_Realloc", 0],
  ["PyObject_REALLOC", 0],
  ["_PyTuple_Resize", 0],
  ["_PyBytes_Resize", 0],
  ["PyByteArray_Resize", 0],
]);

/** Copies bytes: callee -> [index written, index read]. */
export const copiedArguments: ReadonlyMap<string, readonly [number, number]> = new Map([
  ["memcpy", [0, 1]],
  ["memmove", [0, 1]],
]);
