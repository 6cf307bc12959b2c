// Requires-Python ranges and the order of Python versions.
import { describe, expect, it } from "vitest";
import { acceptsPython, compareReleases } from "./python-release.ts";

describe("Python releases", () => {
  it("are ordered by number, not by text", () => {
    expect(["3.9.18", "3.13.0", "3.10.1", "3.13.0rc1"].toSorted(compareReleases)).toEqual(["3.9.18", "3.10.1", "3.13.0", "3.13.0rc1"]);
  });

  it.each([
    [undefined, "3.9.0", true],
    ["", "3.9.0", true],
    [">=3.10", "3.9.18", false],
    [">=3.10", "3.10.0", true],
    [">=3.8, <4", "3.13.5", true],
    [">=3.8,<3.13", "3.13.0", false],
    [">=3.9,!=3.9.7", "3.9.7", false],
    ["!=3.9.*", "3.9.18", false],
    ["!=3.9.*", "3.10.1", true],
    ["==3.11.*", "3.11.7", true],
    ["==3.11.*", "3.12.1", false],
    ["~=3.10", "3.13.0", true],
    ["~=3.10", "4.0.0", false],
    ["~=3.10.2", "3.11.0", false],
    [">3.9", "3.9.18", true],
    ["<=3.12", "3.12.0", true],
    ["not a range", "3.12.0", true],
  ])("%s accepts %s: %s", (range, version, accepted) => {
    expect(acceptsPython(range, version)).toBe(accepted);
  });
});
