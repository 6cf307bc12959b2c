// Pairs of statements that are the same code, and pairs that are not.
import { describe, expect, it } from "vitest";
import { structureOfStatement } from "./index.ts";

describe("the structure of a statement", () => {
  it.each([
    ["x = f(a,b)", "x = f(\n  a,  # note\n  b,\n)"],
    ["return (a and b)", "return a and b"],
    ["f(a,)", "f(a)"],
    ["x['a']", 'x["a"]'],
    ["if (a\n  and b):\n  c()", "if a and b: d()"],
    ["x = [1,2,]", "x=[1,2]"],
    ["for k in (self.d):\n pass", "for k in self.d:\n    other()"],
    ["x \\\n= 1", "x = 1"],
    ["while lambda: 1: pass", "while lambda:1:\n  x"],
  ])("is equal: %s and %s", (a, b) => {
    expect(structureOfStatement(a)).toBe(structureOfStatement(b));
  });

  it.each([
    ["x = (a,)", "x = a"],
    ["x = (a + c,)", "x = (a + c)"],
    ["d[a,]", "d[a]"],
    ["if a: b", "if a2: b"],
    ["self.x += 1", "self.x += 2"],
    ["x = '# no'", "x = '# yes'"],
    ["(a + b) * c", "a + b * c"],
    ["x = (a + b) * c", "x = a + b * c"],
    ["x = 'a b'", "x = 'a  b'"],
    ["x = a; b", "x = a"],
  ])("differs: %s and %s", (a, b) => {
    expect(structureOfStatement(a)).not.toBe(structureOfStatement(b));
  });
});
