// Diffs that git applies back to the new text, for any two texts; edits that are applied together.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyEdits, areInConflict, unifiedDiff } from "./index.ts";

/** Applies a diff as a strict reader does: every line of context and every removed line must be there. */
function patched(before: string, diff: string): string {
  const old = linesOf(before);
  const out: string[] = [];
  let at = 0;
  for (const hunk of diff.split(/^(?=@@ )/m).slice(1)) {
    const [, start = "", length = "1"] = /^@@ -(\d+)(?:,(\d+))? /.exec(hunk) ?? [];
    const from = Number(start) - (length === "0" ? 0 : 1);
    // A marked line has no end of its own.
    const lines = linesOf(hunk.replaceAll(/\n\\ No newline at end of file\n/g, "\u0000")).flatMap((line) => line.split("\u0000"));
    const side = (sign: string): string[] => lines.filter((line) => line.startsWith(" ") || line.startsWith(sign)).map((line) => line.slice(1));
    const [removed, added] = [side("-"), side("+")];
    expect(old.slice(from, from + removed.length)).toEqual(removed);
    out.push(...old.slice(at, from), ...added);
    at = from + removed.length;
  }
  return [...out, ...old.slice(at)].join("");
}

function linesOf(text: string): string[] {
  return text === "" ? [] : text.split(/(?<=\n)/);
}

const text = fc
  .tuple(fc.array(fc.constantFrom("a", "b", "c", "}", ""), { maxLength: 30 }), fc.boolean())
  .map(([lines, ended]) => lines.join("\n") + (ended && lines.length > 0 ? "\n" : ""));

describe("a unified diff", () => {
  it("turns the old text into the new one", () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const diff = unifiedDiff("m.c", before, after);
        expect(diff === "" ? before : patched(before, diff)).toBe(after);
      }),
      { numRuns: 500 },
    );
  });

  it("is as short as it can be and has three lines around each change", () => {
    const lines = Array.from({ length: 30 }, (_, index) => `line ${index}\n`);
    const after = lines.toSpliced(20, 1, "twenty\n").toSpliced(5, 0, "new\n");
    const diff = unifiedDiff("m.c", lines.join(""), after.join(""));
    expect(diff.split("\n").filter((line) => /^[-+][^-+]/.test(line))).toEqual(["+new", "-line 20", "+twenty"]);
    expect(diff.match(/^@@ .*$/gm)).toEqual(["@@ -3,6 +3,7 @@", "@@ -18,7 +19,7 @@"]);
  });

  it("is what git applies", () => {
    const folder = mkdtempSync(join(tmpdir(), "raceproof-diff-"));
    try {
      const [before, after] = ["a\nb\nc\nd\ne\nf\ng\nh", "a\nB\nc\nd\ne\nf\ng\nh\ni\n"];
      writeFileSync(join(folder, "m.c"), before);
      execFileSync("git", ["apply", "-"], { cwd: folder, input: `what it does\n\n${unifiedDiff("m.c", before, after)}` });
      expect(readFileSync(join(folder, "m.c"), "utf8")).toBe(after);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe("edits", () => {
  const edit = (from: number, to: number, inserted: string): Parameters<typeof applyEdits>[1][number] => ({ file: "m.c", from, to, text: inserted });

  it("are applied in order of place, the same one once", () => {
    expect(applyEdits("abcdef", [edit(4, 5, "E"), edit(1, 1, "-"), edit(1, 1, "-"), edit(6, 6, "!")])).toBe("a-bcdEf!");
  });

  it("are in conflict when they change the same text in two ways", () => {
    expect(areInConflict([edit(1, 4, "x")], [edit(3, 5, "y")])).toBe(true);
    expect(areInConflict([edit(1, 4, "x")], [edit(1, 4, "x")])).toBe(false);
    expect(areInConflict([edit(1, 3, "x")], [edit(3, 5, "y")])).toBe(false);
    expect(areInConflict([edit(1, 3, "x")], [{ ...edit(1, 3, "y"), file: "n.c" }])).toBe(false);
  });
});
