// Recovery from what does not parse, indentation, lines and names.
import { describe, expect, it } from "vitest";
import { outlineStatements } from "./tree-outline.ts";

const yStatement = "Assign(targets=Name y Store, value=Constant Integer)";

describe("a statement that does not parse", () => {
  it("becomes an Error, and the next statement is read", () => {
    expect(outlineStatements("a b\ny = 1")).toEqual(["Error", yStatement, "! 2: expected end of line, found name"]);
  });

  it("keeps the block under it", () => {
    expect(outlineStatements("if a b:\n  y = 1\ny = 1")).toEqual([`Error(body=${yStatement})`, yStatement, "! 5: expected ':', found name"]);
  });

  it("does not end the blocks around it", () => {
    expect(outlineStatements("class A:\n  def f(self):\n    a b\n  def g(self): pass\ny = 1")).toEqual([
      "ClassDef A(body=FunctionDef f(args=arg self, body=Error), body=FunctionDef g(args=arg self, body=Pass))",
      yStatement,
      "! 30: expected end of line, found name",
    ]);
  });

  it("with an open bracket ends where the next statement begins", () => {
    expect(outlineStatements("x = [1,\n  2\ndef f(): pass\ny = 1")).toEqual([
      "Error",
      "FunctionDef f(body=Pass)",
      yStatement,
      "! 12: expected ']', found 'def'",
    ]);
  });

  it("with an open string ends with its line", () => {
    expect(outlineStatements("x = 'a\ny = 1")).toEqual(["Error", yStatement, "! 4: unterminated string literal"]);
    expect(outlineStatements("x = '''a\ny = 1")).toEqual(["Error", yStatement, "! 4: unterminated string literal"]);
  });

  it("because its block is missing ends before the next statement", () => {
    expect(outlineStatements("for a in b:\ny = 1")).toEqual(["Error", yStatement, "! 12: expected an indented block, found name"]);
    expect(outlineStatements("class A:\n  def f():\ny = 1")).toEqual([
      "ClassDef A(body=Error)",
      yStatement,
      "! 20: expected an indented block, found end of block",
    ]);
  });

  it("may be a Python 2 one", () => {
    expect(outlineStatements("print 'a'\nraise A, 'b'\nexec 'c' in d\ny = 1").filter((line) => !line.startsWith("!"))).toEqual([
      "Error",
      "Error",
      "Error",
      yStatement,
    ]);
  });
});

describe("indentation", () => {
  it("that nothing asked for is reported, and its statements kept", () => {
    expect(outlineStatements("a\n  y = 1\ny = 1")).toEqual(["Expr(value=Name a)", `Error(body=${yStatement})`, yStatement, "! 4: unexpected indent"]);
  });

  it("that returns to no known level stays in the block", () => {
    expect(outlineStatements("if a:\n    b\n  y = 1\ny = 1")).toEqual([
      `If(test=Name a, body=Expr(value=Name b), body=${yStatement})`,
      yStatement,
      "! 14: unindent does not match any outer indentation level",
    ]);
  });

  it("counts tabs to the next multiple of eight and forgets at a form feed", () => {
    expect(outlineStatements("if a:\n\tb\n        c\n  \f\ty = 1")[0]).toBe(
      `If(test=Name a, body=Expr(value=Name b), body=Expr(value=Name c), body=${yStatement})`,
    );
    expect(outlineStatements("  \fy = 1")).toEqual([yStatement]);
  });

  it("of blank lines and comments does not matter", () => {
    expect(outlineStatements("if a:\n  b\n# c\n      # d\n\n  y = 1")).toEqual([`If(test=Name a, body=Expr(value=Name b), body=${yStatement})`]);
  });

  it("deeper than CPython's limit is reported", () => {
    const text = Array.from({ length: 150 }, (_, level) => `${" ".repeat(level)}if a:`).join("\n");
    expect(outlineStatements(text).some((line) => line.endsWith("too many levels of indentation"))).toBe(true);
  });
});

describe("lines", () => {
  it.each(["\n", "\r\n", "\r"])("may end with %j", (end) => {
    expect(outlineStatements(["if a:", "  b", "y = \\", "  1", "x = '''", "''' ; c", ""].join(end))).toEqual([
      "If(test=Name a, body=Expr(value=Name b))",
      yStatement,
      "Assign(targets=Name x Store, value=Constant String)",
      "Expr(value=Name c)",
    ]);
  });

  it("may be continued before their first word", () => {
    expect(outlineStatements("if a:\n  \\\n      b\n  y = 1\n\\\n  c")).toEqual([
      `If(test=Name a, body=Expr(value=Name b), body=${yStatement}, body=Expr(value=Name c))`,
    ]);
  });

  it("need not end at the end of the file", () => {
    expect(outlineStatements("if a:\n  y = 1")).toEqual([`If(test=Name a, body=${yStatement})`]);
    expect(outlineStatements("# a")).toEqual([]);
    expect(outlineStatements("")).toEqual([]);
  });

  it("may hold a null byte, which is reported", () => {
    expect(outlineStatements("a\0\ny = 1")).toEqual(["Error", yStatement, "! 1: source contains a null byte"]);
  });
});

describe("names", () => {
  it("are compared in NFKC", () => {
    expect(outlineStatements("\u{1d431}\u00e9 = \uff21\ufb01")).toEqual(["Assign(targets=Name x\u00e9 Store, value=Name Afi)"]);
  });

  it("of other characters are reported", () => {
    expect(outlineStatements("a\u20ac = 1").at(-1)).toBe("! 0: invalid character in identifier");
  });
});
