// The tables of the Cargo book, and the order of versions.
import { describe, expect, it } from "vitest";
import { compareVersions, isWithin, rangeOfRequirement } from "./crate-version.ts";

describe("versions of crates", () => {
  it("are ordered by their numbers", () => {
    const sorted = ["0.9.2", "0.10.0", "0.18.3", "0.19.0-beta.1", "1.0.0"];
    expect(sorted.toReversed().toSorted(compareVersions)).toEqual(sorted);
    expect(compareVersions("0.19", "0.19.0")).toBe(0);
  });

  it.each([
    ["1.2.3", "1.2.3", "2.0.0"],
    ["1", "1.0.0", "2.0.0"],
    ["0.2.3", "0.2.3", "0.3.0"],
    ["0.18", "0.18.0", "0.19.0"],
    ["^0.0.3", "0.0.3", "0.0.4"],
    ["0.0", "0.0.0", "0.1.0"],
    ["0", "0.0.0", "1.0.0"],
    ["~1.2.3", "1.2.3", "1.3.0"],
    ["~1.2", "1.2.0", "1.3.0"],
    ["~1", "1.0.0", "2.0.0"],
    ["1.*", "1.0.0", "2.0.0"],
    ["1.2.*", "1.2.0", "1.3.0"],
    ["=0.18.3", "0.18.3", "0.18.4"],
    [">=0.18, <0.22", "0.18.0", "0.22.0"],
    [">0.18.2, <=0.20.1", "0.18.3", "0.20.2"],
    ["*", undefined, undefined],
    [">= 0.19", "0.19.0", undefined],
  ])("%s admits what lies from %s below %s", (requirement, lowest, below) => {
    expect(rangeOfRequirement(requirement)).toEqual({ lowest, below });
  });

  it("lie in a range or not", () => {
    expect(["0.17.9", "0.18.0", "0.18.3", "0.19.0"].map((version) => isWithin(version, { lowest: "0.18.0", below: "0.19.0" }))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });
});
