// Simple statements: targets and their contexts, imports, type aliases.
import { describe, expect, it } from "vitest";
import { outlineStatements } from "./tree-outline.ts";

function outline(text: string): string {
  const [statement = "", ...rest] = outlineStatements(text);
  expect(rest).toEqual([]);
  return statement;
}

describe("assignments", () => {
  it("store to every target, however nested", () => {
    expect(outline("a = b.c = d[e] = f")).toBe(
      "Assign(targets=Name a Store, targets=Attribute c Store(value=Name b), targets=Subscript Store(value=Name d, slice=Name e), value=Name f)",
    );
    expect(outline("a, [b, *c], (d.e) = f")).toBe(
      "Assign(targets=Tuple Store(elts=Name a Store, elts=List Store(elts=Name b Store, elts=Starred Store(value=Name c Store)), " +
        "elts=Attribute e Store(value=Name d)), value=Name f)",
    );
    expect(outline("x = yield")).toBe("Assign(targets=Name x Store, value=Yield)");
  });

  it("to what a call or a type gives are writes, too", () => {
    expect(outline("type(self).cache = 1")).toBe("Assign(targets=Attribute cache Store(value=Call(func=Name type, args=Name self)), value=Constant Integer)");
    expect(outline("type.x = match.y = 1")).toContain("targets=Attribute x Store(value=Name type), targets=Attribute y Store(value=Name match)");
  });

  it.each([
    ["+=", "Add"],
    ["-=", "Sub"],
    ["*=", "Mult"],
    ["@=", "MatMult"],
    ["/=", "Div"],
    ["//=", "FloorDiv"],
    ["%=", "Mod"],
    ["**=", "Pow"],
    ["<<=", "LShift"],
    [">>=", "RShift"],
    ["&=", "BitAnd"],
    ["|=", "BitOr"],
    ["^=", "BitXor"],
  ])("augment with %s", (token, operator) => {
    expect(outline(`a.b ${token} 1, 2`)).toBe(
      `AugAssign ${operator}(target=Attribute b Store(value=Name a), value=Tuple(elts=Constant Integer, elts=Constant Integer))`,
    );
  });

  it("annotate, simply or not", () => {
    expect(outline("a: int = 1")).toBe("AnnAssign 1(target=Name a Store, annotation=Name int, value=Constant Integer)");
    expect(outline("(a): int")).toBe("AnnAssign 0(target=Name a Store, annotation=Name int)");
    expect(outline("a.b: int")).toBe("AnnAssign 0(target=Attribute b Store(value=Name a), annotation=Name int)");
  });

  it.each(["f() = 1", "a + b = 1", "a, 1 = b", "f() += 1", "a, b += 1", "[a]: int", "None = 1", "a() : int = 1"])("report %s", (text) => {
    expect(outlineStatements(text).at(-1)).toMatch(/^! /);
  });
});

describe("keyword statements", () => {
  it.each([
    [
      "del a, b.c, (d, e[0])",
      "Delete(targets=Name a Del, targets=Attribute c Del(value=Name b), targets=Tuple Del(elts=Name d Del, elts=Subscript Del(value=Name e, slice=Constant Integer)))",
    ],
    ["return", "Return"],
    ["return *a, b", "Return(value=Tuple(elts=Starred(value=Name a), elts=Name b))"],
    ["raise", "Raise"],
    ["raise a from None", "Raise(exc=Name a, cause=Constant None)"],
    ["assert a, b", "Assert(test=Name a, msg=Name b)"],
    ["global a, b", "Global(names=Identifier a, names=Identifier b)"],
    ["nonlocal a", "Nonlocal(names=Identifier a)"],
    ["pass", "Pass"],
    ["break", "Break"],
    ["continue", "Continue"],
  ])("%s", (text, expected) => {
    expect(outline(text)).toBe(expected);
  });

  it("stand in a row", () => {
    expect(outlineStatements("a; pass; b = 1;\nc")).toEqual([
      "Expr(value=Name a)",
      "Pass",
      "Assign(targets=Name b Store, value=Constant Integer)",
      "Expr(value=Name c)",
    ]);
  });

  it("keep what they cannot assign to as it is", () => {
    expect(outlineStatements("a + b = 1")[0]).toBe("Assign(targets=BinOp Add(left=Name a, right=Name b), value=Constant Integer)");
  });

  it("delete no calls and no stars", () => {
    expect(outlineStatements("del f()").at(-1)).toBe("! 4: cannot delete this expression");
    expect(outlineStatements("del *a").at(-1)).toBe("! 4: cannot delete a starred expression");
  });
});

describe("imports", () => {
  it.each([
    ["import a, b.c as d", "Import(names=alias a, names=alias b.c(asname=Identifier d))"],
    ["import a . b \\\n . c", "Import(names=alias a.b.c)"],
    ["from a.b import c as d, e", "ImportFrom a.b 0(names=alias c(asname=Identifier d), names=alias e)"],
    ["from . import (a, b,)", "ImportFrom 1(names=alias a, names=alias b)"],
    ["from .... a import *", "ImportFrom a 4(names=alias *)"],
    ["from ..import x", "ImportFrom 2(names=alias x)"],
  ])("%s", (text, expected) => {
    expect(outline(text)).toBe(expected);
  });

  it.each(["from . import a.b", "from import a", "import", "import a.*", "from a import (b"])("%s is refused", (text) => {
    expect(outlineStatements(text).at(-1)).toMatch(/^! /);
  });
});

describe("type aliases", () => {
  it("declare names and parameters", () => {
    expect(outline("type A = int")).toBe("TypeAlias(name=Name A Store, value=Name int)");
    expect(outline("type A[T: b, *U = *c, **P = []] = T")).toBe(
      "TypeAlias(name=Name A Store, type_params=TypeVar T(bound=Name b), type_params=TypeVarTuple U(default_value=Starred(value=Name c)), " +
        "type_params=ParamSpec P(default_value=List), value=Name T)",
    );
  });

  it("leave 'type' an ordinary name", () => {
    expect(outline("type = 1")).toBe("Assign(targets=Name type Store, value=Constant Integer)");
    expect(outline("type in a")).toContain("Compare(left=Name type");
    expect(outline("type (a)")).toContain("Call(func=Name type");
    expect(outline("type[a]")).toContain("Subscript(value=Name type");
  });
});
