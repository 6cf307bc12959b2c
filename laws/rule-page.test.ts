// The reading of rule pages, tried on made-up ones.
import { describe, expect, it } from "vitest";
import { findBadMarkers, judgeExample, readExamples } from "./rule-page.ts";

const page = [
  "# Title",
  "```python",
  "x = 1",
  "x += 1  # hazard: some-shape",
  "y = 1  # misses: some-shape aliases are not followed",
  "z = 1  # false-alarm: some-shape the lock is in a base class",
  "```",
  "```text",
  "x += 1  # hazard: some-shape",
  "```",
  "```python",
  "# file: one.py",
  "import two",
  "# file: two.py",
  "x += 1  # hazard: some-shape",
  "```",
].join("\n");

const examples = readExamples(page);
const [first, second] = examples as [(typeof examples)[0], (typeof examples)[0]];

describe("rule page", () => {
  it("gives one program per python block", () => {
    expect(examples.map(({ fenceLine, files }) => [fenceLine, files.map(({ path }) => path)])).toEqual([
      [2, ["example.py"]],
      [11, ["one.py", "two.py"]],
    ]);
    expect(second.files[1]?.text).toBe("# file: two.py\nx += 1  # hazard: some-shape\n");
    expect(second.markers).toMatchObject([{ file: "two.py", line: 2, kind: "hazard" }]);
  });

  it("passes when exactly the marked lines are reported", () => {
    const reported = [2, 4].map((line) => ({ file: "example.py", line }));
    expect(judgeExample(first, reported)).toEqual([]);
  });

  it.each([
    [[4], "not reported"],
    [[1, 2, 4], "no marker"],
    [[2, 3, 4], "found now"],
    [[2], "no longer reported"],
  ])("fails when lines %j are reported", (lines, message) => {
    const problems = judgeExample(
      first,
      lines.map((line) => ({ file: "example.py", line })),
    );
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(message);
  });

  it("tells the files of a block apart", () => {
    expect(judgeExample(second, [{ file: "one.py", line: 2 }])).toHaveLength(2);
  });

  it("refuses markers for another shape and known wrongness without a reason", () => {
    expect(findBadMarkers(first, "some-shape")).toEqual([]);
    expect(findBadMarkers(first, "other-shape")).toHaveLength(3);
    const [bare] = readExamples("```python\nx = 1  # misses: some-shape\n```");
    expect(findBadMarkers(bare as typeof first, "some-shape")).toHaveLength(1);
  });

  it("refuses a block that does not end", () => {
    expect(() => readExamples("```python\nx = 1")).toThrow("line 1");
  });
});
