// What the macros of Python's headers and of compilers become: plain C in which their meaning stays visible as a call or a block.
// What enters: nothing. What leaves: definitions in C's own notation. A name inside its own replacement is not expanded again, so it stays as a call.
// Sources: CPython's Include folder, https://docs.python.org/3/c-api/, GCC's manual ("Extensions to the C Language Family").

/** Fixed: a definition in the subject (for older versions of Python, say) does not replace these. */
export const pythonMacros: string = String.raw`
#define Py_BEGIN_CRITICAL_SECTION(op) { Py_BEGIN_CRITICAL_SECTION(op);
#define Py_END_CRITICAL_SECTION() Py_END_CRITICAL_SECTION(); }
#define Py_BEGIN_CRITICAL_SECTION2(a, b) { Py_BEGIN_CRITICAL_SECTION2(a, b);
#define Py_END_CRITICAL_SECTION2() Py_END_CRITICAL_SECTION2(); }
#define Py_BEGIN_CRITICAL_SECTION_MUTEX(mutex) { Py_BEGIN_CRITICAL_SECTION_MUTEX(mutex);
#define Py_BEGIN_CRITICAL_SECTION_MUT(mutex) { Py_BEGIN_CRITICAL_SECTION_MUT(mutex);
#define Py_BEGIN_CRITICAL_SECTION2_MUTEX(m1, m2) { Py_BEGIN_CRITICAL_SECTION2_MUTEX(m1, m2);
#define Py_BEGIN_CRITICAL_SECTION2_MUT(m1, m2) { Py_BEGIN_CRITICAL_SECTION2_MUT(m1, m2);
#define Py_BEGIN_CRITICAL_SECTION_SEQUENCE_FAST(original) { Py_BEGIN_CRITICAL_SECTION_SEQUENCE_FAST(original);
#define Py_END_CRITICAL_SECTION_SEQUENCE_FAST() Py_END_CRITICAL_SECTION_SEQUENCE_FAST(); }
#define Py_BEGIN_ALLOW_THREADS { Py_BEGIN_ALLOW_THREADS();
#define Py_END_ALLOW_THREADS Py_END_ALLOW_THREADS(); }
#define Py_BLOCK_THREADS Py_BLOCK_THREADS();
#define Py_UNBLOCK_THREADS Py_UNBLOCK_THREADS();
#define Py_TRASHCAN_BEGIN(op, dealloc) { Py_TRASHCAN_BEGIN(op, dealloc);
#define Py_TRASHCAN_END Py_TRASHCAN_END(); }
#define Py_TRASHCAN_SAFE_BEGIN(op) { Py_TRASHCAN_SAFE_BEGIN(op);
#define Py_TRASHCAN_SAFE_END(op) Py_TRASHCAN_SAFE_END(op); }
#define PyObject_HEAD PyObject ob_base;
#define PyObject_VAR_HEAD PyVarObject ob_base;
#define PyException_HEAD PyObject ob_base; PyObject *dict; PyObject *args; PyObject *notes; PyObject *traceback; PyObject *context; PyObject *cause; char suppress_context;
#define PyObject_HEAD_INIT(type) { 1, type },
#define PyVarObject_HEAD_INIT(type, size) { { 1, type }, size },
#define Py_RETURN_NONE return Py_NewRef(Py_None)
#define Py_RETURN_TRUE return Py_NewRef(Py_True)
#define Py_RETURN_FALSE return Py_NewRef(Py_False)
#define Py_RETURN_NOTIMPLEMENTED return Py_NewRef(Py_NotImplemented)
#define Py_RETURN_NAN return PyFloat_FromDouble(Py_NAN)
#define Py_RETURN_INF(sign) return PyFloat_FromDouble(sign)
#define Py_RETURN_RICHCOMPARE(left, right, op) return Py_RETURN_RICHCOMPARE(left, right, op)
#define PyDoc_STRVAR(name, str) static const char name[] = str
#define PyDoc_VAR(name) static const char name[]
#define PyDoc_STR(str) str
#define PyAPI_FUNC(type) extern type
#define PyAPI_DATA(type) extern type
#define Py_LOCAL(type) static type
#define Py_LOCAL_INLINE(type) static inline type
#define Py_UNUSED(name) _unused_##name
#define PyObject_New(type, typeobj) ((type *)PyObject_New(typeobj))
#define PyObject_NewVar(type, typeobj, n) ((type *)PyObject_NewVar(typeobj, n))
#define PyObject_NEW(type, typeobj) PyObject_New(type, typeobj)
#define PyObject_NEW_VAR(type, typeobj, n) PyObject_NewVar(type, typeobj, n)
#define PyObject_GC_New(type, typeobj) ((type *)PyObject_GC_New(typeobj))
#define PyObject_GC_NewVar(type, typeobj, n) ((type *)PyObject_GC_NewVar(typeobj, n))
#define PyObject_GC_Resize(type, op, n) ((type *)PyObject_GC_Resize(op, n))
#define PyMem_New(type, n) ((type *)PyMem_New(n))
#define PyMem_NEW(type, n) PyMem_New(type, n)
#define PyMem_Resize(p, type, n) ((p) = (type *)PyMem_Resize(p, n))
#define PyMem_RESIZE(p, type, n) PyMem_Resize(p, type, n)
#define _Py_CAST(type, expr) ((type)(expr))
#define _Py_STATIC_CAST(type, expr) ((type)(expr))
#define _PyObject_CAST(op) ((PyObject *)(op))
#define _PyObject_CAST_CONST(op) ((const PyObject *)(op))
#define _PyVarObject_CAST(op) ((PyVarObject *)(op))
#define _PyCFunction_CAST(func) ((PyCFunction)(func))
#define Py_MEMBER_SIZE(type, member) sizeof(((type *)0)->member)
#define Py_SAFE_DOWNCAST(value, wide, narrow) ((narrow)(value))
#define Py_CONTAINER_OF(p, type, member) ((type *)Py_CONTAINER_OF(p))
#define _Py_CONTAINER_OF(p, type, member) ((type *)_Py_CONTAINER_OF(p))
#define Py_DEPRECATED(version)
#define Py_ALWAYS_INLINE
#define Py_NO_INLINE
#define Py_HOT_FUNCTION
#define _Py_HOT_FUNCTION
#define Py_EXPORTED_SYMBOL
#define Py_IMPORTED_SYMBOL
#define Py_LOCAL_SYMBOL
#define Py_GCC_ATTRIBUTE(x)
#define Py_ALIGNED(x)
#define _Py_ALIGNED_DEF(n, type) type
#define _Py_NO_RETURN
#define Py_NO_RETURN
#define _Py_NO_SANITIZE_UNDEFINED
#define _Py_NO_SANITIZE_ADDRESS
#define _Py_NO_SANITIZE_MEMORY
#define _Py_NO_SANITIZE_THREAD
#define _Py_FALLTHROUGH
#define _Py_BEGIN_SUPPRESS_IPH
#define _Py_END_SUPPRESS_IPH
#define _Py_COMP_DIAG_PUSH
#define _Py_COMP_DIAG_POP
#define _Py_COMP_DIAG_IGNORE_DEPR_DECLS
#define _Py_thread_local __thread
#define Py_BUILD_ASSERT(condition)
#define Py_BUILD_ASSERT_EXPR(condition) 0
#define Py_ARRAY_LENGTH(array) (sizeof(array) / sizeof((array)[0]))
`;

