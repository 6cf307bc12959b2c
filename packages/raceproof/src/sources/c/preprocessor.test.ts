// What the preprocessor makes of conditionals, macros and includes.
import { describe, expect, it } from "vitest";
import { buildConfiguration } from "./build-configuration.ts";
import { expanded, freeThreaded, parseTexts, unitAt, withGil } from "./testing.ts";

describe("conditionals", () => {
  it.each([
    ["#ifdef Py_GIL_DISABLED\na;\n#else\nb;\n#endif", "a;"],
    ["#ifndef Py_GIL_DISABLED\na;\n#else\nb;\n#endif\nc;", "b; c;"],
    ["#if PY_VERSION_HEX >= 0x030d0000 && !defined(NOTHING)\na;\n#endif", "a;"],
    ["#if UNKNOWN > 1\na;\n#elif UNKNOWN_CALL(1, (2)) + 1\nb;\n#else\nc;\n#endif", "b;"],
    ["#define V(a, b) ((a) << 8 | (b))\n#if PY_MAJOR_VERSION * 256 + PY_MINOR_VERSION == V(3, 13)\na;\n#endif", "a;"],
    ["#if 0\n'don't /* \n#endif */ \" \n#if 1\n#else\n#endif\n#elif 1 // yes\na;\n#endif", "a;"],
    ["#if (1 ? 0 : 1) || 'a' == 97 && ~0 == -1 && 7 / 2 % 2 == 1\na;\n#endif", "a;"],
    ["#if 1\na;\n#elif 1\nb;\n#else\nc;\n#endif\nd;", "a; d;"],
    ["#if 1\\\n == 2\na;\n#endif\nb;", "b;"],
    ["a;\n#if 0\nb;", "a;"],
    ["#endif\n#else\na;", "a;"],
    ["#if 1 / 0 || __has_include(<x.h>)\na;\n#endif", ""],
  ])("%j", async (text, result) => {
    expect(await expanded(text)).toBe(result);
  });

  it("give another unit for another build", async () => {
    const program = await parseTexts({ "a.c": "#ifdef Py_GIL_DISABLED\nint a;\n#endif\nint b;", "b.c": "int c;" }, [freeThreaded, withGil]);
    expect(program.units.map(({ path, configurations }) => `${path} ${configurations.join(" ")}`)).toEqual([
      "a.c free-threaded-3.13",
      "a.c gil-3.13",
      "b.c free-threaded-3.13 gil-3.13",
    ]);
  });

  it("know which versions of Python define what", async () => {
    const text = "#ifdef Py_BEGIN_CRITICAL_SECTION\na;\n#else\nb;\n#endif";
    expect(await expanded(text)).toBe("a;");
    expect(await expanded(text, {}, buildConfiguration("gil", [3, 12]))).toBe("b;");
  });

  it("take what -D would define", async () => {
    expect(await expanded("#if MINE == 3\na;\n#endif", {}, buildConfiguration("gil", [3, 13], { MINE: "3" }))).toBe("a;");
  });
});

describe("macros", () => {
  it.each([
    ["#define F(x) g(x)->y\nF(a + b);", "g(a + b)->y;"],
    ["#define F(x) f(x)\n#define G F\nG (1) G;", "f(1) F;"],
    ["#define LOCK(x) if (x) {\n#define UNLOCK }\nLOCK(a) b; UNLOCK", "if (a) { b; }"],
    ['#define S(x) #x\n#define J(a, b) a ## b ## _t\nS(a "b\\n" +  c) J(x, 1)', '"a \\"b\\\\n\\" + c" x1_t'],
    ["#define P(f, ...) p(f, ##__VA_ARGS__)\nP(1); P(1, 2, 3);", "p(1); p(1, 2, 3);"],
    ["#define P(f, args...) p(f, args)\nP(1, 2, (3, 4));", "p(1, 2, (3, 4));"],
    ["#define F(x) F(x + 1)\nF(F(2));", "F(F(2 + 1) + 1);"],
    ["#define A B\n#define B A\nA B;", "A B;"],
    ["#define F(x) x\n#define f F\nf\n(\n#if 1\n1\n#endif\n);", "1;"],
    ["#define E\nint E x E;", "int x;"],
    ["#define NEG -1\n#define M (a - 1)\n-M -NEG", "-(a - 1) -NEG"],
    ["#define M -a\n-M", "- -a"],
    ["#define RET(t) t\nRET(void)f(void);", "void f(void);"],
    ["#define F(x) x\nF (1", "F (1"],
    ["#define F(x) x\n#undef F\nF(1)", "F(1)"],
    ["#define F() g()\nF() F( )", "g() g()"],
    ["#define L \\\n  a /* not here */ \\\n  b // nor here\nL c", "a b c"],
  ])("%j", async (text, result) => {
    expect(await expanded(text)).toBe(result);
  });

  it("that stand for numbers stay and are noted", async () => {
    const unit = unitAt(
      await parseTexts({ "a.c": "#define EMPTY ((Py_ssize_t)-1)\n#define FLAG (1UL << 9)\n#define SELF self->x\nint a = EMPTY + FLAG + SELF;" }),
      "a.c",
    );
    expect(unit.tree.ascii).toContain("EMPTY + FLAG + self->x");
    expect([...unit.constants]).toEqual([
      ["EMPTY", "((Py_ssize_t)-1)"],
      ["FLAG", "(1UL << 9)"],
    ]);
  });

  it("of Python keep their meaning", async () => {
    expect(await expanded("Py_RETURN_NONE; Py_VISIT(self->a); PyObject_New(Foo, t); va_arg(v, int *);")).toBe(
      "return Py_NewRef(Py_None); Py_VISIT(self->a); ((Foo *)PyObject_New(t)); (*(int * *)va_arg(v));",
    );
    expect(await expanded('PyDoc_STRVAR(doc, "x"); struct s { PyObject_HEAD; int a; }; static PyMethodDef m[] = { A_B_METHODDEF {NULL} };')).toBe(
      'static const char doc[] = "x"; struct s { PyObject ob_base; int a; }; static PyMethodDef m[] = { {0}, {NULL} };',
    );
  });

  it("that explode stay as they are written", async () => {
    const bomb = Array.from({ length: 40 }, (_, index) => `#define A${index + 1} A${index} A${index}`).join("\n");
    expect(await expanded(`#define A0 x(y)\n${bomb}\nA40;`)).toBe("A40;");
  });
});

