// Cython files as Python trees with declarations: nothing moves, nothing is lost, nothing fails.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createNameTable } from "../python/index.ts";
import { maskCython } from "./mask-cython.ts";
import { parseCython } from "./parse-cython.ts";

/** As Python reads it, without the blanks that keep the length. */
function masked(text: string): string {
  const { bytes } = maskCython(text);
  expect(bytes).toHaveLength(text.length);
  return Buffer.from(bytes)
    .toString("latin1")
    .split("\n")
    .map((line) => line.replaceAll(/(?<=\S) +/g, " ").trimEnd())
    .join("\n");
}

function problems(text: string): readonly string[] {
  return parseCython(Buffer.from(text), createNameTable()).tree.problems.map(({ message }) => message);
}

const sample = `cimport cython
from libc.stdlib cimport malloc, free
from cpython.object cimport (PyObject, Py_EQ)
cdef extern from "foo.h" nogil:
    ctypedef struct foo_t:
        int x
    int foo(int, char *) except -1
DEF SIZE = 10UL
cdef int counter = 0, other
cdef:
    object cache = {}
    int *pointer
@cython.final
cdef public class Foo(Bar) [object FooObject, type Foo_Type]:
    cdef readonly int size
    cdef public list items, names
    cdef object __weakref__
    def __cinit__(self, object items not None, char buffer[10], int size=0, *args, **kwargs):
        cdef int i = <int>size, j = 2
        cdef Py_ssize_t n
        self.items = <list?>items
        for i from 0 <= i < n by 2:
            foo(&i, sizeof(unsigned long), <char *>(self.x))
        with nogil:
            self.size = a < b > c
    @cython.locals(a=int)
    cdef inline int go(self, int[:] view, (int, int) pair) except? -1 nogil:
        return view[0]
    cpdef bint ready(self)
    property value:
        def __get__(self): return self._value
cdef (int, int) pair(const char *name,
                     ...) noexcept with gil:
    raise ValueError, "x"
IF UNAME == "Linux":
    cdef void (*callback)(int)
ELSE:
    pass
`;

describe("Cython", () => {
  it.each([
    ["cimport a.b as c", "import a.b as c"],
    ["from a cimport b", "from a import b"],
    ["cdef class A(B) [type T]: pass", "class A(B) : pass"],
    ["cdef class A", "pass"],
    ["cdef int f(self, int a=1, object b not None, c or None) except -1 nogil:\n  pass", "def f(self, a:int=1, b , c ):\n  pass"],
    ["cdef int x", "x:int"],
    ["def f():\n  cdef char *x", "def f():\n  pass"],
    ['include "a/b.pxi"', "from.a.b import*"],
    ["cdef int[:] \\\n  x = y", "            \\\n  x = y"],
    ["async = Kind.None", "_sync = Kind._one"],
    ["cdef int x = 1, *y = &z, w", "x = 1; y = z"],
    ["cdef struct s:\n  int a\nx", "pass\n\nx"],
    ["cpdef enum E:\n  A = 1", "pass\n"],
    ["x = <int>y + <char*>(z) if a < b else 0xFFUL", "x = y + (z) if a < b else 0xFF"],
    ["def f(int x, *, y: int = 3): pass", "def f(x:int, *, y: int = 3): pass"],
    ["cdef Foo x = y", "x:Foo = y"],
    ["cdef class A:\n  cdef list a, b\n  cdef char *c", "class A:\n  a:list;b:list\n  c:0"],
    ["cdef = 3; property = cdef", "cdef = 3; property = cdef"],
    ["raise A, b", "raise A; b"],
    ["f(new Foo(1), c'x')", "f( Foo(1), 'x')"],
  ])("%j", (text, result) => {
    expect(masked(text).replaceAll(/\( +/g, "(")).toBe(result.replaceAll(/\( +/g, "("));
  });

  it("of all sorts parses, and says what it declares", () => {
    expect(problems(sample)).toEqual([]);
    const { declarations } = parseCython(Buffer.from(sample), createNameTable());
    const said = declarations.map(({ kind, name, type, words }) => [kind, name, type, ...words].join(" "));
    expect(said).toEqual([
      "global counter int",
      "global other int",
      "global cache object",
      "global pointer int *",
      "class Foo  public",
      "attribute size int readonly",
      "attribute items list public",
      "attribute names list public",
      "attribute __weakref__ object",
      "variable i int",
      "variable j int",
      "variable n Py_ssize_t",
      "function go int inline nogil",
      "function ready bint cpdef",
      "property value ",
      "function pair (int, int) noexcept gil",
      "global callback void (*",
    ]);
    for (const { name, offset } of declarations) expect(sample.slice(offset, offset + name.length)).toBe(name);
  });

  it("keeps every offset", () => {
    const { tree } = parseCython(Buffer.from(sample), createNameTable());
    expect(tree.source).toHaveLength(sample.length);
    expect(Buffer.from(tree.source).toString().indexOf("self.items =")).toBe(sample.indexOf("self.items ="));
  });

  it("never fails, however it is cut", () => {
    fc.assert(
      fc.property(fc.nat(sample.length), fc.nat(60), fc.constantFrom("", "(", ")", '"""', "cdef ", ":\n", "<"), (at, length, inserted) => {
        const text = sample.slice(0, at) + inserted + sample.slice(at + length);
        expect(parseCython(Buffer.from(text), createNameTable()).tree.source).toHaveLength(text.length);
      }),
      { numRuns: 300, seed: 3 },
    );
  });
});
