// Selectors of rules, and the word that was probably meant.
import { describe, expect, it } from "vitest";
import { adviseOnRule, adviseOnWord, matchRules } from "./index.ts";

const ids = ["python/check-then-act", "python/heap-check-then-act", "python/update", "rust/update"];

describe("matchRules", () => {
  it.each([
    ["python/check-then-act", ["python/check-then-act"]],
    ["check-then-act", ["python/check-then-act"]],
    ["check", ["python/check-then-act"]],
    ["python/", ["python/check-then-act", "python/heap-check-then-act", "python/update"]],
    ["update", ["python/update", "rust/update"]],
    ["all", ids],
    ["chec", []],
    ["", []],
    ["act", []],
  ])("%s", (selector, expected) => {
    expect(matchRules(selector, ids)).toEqual(expected);
  });
});

describe("advice", () => {
  it("names what was meant, or everything", () => {
    expect(adviseOnRule("chek-then-act", ids)).toBe("Did you mean python/check-then-act?");
    expect(adviseOnRule("something-else", ids)).toContain("Choose from: python/check-then-act");
    expect(adviseOnWord("hihg", ["low", "high"])).toBe("Did you mean high?");
  });
});