/** Of compilers and standard headers. */
export const compilerMacros: string = String.raw`
#define __attribute__(x)
#define __attribute(x)
#define __declspec(x)
#define __extension__
#define _Pragma(text)
#define __restrict
#define __restrict__
#define __const const
#define __signed__ signed
#define __volatile__ volatile
#define __inline inline
#define __inline__ inline
#define __forceinline inline
#define __cdecl
#define __stdcall
#define WINAPI
#define APIENTRY
#define CALLBACK
#define NTAPI
#define WSAAPI
#define PASCAL
#define __BEGIN_DECLS
#define __END_DECLS
#define _Noreturn
#define _Alignas(x)
#define _Static_assert(...)
#define static_assert(...)
#define _Atomic(type) _Atomic type
#define __typeof__(x) __typeof
#define __typeof(x) __typeof
#define __alignof__(x) sizeof(x)
#define offsetof(type, member) offsetof(type, member)
#define __builtin_offsetof(type, member) offsetof(type, member)
#define __builtin_types_compatible_p(a, b) 1
#define __builtin_choose_expr(condition, a, b) (a)
#define va_arg(list, type) (*(type *)va_arg(list))
#define __builtin_va_arg(list, type) (*(type *)va_arg(list))
`;

export const macrosOfC: string = String.raw`
#define restrict
#define noreturn
#define _Thread_local __thread
#define thread_local __thread
#define typeof(x) __typeof
#define PyMODINIT_FUNC PyObject *
`;

