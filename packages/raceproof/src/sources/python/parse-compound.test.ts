// Compound statements, one grammar area after the other.
import { describe, expect, it } from "vitest";
import { createNameTable } from "./byte-name-table.ts";
import { PythonKind } from "./kinds.ts";
import { parsePython } from "./parse-python.ts";
import { outlineStatements } from "./tree-outline.ts";

function outline(text: string): string {
  const [statement = "", ...rest] = outlineStatements(text);
  expect(rest).toEqual([]);
  return statement;
}

describe("branches and loops", () => {
  it("put an elif in the orelse before it", () => {
    expect(outline("if a: pass\nelif b:\n  c\nelse: d")).toBe(
      "If(test=Name a, body=Pass, orelse=If(test=Name b, body=Expr(value=Name c), orelse=Expr(value=Name d)))",
    );
  });

  it("read chains of thousands", () => {
    const text = `if a: pass\n${"elif b: pass\n".repeat(20_000)}else: pass`;
    const tree = parsePython(new TextEncoder().encode(text), createNameTable());
    expect(tree.problems).toEqual([]);
    expect(tree.kind.filter((kind) => kind === PythonKind.If)).toHaveLength(20_001);
  });

  it("loop with else", () => {
    expect(outline("while a := b: break\nelse: pass")).toBe("While(test=NamedExpr(target=Name a Store, value=Name b), body=Break, orelse=Pass)");
    expect(outline("for a, *b in *c, d: continue\nelse: pass")).toBe(
      "For(target=Tuple Store(elts=Name a Store, elts=Starred Store(value=Name b Store)), iter=Tuple(elts=Starred(value=Name c), elts=Name d), body=Continue, orelse=Pass)",
    );
    expect(outline("for a.b in c: pass")).toContain("target=Attribute b Store");
    expect(outline("async for a in b: pass")).toBe("AsyncFor(target=Name a Store, iter=Name b, body=Pass)");
  });
});

describe("try", () => {
  it("has handlers, else and finally", () => {
    expect(outline("try: a\nexcept (b, c) as d: pass\nexcept: pass\nelse: e\nfinally: f")).toBe(
      "Try(body=Expr(value=Name a), handlers=ExceptHandler d(type=Tuple(elts=Name b, elts=Name c), body=Pass), handlers=ExceptHandler(body=Pass), " +
        "orelse=Expr(value=Name e), finalbody=Expr(value=Name f))",
    );
  });

  it("handles groups", () => {
    expect(outline("try: a\nexcept* b as c: pass")).toBe("TryStar(body=Expr(value=Name a), handlers=ExceptHandler c(type=Name b, body=Pass))");
  });

  it("takes several types without parentheses (3.14)", () => {
    expect(outline("try: a\nexcept b, c: pass")).toContain("ExceptHandler(type=Tuple(elts=Name b, elts=Name c), body=Pass)");
  });

  it.each(["try: a\nb", "try: a\nexcept*: pass", "try: a\nexcept b: pass\nexcept* c: pass"])("reports %j", (text) => {
    expect(outlineStatements(text).at(-1)).toMatch(/^! /);
  });
});

describe("with", () => {
  it.each([
    ["with a, b as c: pass", "With(items=withitem(context_expr=Name a), items=withitem(context_expr=Name b, optional_vars=Name c Store), body=Pass)"],
    ["with (a, b as c,): pass", "With(items=withitem(context_expr=Name a), items=withitem(context_expr=Name b, optional_vars=Name c Store), body=Pass)"],
    ["with (a, b): pass", "With(items=withitem(context_expr=Name a), items=withitem(context_expr=Name b), body=Pass)"],
    ["with (a, b) as c: pass", "With(items=withitem(context_expr=Tuple(elts=Name a, elts=Name b), optional_vars=Name c Store), body=Pass)"],
    ["with (a).b(), c: pass", "With(items=withitem(context_expr=Call(func=Attribute b(value=Name a))), items=withitem(context_expr=Name c), body=Pass)"],
    ["with (yield): pass", "With(items=withitem(context_expr=Yield), body=Pass)"],
    ["with (a := b): pass", "With(items=withitem(context_expr=NamedExpr(target=Name a Store, value=Name b)), body=Pass)"],
    ["with (a, *b): pass", "With(items=withitem(context_expr=Tuple(elts=Name a, elts=Starred(value=Name b))), body=Pass)"],
    [
      "with a as (b, c.d): pass",
      "With(items=withitem(context_expr=Name a, optional_vars=Tuple Store(elts=Name b Store, elts=Attribute d Store(value=Name c))), body=Pass)",
    ],
    ["async with a: pass", "AsyncWith(items=withitem(context_expr=Name a), body=Pass)"],
    [
      "with (a if b else c) if d else e: pass",
      "With(items=withitem(context_expr=IfExp(body=IfExp(body=Name a, test=Name b, orelse=Name c), test=Name d, orelse=Name e)), body=Pass)",
    ],
  ])("%s", (text, expected) => {
    expect(outline(text)).toBe(expected);
  });
});

describe("definitions", () => {
  it("have parameters of five kinds, each followed by its default", () => {
    expect(outline("def f(a, b: c = 1, /, d=2, *e: *g, h, i: j = 3, **k: l) -> m: pass")).toBe(
      "FunctionDef f(posonlyargs=arg a, posonlyargs=arg b(annotation=Name c), defaults=Constant Integer, args=arg d, defaults=Constant Integer, " +
        "vararg=arg e(annotation=Starred(value=Name g)), kwonlyargs=arg h, kwonlyargs=arg i(annotation=Name j), kw_defaults=Constant Integer, " +
        "kwarg=arg k(annotation=Name l), returns=Name m, body=Pass)",
    );
    expect(outline("def f(*, a): pass")).toBe("FunctionDef f(kwonlyargs=arg a, body=Pass)");
  });

  it.each([
    "def f(a=1, b): pass",
    "def f(*): pass",
    "def f(*, **a): pass",
    "def f(/, a): pass",
    "def f(a, /, b, /): pass",
    "def f(*a, *b): pass",
    "def f(**a, b): pass",
    "def f(*, a, /): pass",
    "def f[](): pass",
  ])("report %s", (text) => {
    expect(outlineStatements(text).at(-1)).toMatch(/^! /);
  });

  it("come after their decorators, which belong to them", () => {
    expect(outline("@a\n@b.c(d)\nclass E: pass")).toBe(
      "ClassDef E(decorator_list=Name a, decorator_list=Call(func=Attribute c(value=Name b), args=Name d), body=Pass)",
    );
    expect(outline("@a := b\nasync def f(): pass")).toBe("AsyncFunctionDef f(decorator_list=NamedExpr(target=Name a Store, value=Name b), body=Pass)");
  });

  it("of classes have bases, keywords and type parameters", () => {
    expect(outline("class A[T: (int, str) = int](B, *C, metaclass=D, **E): pass")).toBe(
      "ClassDef A(type_params=TypeVar T(bound=Tuple(elts=Name int, elts=Name str), default_value=Name int), bases=Name B, bases=Starred(value=Name C), " +
        "keywords=keyword metaclass(value=Name D), keywords=keyword(value=Name E), body=Pass)",
    );
    expect(outline("class A(): pass")).toBe("ClassDef A(body=Pass)");
  });
});
