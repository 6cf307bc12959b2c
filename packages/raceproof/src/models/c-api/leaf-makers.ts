// Calls of the C API that make strings, numbers and the like, or hand out one of the constants: objects that refer to nothing.
// What enters: a function's name. What leaves: yes or no; which arguments are strings. Sources: the types' pages of docs.python.org/3/c-api; none of them supports the collector.

const leafMaker = /^Py(Unicode|Long|Bytes|Float|Bool|Complex|ByteArray|Capsule|OS)_|^PyThread_/;

/** @param callee a function's name. @returns whether what it returns refers to no other object */
export function makesLeaf(callee: string): boolean {
  return leafMaker.test(callee);
}

/** @param callee a function's name. @returns whether dropping what it returned runs nobody's code: no finalizer, no destructor */
export function makesPlainLeaf(callee: string): boolean {
  return leafMaker.test(callee) && !callee.startsWith("PyCapsule_");
}

/** Rows of calls whose first arguments must be strings, or they fail. Source: docs.python.org/3/c-api/unicode.html. */
const stringRows: readonly (readonly [RegExp, readonly number[]])[] = [
  [/^PyUnicode_(RichCompare|Compare|Concat|Equal|Find|Count|Contains|Tailmatch)$/, [0, 1]],
  [/^PyUnicode_(CompareWith\w+|EqualTo\w+|As\w+|GetLength|GET_LENGTH|KIND|DATA|READ_CHAR|ReadChar|Substring|FindChar|Split|Replace|READY|IS_ASCII)$/, [0]],
];

/** @param callee a function's name. @returns indexes of arguments that are strings when the call succeeds */
export function stringArguments(callee: string): readonly number[] {
  return callee.startsWith("PyUnicode_") ? (stringRows.find(([pattern]) => pattern.test(callee))?.[1] ?? []) : [];
}