/** Modules of pybind11 and nanobind: what is declared about them becomes the arguments of a call. */
export const macrosOfCpp: string = String.raw`
#define PyMODINIT_FUNC extern "C" PyObject *
#define PYBIND11_MODULE(name, variable, ...) auto PYBIND11_MODULE_options_##name = PYBIND11_MODULE(__VA_ARGS__); void PYBIND11_MODULE_##name(pybind11::module_ &variable)
#define NB_MODULE(name, variable) void NB_MODULE_##name(nanobind::module_ &variable)
`;

/** Stay as they are written, though a subject may define them itself: readers know them by name. */
export const keptNames: readonly string[] = [
  "Py_INCREF",
  "Py_DECREF",
  "Py_XINCREF",
  "Py_XDECREF",
  "Py_NewRef",
  "Py_XNewRef",
  "Py_CLEAR",
  "Py_SETREF",
  "Py_XSETREF",
  "Py_VISIT",
  "Py_REFCNT",
  "Py_TYPE",
  "Py_SIZE",
  "Py_SET_REFCNT",
  "Py_SET_TYPE",
  "Py_SET_SIZE",
  "Py_IS_TYPE",
  "Py_Is",
  "Py_IsNone",
  "Py_None",
  "Py_True",
  "Py_False",
  "Py_NotImplemented",
  "Py_Ellipsis",
  "Py_UNREACHABLE",
  "Py_XSETREF",
  "PyList_GET_ITEM",
  "PyList_GET_SIZE",
  "PyList_SET_ITEM",
  "PyTuple_GET_ITEM",
  "PyTuple_GET_SIZE",
  "PyTuple_SET_ITEM",
  "PySequence_Fast_GET_ITEM",
  "PySequence_Fast_GET_SIZE",
  "PySequence_Fast_ITEMS",
  "PyDict_GET_SIZE",
  "PySet_GET_SIZE",
  "PyCell_GET",
  "PyCell_SET",
  "PyWeakref_GET_OBJECT",
  "PyBytes_AS_STRING",
  "PyBytes_GET_SIZE",
  "PyByteArray_AS_STRING",
  "PyByteArray_GET_SIZE",
  "PyUnicode_GET_LENGTH",
  "PyUnicode_DATA",
  "PyUnicode_KIND",
  "PyUnicode_READ",
  "PyUnicode_WRITE",
  "PyFloat_AS_DOUBLE",
  "assert",
];

/** Names that versions of Python before the given one do not define (PY_VERSION_HEX, first two bytes). */
export const introducedIn: ReadonlyMap<string, number> = new Map([
  ["Py_BEGIN_CRITICAL_SECTION", 0x030d],
  ["Py_END_CRITICAL_SECTION", 0x030d],
  ["Py_BEGIN_CRITICAL_SECTION2", 0x030d],
  ["Py_END_CRITICAL_SECTION2", 0x030d],
  ["Py_BEGIN_CRITICAL_SECTION_MUTEX", 0x030e],
  ["Py_BEGIN_CRITICAL_SECTION2_MUTEX", 0x030e],
  ["Py_TRASHCAN_BEGIN", 0x0309],
  ["Py_TRASHCAN_END", 0x0309],
  ["Py_NewRef", 0x030a],
  ["Py_XNewRef", 0x030a],
  ["Py_Is", 0x030a],
  ["Py_IsNone", 0x030a],
  ["Py_SET_REFCNT", 0x0309],
  ["Py_SET_TYPE", 0x0309],
  ["Py_SET_SIZE", 0x0309],
  ["Py_IS_TYPE", 0x0309],
]);
