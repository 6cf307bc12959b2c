// The fingerprints that GitHub's upload action computes, as its own tests publish them.
import { describe, expect, it } from "vitest";
import { lineHashesOf } from "./line-hashes.ts";

describe("lineHashesOf", () => {
  it.each([
    ["", ["c129715d7a2bc9a3:1"]],
    [" a\nb\n  \t\tc\n d", ["271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"]],
  ])("of %j", (text, expected) => {
    expect(lineHashesOf(text)).toEqual(expected);
  });

  it("takes all line ends for one, and numbers equal lines", () => {
    const text = "Lorem ipsum dolor sit amet.\n".repeat(10);
    expect(lineHashesOf(text.replaceAll("\n", "\r\n"))).toEqual(lineHashesOf(text));
    expect(lineHashesOf(text.replaceAll("\n", "\r"))).toEqual(lineHashesOf(text));
    expect(lineHashesOf(text).slice(0, 3)).toEqual(["a7f2ff13bc495cf2:1", "a7f2ff13bc495cf2:2", "a7f2ff13bc495cf2:3"]);
  });

  it("gives one hash per line, quickly enough for a large file", () => {
    const text = "self.value += 1\n".repeat(20_000);
    expect(lineHashesOf(text)).toHaveLength(20_001);
  });
});
