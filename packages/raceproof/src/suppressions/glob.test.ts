// Patterns for files and names, with what they must not match.
import { describe, expect, it } from "vitest";
import { fileMatcher, nameMatcher } from "./index.ts";

describe("file patterns", () => {
  it.each([
    ["counter.py", "a/b/counter.py", true],
    ["counter.py", "a/counter.pyx", false],
    ["pkg/_vendor", "pkg/_vendor/x/y.py", true],
    ["pkg/_vendor/", "pkg/_vendor/x.py", true],
    ["pkg/*.py", "pkg/a.py", true],
    ["pkg/*.py", "pkg/sub/a.py", false],
    ["pkg/**", "pkg/sub/a.py", true],
    ["**/gen_*.py", "gen_a.py", true],
    ["**/gen_*.py", "x/y/gen_a.py", true],
    ["a?c.py", "abc.py", true],
    ["{a,b}.py", "b.py", true],
    ["[!a].py", "a.py", false],
    ["a.py", "aXpy", false],
    ["./pkg/a.py", "pkg/a.py", true],
    ["pkg/a.py", "other/pkg/a.py", false],
    ["a+(b).py", "a+(b).py", true],
  ])("%s and %s: %s", (pattern, file, expected) => {
    expect(fileMatcher(pattern)(file)).toBe(expected);
  });
});

describe("name patterns", () => {
  it.each([
    ["Session", "Session", true],
    ["Session", "MySession", false],
    ["*Session", "MySession", true],
    ["pkg.*", "pkg.a:B", true],
  ])("%s and %s: %s", (pattern, name, expected) => {
    expect(nameMatcher(pattern)(name)).toBe(expected);
  });
});
