// Branches of a function: what a condition controls, which sides leave, and which handlers stand around an access.
import { describe, expect, it } from "vitest";
import { programOf } from "./fixtures/sample-program.ts";

interface Branch {
  readonly kind: string;
  readonly condition: string;
  readonly whenTrue: string;
  readonly whenFalse: string;
  readonly after: string;
  readonly leaves: string;
}

function branchesOf(body: string, before = ""): Branch[] {
  const source = `${before}def f(x, self=None):\n    ${body.replaceAll("\n", "\n    ")}\n`;
  const slice = ([from, to]: readonly [number, number]): string => source.slice(from, to).trim().replaceAll(/\s+/g, " ");
  return programOf(source)
    .fn("f")
    .tests.map((test) => ({
      kind: test.kind,
      condition: slice(test.condition),
      whenTrue: slice(test.whenTrue),
      whenFalse: slice(test.whenFalse),
      after: slice(test.after),
      leaves: [test.trueLeaves ? "true" : "", test.falseLeaves ? "false" : ""].filter((side) => side !== "").join(" "),
    }));
}

describe("branches", () => {
  it("if, else and what follows", () => {
    expect(branchesOf("if x:\n    a()\nelse:\n    b()\nc()")).toEqual([
      { kind: "if", condition: "x", whenTrue: "a()", whenFalse: "b()", after: "c()", leaves: "" },
    ]);
  });

  it("while, conditional expressions, assertions and comprehensions", () => {
    expect(branchesOf("while x:\n    a()\nb = c if x else d\nassert x, y\n[i for i in x if i]").map(({ after: _, ...rest }) => rest)).toEqual([
      { kind: "while", condition: "x", whenTrue: "a()", whenFalse: "", leaves: "" },
      { kind: "conditional", condition: "x", whenTrue: "c", whenFalse: "d", leaves: "" },
      { kind: "assert", condition: "x", whenTrue: "", whenFalse: "", leaves: "false" },
      { kind: "comprehension", condition: "i", whenTrue: "[i for i in x if i]", whenFalse: "", leaves: "" },
    ]);
  });

  it("reach to the end of the function, through the blocks around them", () => {
    expect(branchesOf("for i in x:\n    if i:\n        continue\n    a()\nb()")[0]).toMatchObject({ after: "a() b()", leaves: "true" });
  });

  it("elif is an if in the else", () => {
    expect(
      branchesOf("if x == 1:\n    return 1\nelif x == 2:\n    a()\nelse:\n    return 3").map(({ condition, leaves }) => `${condition}: ${leaves}`),
    ).toEqual(["x == 1: true", "x == 2: false"]);
  });
});

describe("a block leaves", () => {
  const callee = `
import sys
from typing import NoReturn

def fail():
    raise ValueError

def fail_later():
    if fail.x:
        raise ValueError
    fail()

def promise() -> NoReturn:
    loop()

def abstract():
    raise NotImplementedError

def maybe(x):
    if x:
        raise ValueError

def answers():
    return fail()

class C:
    def fail(self):
        raise ValueError

`;

  it.each([
    ["return", true],
    ["raise ValueError", true],
    ["break", true],
    ["continue", true],
    ["a()\nreturn 1", true],
    ["pass", false],
    ["return\na()", false],
    ["if y:\n    return\nelse:\n    raise E", true],
    ["if y:\n    return", false],
    ["if y:\n    return\nelif z:\n    return\nelse:\n    return", true],
    ["with y:\n    return", true],
    ["try:\n    return\nexcept E:\n    raise", true],
    ["try:\n    a()\nexcept E:\n    return", false],
    ["for i in y:\n    return", false],
    ["fail()", true],
    ["fail_later()", true],
    ["promise()", true],
    ["abstract()", false],
    ["maybe(1)", false],
    ["answers()", false],
    ["sys.exit(1)", true],
    ["C().fail()", true],
    ["unknown()", false],
  ])("%s: %s", (body, leaves) => {
    const block = body.replaceAll("\n", "\n        ");
    expect(branchesOf(`for i in x:\n    if x:\n        ${block}`.replaceAll("\n        ", "\n        "), callee)[0]?.leaves).toBe(leaves ? "true" : "");
  });

  it("functions that never return know it of themselves", () => {
    const { fn } = programOf(callee);
    expect(["fail", "fail_later", "promise", "abstract", "maybe", "answers"].map((name) => fn(name).neverReturns)).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  it("recursion does not go on for ever", () => {
    expect(programOf("def f():\n    g()\ndef g():\n    f()\n").fn("f").neverReturns).toBe(false);
  });
});

describe("handlers", () => {
  it("stand around the body of their try, not around each other", () => {
    const { fn } = programOf(`
class C:
    def f(self):
        try:
            self.a
            try:
                self.b
            except (KeyError, errors.Other):
                self.c
        except Exception:
            self.d
        else:
            self.e
        finally:
            self.f
        try:
            self.g
        except:
            pass
`);
    const handled = Object.fromEntries(fn("C.f").accesses.map((access) => [access.location.path, access.handled]));
    expect(handled).toMatchObject({ a: ["*"], b: ["*", "KeyError", "errors.Other"], c: ["*"], d: [], e: [], g: ["*"] });
  });
});
