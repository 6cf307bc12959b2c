// f-strings and t-strings (PEP 498, 701, 750).
import { describe, expect, it } from "vitest";
import { outlineStatements } from "./tree-outline.ts";

function outline(text: string): string {
  const [statement = "", ...rest] = outlineStatements(text);
  expect(rest).toEqual([]);
  return statement.replace(/^Expr\(value=(.*)\)$/s, "$1");
}

const code = (character: string): number => character.charCodeAt(0);

describe("f-strings", () => {
  it("have replacement fields and nothing else", () => {
    expect(outline("f'a{b}c{{d}}{e.f}'")).toBe("JoinedStr(values=FormattedValue 0(value=Name b), values=FormattedValue 0(value=Attribute f(value=Name e)))");
    expect(outline("f''")).toBe("JoinedStr");
  });

  it("convert and format", () => {
    expect(outline("f'{a!r}'")).toBe(`JoinedStr(values=FormattedValue ${code("r")}(value=Name a))`);
    expect(outline("f'{a:>{b}.{c}}'")).toBe(
      "JoinedStr(values=FormattedValue 0(value=Name a, format_spec=JoinedStr(values=FormattedValue 0(value=Name b), values=FormattedValue 0(value=Name c))))",
    );
    expect(outline("f'{a!s:}'")).toBe(`JoinedStr(values=FormattedValue ${code("s")}(value=Name a, format_spec=JoinedStr))`);
  });

  it("show what they show with =", () => {
    expect(outline("f'{a=}'")).toBe(`JoinedStr(values=FormattedValue ${code("r")}(value=Name a))`);
    expect(outline("f'{a = :5}'")).toBe("JoinedStr(values=FormattedValue 0(value=Name a, format_spec=JoinedStr))");
    expect(outline("f'{a==b}'")).toContain("CompareOperator Eq");
  });

  it("read ':=' as a format unless it is in brackets", () => {
    expect(outline("f'{a:=5}'")).toBe("JoinedStr(values=FormattedValue 0(value=Name a, format_spec=JoinedStr))");
    expect(outline("f'{(a:=5)}'")).toBe("JoinedStr(values=FormattedValue 0(value=NamedExpr(target=Name a Store, value=Constant Integer)))");
    expect(outline("f'{a != b}'")).toContain("CompareOperator NotEq");
  });

  it("nest with their own quotes, comments and line ends (PEP 701)", () => {
    expect(outline("f'{a['b']}'")).toBe("JoinedStr(values=FormattedValue 0(value=Subscript(value=Name a, slice=Constant String)))");
    expect(outline("f'{f'{f'{a}'}'}'").match(/JoinedStr/g)).toHaveLength(3);
    expect(outline("f'{\n  a # why\n}'")).toBe("JoinedStr(values=FormattedValue 0(value=Name a))");
    expect(outline("f'''{\na:\n>{b}}'''")).toContain("format_spec=JoinedStr(values=FormattedValue");
  });

  it("know backslashes and raw text", () => {
    expect(outline(String.raw`f'\{a}\N{DIGIT ONE}\'{b}'`)).toBe("JoinedStr(values=FormattedValue 0(value=Name a), values=FormattedValue 0(value=Name b))");
    expect(outline(String.raw`rf'\N{a}\''`)).toBe("JoinedStr(values=FormattedValue 0(value=Name a))");
  });

  it("join with the strings around them", () => {
    expect(outline("'a' f'{b}' 'c' f'{d}'")).toBe("JoinedStr(values=FormattedValue 0(value=Name b), values=FormattedValue 0(value=Name d))");
  });

  it("hold lambdas in brackets, and statements' other expressions", () => {
    expect(outline("f'{(lambda x: 1)}'")).toContain("Lambda");
    expect(outline("f'{yield a, b}'")).toContain("Yield(value=Tuple");
    expect(outline("f'{*a, b}'")).toContain("Tuple(elts=Starred");
  });

  it.each(["f'{a b}'", "f'{}'", "f'{a!x}'", "f'{a! r}'", "f'{a'", "f'''{a}", "f'}'", "f'{lambda x: 1}'", "f'{a:{b}'", "f'a\n'"])("%s is refused", (text) => {
    expect(outlineStatements(text).at(-1)).toMatch(/^! /);
  });

  it("leave the next statement alone when they are unterminated", () => {
    expect(outlineStatements("x = f'{a'\ny = 1")[1]).toBe("Assign(targets=Name y Store, value=Constant Integer)");
    expect(outlineStatements("x = f'''{a}\ny = 1")[1]).toBe("Assign(targets=Name y Store, value=Constant Integer)");
  });
});

describe("t-strings", () => {
  it("have interpolations", () => {
    expect(outline("t'a{b!r:{c}}'")).toBe(
      `TemplateStr(values=Interpolation ${code("r")}(value=Name b, format_spec=JoinedStr(values=Interpolation 0(value=Name c))))`,
    );
    expect(outline("rt'\\{a}' t''")).toBe("TemplateStr(values=Interpolation 0(value=Name a))");
  });

  it("do not mix with other strings", () => {
    expect(outlineStatements("t'' f''").at(-1)).toMatch(/^! 0: cannot mix/);
  });
});
