// Findings in groups, and counts of them.
import { describe, expect, it } from "vitest";
import { sampleConfirmation, sampleFindings, sampleHazard, sampleReport } from "./fixtures/sample-report.ts";
import { groupByShape } from "./shape-groups.ts";
import { describeCoverage, tallyReach, tallySeverities, tallyVerdicts } from "./tallies.ts";

describe("groupByShape", () => {
  it("puts shapes with a confirmed finding first and numbers on", () => {
    const groups = groupByShape(sampleReport());
    expect(groups.map((group) => [group.ruleId, group.severity, group.findings.map(({ number }) => number)])).toEqual([
      ["python/sample-update", "corruption", [1, 2]],
      ["python/sample-iteration", "crash", [3, 4]],
    ]);
  });

  it("goes by severity where nothing is confirmed, and gives a group its heaviest", () => {
    const unproven = sampleFindings().map(({ hazard }) => ({ hazard, confirmation: undefined }));
    expect(groupByShape(sampleReport({ findings: unproven })).map((group) => group.ruleId)).toEqual(["python/sample-iteration", "python/sample-update"]);
    const mixed = [sampleHazard({ severity: "leak" }), sampleHazard({ severity: "deadlock" })].map((hazard) => ({ hazard, confirmation: undefined }));
    expect(groupByShape(sampleReport({ findings: mixed }))[0]?.severity).toBe("deadlock");
  });

  it("puts confirmed findings of a shape first, then by confidence, then as the report has them", () => {
    const [low, medium, high, second] = (["low", "medium", "high", "medium"] as const).map((confidence, index) => ({
      hazard: sampleHazard({ confidence, id: `h${index}` }),
      confirmation: undefined,
    }));
    const confirmed = { hazard: sampleHazard({ confidence: "low", id: "proven" }), confirmation: sampleConfirmation() };
    const findings = [low, medium, high, second, confirmed].filter((finding) => finding !== undefined);
    const ids = groupByShape(sampleReport({ findings }))[0]?.findings.map(({ finding }) => finding.hazard.id);
    expect(ids).toEqual(["proven", "h2", "h1", "h3", "h0"]);
  });

  it("titles a shape without metadata by its rule id", () => {
    expect(groupByShape(sampleReport({ rules: [] })).map((group) => group.title)).toEqual(["python/sample-update", "python/sample-iteration"]);
  });
});

describe("tallies", () => {
  it("leave out what does not occur", () => {
    expect(tallySeverities(sampleFindings())).toBe("2 crash, 2 corruption");
    expect(tallyVerdicts(sampleFindings())).toBe("1 confirmed, 1 clean within bound, 1 inconclusive, 1 unproven");
    expect(tallyReach([])).toBe("");
  });

  it("name every denominator", () => {
    const text = describeCoverage(sampleReport().coverage);
    for (const number of ["12 files", "1 with parse errors", "3,456 lines", "210 functions", "17 classes", "31 unresolved", "96 unresolved", "4 lock spans"]) {
      expect(text).toContain(number);
    }
  });
});
