// match statements: every kind of pattern, and "match" as an ordinary name.
import { describe, expect, it } from "vitest";
import { outlineStatements } from "./tree-outline.ts";

/** Outline of one case's pattern. */
function pattern(text: string): string {
  const [statement = "", ...rest] = outlineStatements(`match x:\n  case ${text}: pass`);
  expect(rest).toEqual([]);
  return statement.replace(/^Match\(subject=Name x, cases=match_case\(pattern=(.*), body=Pass\)\)$/, "$1");
}

describe("patterns", () => {
  it.each([
    ["a", "MatchAs a"],
    ["_", "MatchAs"],
    ["1", "MatchValue(value=Constant Integer)"],
    ["-1 + 2j", "MatchValue(value=BinOp Add(left=UnaryOp USub(operand=Constant Integer), right=Constant Complex))"],
    ["'a' 'b'", "MatchValue(value=Constant String)"],
    ["None", "MatchSingleton None"],
    ["a.b.c", "MatchValue(value=Attribute c(value=Attribute b(value=Name a)))"],
    ["(a)", "MatchAs a"],
    ["a | 1 as b", "MatchAs b(pattern=MatchOr(patterns=MatchAs a, patterns=MatchValue(value=Constant Integer)))"],
    ["[a, *b, _]", "MatchSequence(patterns=MatchAs a, patterns=MatchStar b, patterns=MatchAs)"],
    ["a, *_", "MatchSequence(patterns=MatchAs a, patterns=MatchStar)"],
    ["*a,", "MatchSequence(patterns=MatchStar a)"],
    ["()", "MatchSequence"],
    ["(a,)", "MatchSequence(patterns=MatchAs a)"],
    ["[a]", "MatchSequence(patterns=MatchAs a)"],
    [
      "{'a': b, c.d: _, -1: e, None: f, **rest}",
      "MatchMapping rest(keys=Constant String, patterns=MatchAs b, keys=Attribute d(value=Name c), patterns=MatchAs, keys=UnaryOp USub(operand=Constant Integer), patterns=MatchAs e, keys=Constant None, patterns=MatchAs f)",
    ],
    ["{}", "MatchMapping"],
    [
      "a.B(c, d=e, f=_)",
      "MatchClass(cls=Attribute B(value=Name a), patterns=MatchAs c, kwd_attrs=Identifier d, kwd_patterns=MatchAs e, kwd_attrs=Identifier f, kwd_patterns=MatchAs)",
    ],
    ["A()", "MatchClass(cls=Name A)"],
  ])("%s", (text, expected) => {
    expect(pattern(text)).toBe(expected);
  });

  it("have guards", () => {
    expect(outlineStatements("match x:\n  case a if b: pass")).toEqual(["Match(subject=Name x, cases=match_case(pattern=MatchAs a, guard=Name b, body=Pass))"]);
  });

  it.each(["{a: 1}", "A(b=1, c)", "--1", "1 + 1 + 1", "a.b()[0]", "f()()", "{1, 2}"])("%s is refused", (text) => {
    expect(outlineStatements(`match x:\n  case ${text}: pass`).at(-1)).toMatch(/^! /);
  });
});

describe("match", () => {
  it("matches expressions and tuples", () => {
    expect(outlineStatements("match a, *b:\n  case _: pass")[0]).toContain("subject=Tuple(elts=Name a, elts=Starred(value=Name b))");
    expect(outlineStatements("match (a):\n  case _: pass")[0]).toContain("Match(subject=Name a");
    expect(outlineStatements("match -a:\n  case _: pass")[0]).toContain("Match(subject=UnaryOp USub");
    expect(outlineStatements("match ...:\n  case _: pass")[0]).toContain("Match(subject=Constant Ellipsis");
    expect(outlineStatements("match match:\n  case case: pass")[0]).toBe("Match(subject=Name match, cases=match_case(pattern=MatchAs case, body=Pass))");
  });

  it("is an ordinary name elsewhere", () => {
    expect(outlineStatements("match(a)\nmatch[a]: b\nmatch = case = type\nmatch.a\nmatch * a\nmatch: a\nprint(match)")).toEqual([
      "Expr(value=Call(func=Name match, args=Name a))",
      "AnnAssign 0(target=Subscript Store(value=Name match, slice=Name a), annotation=Name b)",
      "Assign(targets=Name match Store, targets=Name case Store, value=Name type)",
      "Expr(value=Attribute a(value=Name match))",
      "Expr(value=BinOp Mult(left=Name match, right=Name a))",
      "AnnAssign 1(target=Name match Store, annotation=Name a)",
      "Expr(value=Call(func=Name print, args=Name match))",
    ]);
  });

  it("goes on after a case that does not parse", () => {
    expect(outlineStatements("match x:\n  case (: a\n  case 2: b\nc")).toEqual([
      "Match(subject=Name x, cases=Error, cases=match_case(pattern=MatchValue(value=Constant Integer), body=Expr(value=Name b)))",
      "Expr(value=Name c)",
      "! 17: expected a pattern, found ':'",
    ]);
  });
});
