// Expressions: precedence, primaries, brackets, lambda, yield, constants.
import { describe, expect, it } from "vitest";
import { outlineStatements } from "./tree-outline.ts";

/** Outline of a text that is one expression. */
function outline(text: string): string {
  const [statement = "", ...rest] = outlineStatements(text);
  expect(rest).toEqual([]);
  return statement.replace(/^Expr\(value=(.*)\)$/s, "$1");
}

describe("operators", () => {
  it("bind as tightly as Python says", () => {
    expect(outline("a + b * c")).toBe("BinOp Add(left=Name a, right=BinOp Mult(left=Name b, right=Name c))");
    expect(outline("a - b - c")).toBe("BinOp Sub(left=BinOp Sub(left=Name a, right=Name b), right=Name c)");
    expect(outline("-a ** -b")).toBe("UnaryOp USub(operand=BinOp Pow(left=Name a, right=UnaryOp USub(operand=Name b)))");
    expect(outline("a | b & c ^ d")).toBe("BinOp BitOr(left=Name a, right=BinOp BitXor(left=BinOp BitAnd(left=Name b, right=Name c), right=Name d))");
    expect(outline("a // b @ c << d")).toBe("BinOp LShift(left=BinOp MatMult(left=BinOp FloorDiv(left=Name a, right=Name b), right=Name c), right=Name d)");
  });

  it("of one boolean kind share a node", () => {
    expect(outline("a or b or c and d and e")).toBe("BoolOp Or(values=Name a, values=Name b, values=BoolOp And(values=Name c, values=Name d, values=Name e))");
    expect(outline("not a and not b")).toBe("BoolOp And(values=UnaryOp Not(operand=Name a), values=UnaryOp Not(operand=Name b))");
  });

  it("compare in chains, each operator before its comparator", () => {
    expect(outline("a < b is not c not in d")).toBe(
      "Compare(left=Name a, ops=CompareOperator Lt, comparators=Name b, ops=CompareOperator IsNot, comparators=Name c, " +
        "ops=CompareOperator NotIn, comparators=Name d)",
    );
    expect(outline("not a == b")).toBe("UnaryOp Not(operand=Compare(left=Name a, ops=CompareOperator Eq, comparators=Name b))");
  });

  it("choose between alternatives from the right", () => {
    expect(outline("a if b else c if d else e")).toBe("IfExp(body=Name a, test=Name b, orelse=IfExp(body=Name c, test=Name d, orelse=Name e))");
  });

  it("refuse 'not' as the operand of a comparison", () => {
    expect(outlineStatements("a == not b")).toEqual(["Error", "! 5: unexpected 'not'"]);
  });
});

describe("primaries", () => {
  it("chain attributes, calls and subscripts", () => {
    expect(outline("a.b(c)[d].e")).toBe("Attribute e(value=Subscript(value=Call(func=Attribute b(value=Name a), args=Name c), slice=Name d))");
  });

  it("keep arguments in source order, with their roles", () => {
    expect(outline("f(a, *b, c=d, **e)")).toBe(
      "Call(func=Name f, args=Name a, args=Starred(value=Name b), keywords=keyword c(value=Name d), keywords=keyword(value=Name e))",
    );
    expect(outline("f(c=1, *b)")).toBe("Call(func=Name f, keywords=keyword c(value=Constant Integer), args=Starred(value=Name b))");
    expect(outline("f(a := 1)")).toBe("Call(func=Name f, args=NamedExpr(target=Name a Store, value=Constant Integer))");
  });

  it("report arguments in an order CPython refuses", () => {
    expect(outlineStatements("f(a=1, b)")[1]).toBe("! 7: positional argument after a keyword argument");
    expect(outlineStatements("f(x for x in y, 1)")[1]).toBe("! 2: a generator among other arguments needs parentheses");
  });

  it("slice in every form", () => {
    expect(outline("a[:]")).toBe("Subscript(value=Name a, slice=Slice)");
    expect(outline("a[1:2:3]")).toBe("Subscript(value=Name a, slice=Slice(lower=Constant Integer, upper=Constant Integer, step=Constant Integer))");
    expect(outline("a[::b, c]")).toBe("Subscript(value=Name a, slice=Tuple(elts=Slice(step=Name b), elts=Name c))");
    expect(outline("a[*b]")).toBe("Subscript(value=Name a, slice=Tuple(elts=Starred(value=Name b)))");
    expect(outline("a[b,]")).toBe("Subscript(value=Name a, slice=Tuple(elts=Name b))");
  });

  it("await", () => {
    expect(outline("await a.b() ** c")).toBe("BinOp Pow(left=Await(value=Call(func=Attribute b(value=Name a))), right=Name c)");
  });
});

