// Where a comment stands and what it speaks about: statements, functions, classes; and that strings hold no comments.
import { describe, expect, it } from "vitest";
import { createNameTable, parsePython } from "../sources/index.ts";
import { collectRemarks } from "./index.ts";

/** "line: from-to at" of each remark; "nothing" without a scope. */
function scopesIn(source: string): string[] {
  const tree = parsePython(new TextEncoder().encode(source), createNameTable());
  return collectRemarks("m.py", tree).map(({ line, scope }) => `${line}: ${scope ? `${scope.from}-${scope.to} ${scope.at}` : "nothing"}`);
}

const allow = "# raceproof: allow[all] why";

describe("a remark speaks about", () => {
  it.each([
    ["its line", `a = 1\nb = 2  ${allow}\nc = 3\n`, "2: 2-2 statement"],
    ["the whole statement of several lines", `a = f(\n    1,  ${allow}\n    2,\n)\n`, "2: 1-4 statement"],
    ["the statement below", `a = 1\n${allow}\nb = 2\n`, "2: 3-3 statement"],
    ["the statement below other comments and blank lines", `${allow}\n\n# more\nb = 2\n`, "1: 4-4 statement"],
    ["the header of a compound statement", `if a:  ${allow}\n    b = 1\n`, "1: 1-1 statement"],
    ["a header of several lines", `if (a and\n    b):  ${allow}\n    c = 1\n`, "2: 1-2 statement"],
    ["the first statement of a block", `if a:\n    ${allow}\n    b = 1\n`, "2: 3-3 statement"],
    ["a whole function", `def f():  ${allow}\n    a = 1\n    b = 2\n`, "1: 1-3 function"],
    ["a function below, with its decorators", `${allow}\n@d\ndef f():\n    a = 1\n`, "1: 2-4 function"],
    ["a decorated function, from the def line", `@d\ndef f():  ${allow}\n    a = 1\n`, "2: 1-3 function"],
    ["a function whose parameters take lines", `def f(\n    a,  ${allow}\n):\n    b = 1\n`, "2: 1-4 function"],
    ["a whole class", `class C:  ${allow}\n    a = 1\n\n    def f(self):\n        pass\n`, "1: 1-5 class"],
    ["nothing at the end of a file", `a = 1\n${allow}\n`, "2: nothing"],
    ["both statements of a line", `if a: b = 1  ${allow}\n`, "1: 1-1 statement"],
  ])("%s", (_, source, expected) => {
    expect(scopesIn(source)).toEqual([expected]);
  });

  it.each([
    ["a string", `a = "${allow}"\n`],
    ["a docstring", `def f():\n    """\n    ${allow}\n    """\n`],
    ["an f-string", `a = f"{x} ${allow}"\n`],
  ])("%s holds none", (_, source) => {
    expect(scopesIn(source)).toEqual([]);
  });

  it("comments between parts of one string are comments", () => {
    expect(scopesIn(`a = ("x"  ${allow}\n     "y")\n`)).toEqual(["1: 1-2 statement"]);
  });

  it("line ends of every kind", () => {
    expect(scopesIn(`a = 1\r\nb = 2  ${allow}\r\nc = 3\r\n`)).toEqual(["2: 2-2 statement"]);
    expect(scopesIn(`a = 1\rb = 2  ${allow}\rc = 3\r`)).toEqual(["2: 2-2 statement"]);
  });
});
