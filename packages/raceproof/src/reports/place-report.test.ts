// A report below a prefix: every path of the subject moves, files of the project's settings stay.
import { describe, expect, it } from "vitest";
import { sampleBaselineReport } from "./fixtures/sample-suppressions.ts";
import { placeReport } from "./index.ts";

describe("placeReport", () => {
  it("moves sites, accesses, notifications and comments, not the baseline file", () => {
    const placed = placeReport(sampleBaselineReport(), "sub/");
    const spans = placed.findings.flatMap(({ hazard }) => [hazard.span, ...hazard.accesses.map((access) => access.span)]);
    expect(new Set(spans.map(({ file }) => file))).toEqual(new Set(["sub/src/shelfkeeper/shelf.py"]));
    expect(placed.notifications[0]?.file).toBe("sub/src/shelfkeeper/old.py");
    expect(placed.suppressed.map(({ suppression }) => suppression.file)).toEqual(["sub/src/shelfkeeper/shelf.py", "baseline.json"]);
  });

  it("without a prefix changes nothing", () => {
    const report = sampleBaselineReport();
    expect(placeReport(report, "")).toBe(report);
  });
});