describe("brackets", () => {
  it("group without a node", () => {
    expect(outline("((a))")).toBe("Name a");
  });

  it("hold tuples, lists, sets and dicts", () => {
    expect(outline("()")).toBe("Tuple");
    expect(outline("(a,)")).toBe("Tuple(elts=Name a)");
    expect(outline("[a, *b]")).toBe("List(elts=Name a, elts=Starred(value=Name b))");
    expect(outline("{a, b}")).toBe("Set(elts=Name a, elts=Name b)");
    expect(outline("{}")).toBe("Dict");
    expect(outline("{a: b, **c, d: e}")).toBe("Dict(keys=Name a, values=Name b, values=Name c, keys=Name d, values=Name e)");
  });

  it("hold comprehensions, whose targets are stored to", () => {
    expect(outline("[a for a, (b, *c) in d if e if f]")).toBe(
      "ListComp(elt=Name a, generators=comprehension 0(target=Tuple Store(elts=Name a Store, elts=Tuple Store(elts=Name b Store, " +
        "elts=Starred Store(value=Name c Store))), iter=Name d, ifs=Name e, ifs=Name f))",
    );
    expect(outline("{a: b async for a in c}")).toBe("DictComp(key=Name a, value=Name b, generators=comprehension 1(target=Name a Store, iter=Name c))");
    expect(outline("{a for a in b for c in d}")).toBe(
      "SetComp(elt=Name a, generators=comprehension 0(target=Name a Store, iter=Name b), generators=comprehension 0(target=Name c Store, iter=Name d))",
    );
    expect(outline("(a.b for x.y in z)")).toBe(
      "GeneratorExp(elt=Attribute b(value=Name a), generators=comprehension 0(target=Attribute y Store(value=Name x), iter=Name z))",
    );
  });

  it("refuse a lone starred expression", () => {
    expect(outlineStatements("(*a)")).toEqual(["Expr(value=Starred(value=Name a))", "! 1: cannot use a starred expression here"]);
    expect(outlineStatements("[*a for a in b]")[1]).toBe("! 1: cannot use a starred expression here");
  });
});

describe("lambda, yield and the walrus", () => {
  it("give parameters the roles they have in functions", () => {
    expect(outline("lambda a, /, b=1, *c, d, e=2, **f: g")).toBe(
      "Lambda(posonlyargs=arg a, args=arg b, defaults=Constant Integer, vararg=arg c, kwonlyargs=arg d, kwonlyargs=arg e, " +
        "kw_defaults=Constant Integer, kwarg=arg f, body=Name g)",
    );
    expect(outline("lambda: (yield)")).toBe("Lambda(body=Yield)");
  });

  it("yield values, tuples and other generators", () => {
    expect(outline("yield a, *b")).toBe("Yield(value=Tuple(elts=Name a, elts=Starred(value=Name b)))");
    expect(outline("yield from a")).toBe("YieldFrom(value=Name a)");
  });

  it("store", () => {
    expect(outline("(a := b, c)")).toBe("Tuple(elts=NamedExpr(target=Name a Store, value=Name b), elts=Name c)");
    expect(outlineStatements("(a.b := c)")[0]).toBe("Error");
    expect(outlineStatements("((a) := c)")[0]).toBe("Error");
    expect(outlineStatements("f((a)=c)")[0]).toBe("Error");
  });
});

describe("constants", () => {
  it.each([
    ["None", "None"],
    ["True", "True"],
    ["False", "False"],
    ["...", "Ellipsis"],
    ["0", "Integer"],
    ["00_0", "Integer"],
    ["1_000", "Integer"],
    ["0xFf_0", "Integer"],
    ["0o17", "Integer"],
    ["0B1_0", "Integer"],
    ["1.", "Float"],
    [".5", "Float"],
    ["1e5", "Float"],
    ["1_0.5E-1_0", "Float"],
    ["07.5", "Float"],
    ["1j", "Complex"],
    ["1.5e3J", "Complex"],
    ["09j", "Complex"],
    ["'a'", "String"],
    ["u'a' \"b\"", "String"],
    ["rb'a'", "Bytes"],
    ["b'a' B'b'", "Bytes"],
  ])("%s", (text, type) => {
    expect(outline(text)).toBe(`Constant ${type}`);
  });

  it("may touch a keyword", () => {
    expect(outline("1if 0xfor 2else 3")).toBe(
      "IfExp(body=Constant Integer, test=BoolOp Or(values=Constant Integer, values=Constant Integer), orelse=Constant Integer)",
    );
  });

  it.each(["1_", "0x", "0b2", "1__0", "1a", "0o8", "07", "1e5x", "'a' b'b'", "b'\u00e9'", "ub'a'"])("%s is refused", (text) => {
    expect(outlineStatements(text).at(-1)).toMatch(/^! /);
  });
});
