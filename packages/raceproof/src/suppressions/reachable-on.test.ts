// Versions of Python that a project supports in, which families of runtimes those are, and what becomes of hazards of the others, out.
import { describe, expect, it } from "vitest";
import { auditSources } from "../audit.ts";
import { supportedFamilies, withReachability } from "./reachable-on.ts";

describe("the families of runtimes", () => {
  it.each([
    [undefined, ["gil-3.9", "gil", "free-threaded", "pypy"]],
    [">=3.8", ["gil-3.9", "gil", "free-threaded", "pypy"]],
    [">=3.9.2", ["gil-3.9", "gil", "free-threaded", "pypy"]],
    [">=3.10", ["gil", "free-threaded", "pypy"]],
    [">=3.10,<3.13", ["gil", "pypy"]],
    ["~=3.12", ["gil", "free-threaded"]],
    ["==3.12.*", ["gil"]],
    ["<3.10", ["gil-3.9", "pypy"]],
    [">=3.9,<4,>=3.14", ["gil", "free-threaded"]],
  ] as const)("of %s", (range, families) => {
    expect(supportedFamilies(range)).toEqual(families);
  });
});

describe("a hazard", () => {
  const body = "class C:\n    def __init__(self):\n        self.n = 0\n\n    def add(self):\n        self.n += STEP\n\n    def step(self):\n        return 1\n";
  const hazardWith = (step: string) => {
    const { hazards } = auditSources([{ path: "m.py", bytes: new TextEncoder().encode(body.replace("STEP", step)) }]);
    const [hazard] = hazards.filter(({ rule }) => rule === "python/non-atomic-update");
    if (!hazard) throw new Error("no hazard");
    return hazard;
  };

  it("says where it can happen, of what is supported", () => {
    const { evidence, confidence, reachableOn } = withReachability(hazardWith("1"), supportedFamilies(">=3.10"));
    expect([confidence, reachableOn]).toEqual(["medium", ["free-threaded", "pypy"]]);
    expect(evidence.at(-1)).toBe("goes wrong on free-threaded CPython and PyPy; atomic on CPython 3.10 and later with the GIL (bench/atomicity)");
  });

  it("is ranked down where nothing that is supported lets it happen", () => {
    const { evidence, confidence, reachableOn } = withReachability(hazardWith("1"), supportedFamilies("==3.12.*"));
    expect([confidence, reachableOn]).toEqual(["low", []]);
    expect(evidence.at(-1)).toContain("which the supported versions of Python leave out");
  });

  it("that runs Python code in between happens on all of them", () => {
    const hazard = hazardWith("self.step()");
    expect(withReachability(hazard, supportedFamilies("==3.12.*"))).toBe(hazard);
  });
});
