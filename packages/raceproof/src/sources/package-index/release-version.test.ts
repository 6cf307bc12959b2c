// The order of versions, against the order the standard prints, and laws any order must keep.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareVersions, isPreRelease, matchesPin, parseReleaseVersion, type ReleaseVersion } from "./release-version.ts";

function version(text: string): ReleaseVersion {
  const parsed = parseReleaseVersion(text);
  if (!parsed) throw new Error(`${text} was not understood`);
  return parsed;
}

// PEP 440, "Summary of permitted suffixes and relative ordering", with local versions and epochs added.
const ORDERED = `1.dev0 1.0.dev456 1.0a1 1.0a2.dev456 1.0a12.dev456 1.0a12 1.0b1.dev456 1.0b2 1.0b2.post345.dev456 1.0b2.post345
  1.0rc1.dev456 1.0rc1 1.0 1.0+abc.5 1.0+abc.7 1.0+5 1.0.post456.dev34 1.0.post456 1.0.15 1.1.dev1 1.9 1.10 2024.1 1!0.1`.split(/\s+/);

describe("versions", () => {
  it("have the order of the standard", () => {
    expect(
      ORDERED.toReversed()
        .map(version)
        .toSorted(compareVersions)
        .map(({ text }) => text),
    ).toEqual(ORDERED);
  });

  it.each([
    ["1.0", "1.0.0"],
    ["v1.0", "1"],
    ["1.0alpha1", "1.0a1"],
    ["1.0-ALPHA.1", "1.0a1"],
    ["1.0c1", "1.0rc1"],
    ["1.0preview", "1.0rc0"],
    ["1.0-1", "1.0.post1"],
    ["1.0-r4", "1.0.post4"],
    ["1.0_dev", "1.0.dev0"],
    ["1.0+Ubuntu-1", "1.0+ubuntu.1"],
    ["01.002", "1.2"],
  ])("%s equals %s", (one, other) => {
    expect(compareVersions(version(one), version(other))).toBe(0);
  });

  it.each(["", "one", "1.x", "1..2", "1.0-", "1.0+", "1.0a1b2", "1.0 final", `1.${"0".repeat(300)}`])("%j is none", (text) => {
    expect(parseReleaseVersion(text)).toBeUndefined();
  });

  it("know what a pre-release is", () => {
    expect(["1.0a1", "1.0.dev1", "1.0.post1.dev2"].map(version).every(isPreRelease)).toBe(true);
    expect(["1.0", "1.0.post1", "1.0+local"].map(version).some(isPreRelease)).toBe(false);
  });

  it("match a pin with their local label only when the pin has one", () => {
    expect(matchesPin(version("1.0+cpu"), version("1.0.0"))).toBe(true);
    expect(matchesPin(version("1.0+cpu"), version("1.0+gpu"))).toBe(false);
    expect(matchesPin(version("1.0"), version("1.0+cpu"))).toBe(false);
    expect(matchesPin(version("1.0.post1"), version("1.0"))).toBe(false);
  });

  it("are ordered without contradictions", () => {
    const anyVersion = fc.constantFrom(...ORDERED).map(version);
    fc.assert(
      fc.property(anyVersion, anyVersion, anyVersion, (a, b, c) => {
        expect(Math.sign(compareVersions(a, b))).toBe(-Math.sign(compareVersions(b, a)) + 0);
        const [low, middle, high] = [a, b, c].toSorted(compareVersions) as [ReleaseVersion, ReleaseVersion, ReleaseVersion];
        expect([compareVersions(low, middle), compareVersions(middle, high), compareVersions(low, high)].filter((order) => order > 0)).toEqual([]);
      }),
    );
  });
});
