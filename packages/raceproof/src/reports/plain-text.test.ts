// Text that is safe for a terminal and a shell.
import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clip, lengthOf, oneLine, plural, quoteForShell, wrapText } from "./plain-text.ts";

describe("plain text", () => {
  it("is one line without control characters", () => {
    expect(oneLine(" a\r\n\tb\u001B[2Jc\u2028d\u202Ee\uD800 ")).toBe("a b [2Jc d e\uFFFD");
  });

  it("is clipped by code points, visibly", () => {
    expect(clip("𝒶𝒷𝒸", 3)).toBe("𝒶𝒷𝒸");
    expect(clip("𝒶𝒷𝒸𝒹", 3)).toBe("𝒶𝒷…");
  });

  it("is wrapped within the width, losing nothing but spaces at breaks", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 80 }), fc.integer({ min: 1, max: 30 }), (text, width) => {
        const lines = wrapText(text, width);
        for (const line of lines) expect(lengthOf(line)).toBeLessThanOrEqual(width);
        expect(lines.join("").replaceAll(" ", "")).toBe(text.replaceAll(" ", ""));
      }),
    );
  });

  it("counts", () => {
    expect([plural(1, "class", "classes"), plural(0, "file"), plural(11_732, "line")]).toEqual(["1 class", "0 files", "11,732 lines"]);
  });

  it.skipIf(process.platform === "win32").each(["plain-1.0", "it's", "a b", '$(date) `x` "q" \\ *', "", "-n"])("%j survives a shell", (text) => {
    expect(execFileSync("sh", ["-c", `printf '%s' ${quoteForShell(text)}`], { encoding: "utf8" })).toBe(text);
  });
});
