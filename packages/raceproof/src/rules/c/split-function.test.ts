// How functions are split under a section: headers of many forms, and those that are refused.
import { describe, expect, it } from "vitest";
import type { FixAnswer, FixSource, FunctionPlace } from "../../vocabulary/index.ts";
import { splitUnderSection } from "./split-function.ts";

function split(text: string, name: string, objects: readonly string[] = ["self"], other = "#define Py_BEGIN_CRITICAL_SECTION"): FixAnswer {
  const from = text.search(/^(?:static|int|LOCAL)\b/m);
  const place: FunctionPlace = { file: "m.c", name, from, body: text.indexOf("{", from), to: text.indexOf("\n}", from) + 2 };
  const source: FixSource = {
    textOf: () => text,
    functionAt: () => place,
    mentions: (word) => new RegExp(`\\b${word}\\b`).test(text + other),
  };
  return splitUnderSection(place, objects, source);
}

/** The text after the edits. */
function result(text: string, answer: FixAnswer): string {
  if (answer.kind !== "fix") return JSON.stringify(answer);
  return answer.edits
    .toSorted((a, b) => b.from - a.from || b.to - a.to)
    .reduce((left, edit) => left.slice(0, edit.from) + edit.text + left.slice(edit.to), text);
}

describe("a function under a section", () => {
  it("keeps its body, under another name, and its returns", () => {
    const text = "static PyObject *\nT_get(T *self, PyObject *Py_UNUSED(ignored))\n{\n    if (!self->a) return NULL;\n    return self->a;\n}\n";
    expect(result(text, split(text, "T_get"))).toBe(
      "static PyObject *\nT_get_lock_held(T *self, PyObject *Py_UNUSED(ignored))\n{\n    if (!self->a) return NULL;\n    return self->a;\n}\n\n" +
        "static PyObject *\nT_get(T *self, PyObject *ignored)\n{\n    PyObject *result;\n    Py_BEGIN_CRITICAL_SECTION(self);\n" +
        "    result = T_get_lock_held(self, ignored);\n    Py_END_CRITICAL_SECTION();\n    return result;\n}\n",
    );
  });

  it("locks two objects at once", () => {
    const text = "static int T_eq(T *a, T *b)\n{\n\treturn a->x == b->x;\n}\n";
    expect(result(text, split(text, "T_eq", ["a", "b"]))).toContain(
      "\tint result;\n\tPy_BEGIN_CRITICAL_SECTION2(a, b);\n\tresult = T_eq_lock_held(a, b);\n\tPy_END_CRITICAL_SECTION2();\n\treturn result;\n",
    );
  });

  it("returns nothing where it did", () => {
    const text = "static inline void T_reset(T *self, Py_ssize_t sizes[], PyObject *const *args)\n{\n    self->x = 0;\n}\n";
    expect(result(text, split(text, "T_reset"))).toContain(
      "{\n    Py_BEGIN_CRITICAL_SECTION(self);\n    T_reset_lock_held(self, sizes, args);\n    Py_END_CRITICAL_SECTION();\n}",
    );
  });

  it("is declared before itself where it calls itself, and its inner half is static", () => {
    const text = "int T_walk(T *self)\n{\n    return T_walk(self->next);\n}\n";
    expect(result(text, split(text, "T_walk"))).toMatch(
      /^int T_walk\(T \*self\);\n\nstatic int T_walk_lock_held\(T \*self\)\n\{\n {4}return T_walk\(self->next\);/,
    );
  });

  it("goes on without taking the section again where it calls itself about the same object", () => {
    const text = "static int f(T *self, int n)\n{\n    return n == 0 ? 0 : f(self, n - 1);\n}\n";
    expect(result(text, split(text, "f"))).toContain("static int f_lock_held(T *self, int n)\n{\n    return n == 0 ? 0 : f_lock_held(self, n - 1);\n}");
  });

  it("gets macros for older Pythons where the project has none, behind the includes that no condition encloses", () => {
    const text = "#ifndef M_H\n#define M_H\n#include <Python.h>\n#if A\n#include <a.h>\n#endif\n\nstatic int f(T *self)\n{\n    return 0;\n}\n#endif\n";
    expect(result(text, split(text, "f", ["self"], ""))).toMatch(/#include <Python\.h>\n\n#ifndef Py_BEGIN_CRITICAL_SECTION [^]*#endif\n#if A\n/);
    expect(result(text, split(text, "f"))).not.toContain("#ifndef Py_BEGIN");
  });

  it.each([
    ["a macro declares it", "LOCAL(int)\nf(T *self)\n{\n    return 0;\n}\n", "it is declared through a macro"],
    ["a parameter has no name", "static int f(T *self, int (*)(void))\n{\n    return 0;\n}\n", "a parameter has no name"],
    [
      "its header holds comments",
      "static int f(T *self /* own */)\n{\n    return 0;\n}\n",
      "its header holds directives, comments or C++ that is not understood",
    ],
    ["an object may be missing", "static int f(T *self)\n{\n    if (self == NULL) return 0;\n    return 1;\n}\n", "self may be NULL"],
    ["the other name is taken", "static int f(T *self)\n{\n    return f_lock_held(self);\n}\n", "there is a f_lock_held already"],
  ])("is refused where %s", (_, text, reason) => {
    expect(split(text, "f")).toEqual({ kind: "refusal", reason });
  });
});