describe("includes", () => {
  const guarded = (name: string, text: string): string => `#ifndef ${name}\n#define ${name}\n${text}\n#endif\n`;

  it("of guarded headers bring macros, and a unit of their own", async () => {
    const program = await parseTexts({ "src/a.c": '#include "b.h"\nint a = F(1);', "src/b.h": guarded("B_H", "#define F(x) g(x)\nint b;") });
    expect(program.units.map(({ path, includes }) => [path, includes])).toEqual([
      ["src/a.c", ["src/b.h"]],
      ["src/b.h", []],
    ]);
    expect(unitAt(program, "src/a.c").tree.ascii?.trim()).toBe("int a = g(1);");
  });

  it("of others become part of the text", async () => {
    const program = await parseTexts({ "a.c": '#define N x\n#include "t.h"\n#undef N\n#define N y\n#include "t.h"\n', "t.h": "int F(N);\n", "clinic/c.h": "" });
    const unit = unitAt(program, "a.c");
    expect(unit.tree.ascii?.replaceAll(/\s+/g, " ").trim()).toBe("int F(x);int F(y);");
    expect(unit.inlined).toEqual(["t.h"]);
    expect(program.units.map(({ path }) => path)).toEqual(["a.c", "clinic/c.h"]);
  });

  it("look beside the file, then in the subject", async () => {
    const more = { "include/lib/x.h": "in_lib\n", "x.h": "beside\n", "other/include/lib/x.h": "far\n" };
    expect(await expanded('#include "x.h"\n#include <lib/x.h>\n#include <Python.h>\n', more)).toBe("beside in_lib");
  });

  it("name what is missing", async () => {
    expect((await parseTexts({ "a.c": '#include "no.h"\n#include <stdio.h>\n' })).coverage.missingIncludes).toEqual(["no.h"]);
  });

  it("do not go in circles", async () => {
    expect(await expanded('#include "b.h"\nend', { "b.h": '#include "a.c"\n#include "b.h"\nb\n' })).toBe("b end");
  });

  it("see a header again when its conditionals would say something else", async () => {
    const header = guarded("H", "#ifdef MINE\n#define F(x) mine(x)\n#else\n#define F(x) other(x)\n#endif\n");
    const program = await parseTexts({ "a.c": '#include "h.h"\nF(1)', "b.c": '#define MINE\n#include "h.h"\nF(1)', "h.h": header });
    expect(["a.c", "b.c"].map((path) => unitAt(program, path).tree.ascii?.trim())).toEqual(["other(1)", "mine(1)"]);
  });

  it("give a header to its first includer even when only another header names it", async () => {
    const texts = {
      "a.c": '#include "b.h"\nF(1)',
      "b.h": guarded("B", '#include "c.h"'),
      "c.h": guarded("C", "#define F(x) x"),
      "d.c": '#include "b.h"\nF(2)',
    };
    const program = await parseTexts(texts);
    expect(unitAt(program, "d.c").tree.ascii?.trim()).toBe("2");
  });
});

describe("origin", () => {
  it.each([
    ["a.c", "/* Generated by Cython 3.0.10 */", "generated"],
    ["src/pythoncapi_compat.h", "", "vendored"],
    ["vendor/x/a.c", "", "vendored"],
    ["a.c", "int a;", "own"],
  ])("of %s beginning %j is %s", async (path, text, origin) => {
    expect(unitAt(await parseTexts({ [path]: text }), path).origin).toBe(origin);
  });
});

describe("languages", () => {
  const languagesOf = async (texts: Readonly<Record<string, string>>): Promise<string> =>
    (await parseTexts(texts)).units.map(({ path, language }) => `${path}=${language}`).join(" ");

  it("of headers are those of their includers", async () => {
    expect(await languagesOf({ "a.cpp": '#include "b.h"', "b.h": "#pragma once\nint x;", "c.c": "", "d.h": "int y;" })).toBe("a.cpp=cpp b.h=cpp c.c=c d.h=c");
  });

  it("of headers nobody includes are told by their words, or by the other files", async () => {
    expect(await languagesOf({ "a.h": "template <typename T> T f();", "b.c": "", "c.h": "" })).toBe("a.h=cpp b.c=c c.h=c");
    expect(await languagesOf({ "a.h": "struct x {};", "b.cc": "" })).toBe("a.h=cpp b.cc=cpp");
  });
});
