/**
 * The C and C++ front end of the sources room: files and build configurations in, units with flat trees out.
 *
 * ```ts
 * const front = await openCFrontEnd();                         // loads the grammars once (the only asynchronous step)
 * const program = front.parse(files, configurations, names);    // CProgram
 * for (const unit of program.units) ...                        // one per file and distinct result
 * ```
 *
 * Contract for readers:
 *
 * - A unit is a file as a configuration compiles it: `#if` decided, the subject's own macros and the known ones of CPython expanded, comments
 *   dropped. Its `tree` is a SyntaxTree as Python's (post-order flat arrays, `childrenOf`, `childWithRole`, `textOf`, `nameOf`) with CKind,
 *   CRole, COperator and CFlag; offsets are into the expanded text.
 * - `placeIn(program, unit, offset)` is the file, line and column to show; `spellingIn` the place inside a macro's definition or argument.
 *   Both name a file, because text of unguarded headers (`unit.inlined`) is part of the unit.
 * - Headers with an include guard are units of their own, with the macros their first includer had; `unit.includes` links to them.
 *   Their functions are seen once, not once per includer.
 * - Macros that stand for constants stay identifiers; `unit.constants` has their text. Macros of headers outside the subject stay calls or
 *   identifiers, unless the prelude (prelude.ts) knows them.
 * - Lock macros: `Py_BEGIN_CRITICAL_SECTION(x); ... Py_END_CRITICAL_SECTION();` is a SectionBlock named after the BEGIN macro. Its first
 *   child, role `begin`, is the ExpressionStatement of the Call of that name, whose arguments are the lock expressions; its last, role `end`, that of
 *   the Call of the END macro. A label right before END is a Labeled whose body is that END call (then there is no `end` child). Sections are in the tree under the GIL too, where they lock nothing.
 *   `Py_BEGIN_ALLOW_THREADS`, `Py_TRASHCAN_BEGIN` and the variants (2, _MUTEX, _SEQUENCE_FAST) likewise.
 * - `Py_RETURN_NONE` is `return Py_NewRef(Py_None)`; `Py_VISIT`, `Py_CLEAR`, `Py_SETREF` stay calls although they contain a return or a decref;
 *   `PyObject_HEAD` is the member `PyObject ob_base`; casts in `PyObject_New(T, t)` are explicit: `(T *)PyObject_New(t)`.
 * - `unit.origin` tells own, vendored and generated code apart. Coverage counts files, functions and error bytes of what was parsed.
 *
 * Misses: effects of a header that differ between its includers; K&R definitions; macros of headers that are not part of the subject.
 */
export * from "./kinds.ts";
export * from "./c-unit.ts";
export { openCFrontEnd, placeIn, spellingIn, type CFrontEnd, type CSourceBytes } from "./parse-c.ts";
export { buildConfiguration, type BuildConfiguration } from "./build-configuration.ts";
export { isExpanded, originOf, spellingOf, type FileOffset, type PositionMap } from "./position-map.ts";
