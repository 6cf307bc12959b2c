// The macros of CPython that open and close a block around other statements, with what they mean.
// What enters: nothing. What leaves: a table by the opening macro. Source: https://docs.python.org/3/c-api/init.html (thread state, critical sections).

/** The closing macro by the opening one. */
export const sectionMacros: ReadonlyMap<string, string> = new Map([
  ["Py_BEGIN_CRITICAL_SECTION", "Py_END_CRITICAL_SECTION"],
  ["Py_BEGIN_CRITICAL_SECTION2", "Py_END_CRITICAL_SECTION2"],
  ["Py_BEGIN_CRITICAL_SECTION_MUTEX", "Py_END_CRITICAL_SECTION"],
  ["Py_BEGIN_CRITICAL_SECTION_MUT", "Py_END_CRITICAL_SECTION"],
  ["Py_BEGIN_CRITICAL_SECTION2_MUTEX", "Py_END_CRITICAL_SECTION2"],
  ["Py_BEGIN_CRITICAL_SECTION2_MUT", "Py_END_CRITICAL_SECTION2"],
  ["Py_BEGIN_CRITICAL_SECTION_SEQUENCE_FAST", "Py_END_CRITICAL_SECTION_SEQUENCE_FAST"],
  ["Py_BEGIN_ALLOW_THREADS", "Py_END_ALLOW_THREADS"],
  ["Py_TRASHCAN_BEGIN", "Py_TRASHCAN_END"],
  ["Py_TRASHCAN_SAFE_BEGIN", "Py_TRASHCAN_SAFE_END"],
]);
