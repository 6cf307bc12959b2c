// What code-scanning sites sort, place and draw by.
import { describe, expect, it } from "vitest";
import type { Confidence, Finding, Severity, Verdict } from "../vocabulary/index.ts";
import { sampleConfirmation, sampleEncoding, sampleHazard, sampleReport, sampleSpan, sampleWitness } from "./fixtures/sample-report.ts";
import { sampleBaselineReport } from "./fixtures/sample-suppressions.ts";
import { renderSarif } from "./index.ts";

interface Result {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: string;
  readonly rank: number;
  readonly locations: readonly { readonly physicalLocation: { readonly artifactLocation: { readonly uri: string } } }[];
  readonly relatedLocations?: readonly unknown[];
  readonly codeFlows?: readonly { readonly threadFlows: readonly { readonly locations: readonly { readonly executionOrder: number }[] }[] }[];
  readonly properties: Readonly<Record<string, unknown>>;
  readonly baselineState?: string;
  readonly suppressions: readonly { readonly kind: string; readonly justification: string }[];
  readonly partialFingerprints: Readonly<Record<string, string>>;
}

interface Run {
  readonly results: readonly Result[];
  readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
  readonly invocations: readonly { readonly executionSuccessful: boolean; readonly toolExecutionNotifications: readonly unknown[] }[];
}

function runOf(findings: readonly Finding[], overrides: Parameters<typeof sampleReport>[0] = {}): Run {
  const text = renderSarif(sampleReport({ ...overrides, findings }), { ...sampleEncoding, ruleUri: () => "https://raceproof.invalid/" });
  const run = (JSON.parse(text) as { runs: readonly Run[] }).runs[0];
  if (run === undefined) throw new Error("no run");
  return run;
}

function levelOf(severity: Severity, confidence: Confidence, verdict: Verdict): string | undefined {
  const confirmation = verdict === "unproven" ? undefined : sampleConfirmation({ verdict });
  return runOf([{ hazard: sampleHazard({ severity, confidence }), confirmation }]).results[0]?.level;
}

describe("renderSarif", () => {
  it.each([
    ["crash", "low", "confirmed", "error"],
    ["crash", "high", "unproven", "error"],
    ["crash", "medium", "unproven", "warning"],
    ["crash", "low", "unproven", "note"],
    ["crash", "high", "clean-within-bound", "note"],
    ["deadlock", "high", "not-reproduced", "warning"],
    ["wrong-answer", "high", "confirmed", "warning"],
    ["leak", "high", "unproven", "note"],
  ] as const)("calls a %s of %s confidence that is %s: %s", (severity, confidence, verdict, level) => {
    expect(levelOf(severity, confidence, verdict)).toBe(level);
  });

  it("tells the interleaving by one order over both thread flows", () => {
    const flows = runOf([{ hazard: sampleHazard(), confirmation: sampleConfirmation() }]).results[0]?.codeFlows?.[0]?.threadFlows ?? [];
    const [first = [], second = []] = flows.map((flow) => flow.locations.map((location) => location.executionOrder));
    expect(flows).toHaveLength(2);
    expect(first[0]).toBeLessThan(second[0] ?? 0);
    expect(second.at(-1)).toBeLessThan(first[1] ?? 0);
  });

  it("names trace files as the findings do, with the folder above the import root", () => {
    const run = runOf([{ hazard: sampleHazard(), confirmation: sampleConfirmation() }]);
    const uris = new Set([...JSON.stringify(run.results).matchAll(/"uri":"([^"]*)"/g)].map((match) => match[1]));
    expect(uris).toEqual(new Set(["src/shelfkeeper/shelf.py"]));
  });

  it("gives no code flow when a crash lost the trace, nor for an unconfirmed finding", () => {
    const lost = sampleConfirmation({ witness: { ...sampleWitness, trace: [] } });
    const { results } = runOf([
      { hazard: sampleHazard(), confirmation: lost },
      { hazard: sampleHazard(), confirmation: sampleConfirmation({ verdict: "not-reproduced" }) },
    ]);
    expect(results.map((result) => result.codeFlows)).toEqual([undefined, undefined]);
  });

  it("encodes file names as relative URIs", () => {
    const { results } = runOf([{ hazard: sampleHazard({ span: sampleSpan("a b/ü#1?.py", 1) }), confirmation: undefined }]);
    expect(results[0]?.locations[0]?.physicalLocation.artifactLocation.uri).toBe("a%20b/%C3%BC%231%3F.py");
  });

  it("describes a rule that only a finding knows of, and points to it", () => {
    const run = runOf([{ hazard: sampleHazard({ rule: "python/unknown-shape" }), confirmation: undefined }]);
    const result = run.results[0];
    expect(run.tool.driver.rules[result?.ruleIndex ?? -1]?.id).toBe("python/unknown-shape");
  });

  it("reports parse failures as tool notifications and an error as an unsuccessful run", () => {
    const invocations = [[], [{ level: "error", message: "stopped" } as const]].map((notifications) => runOf([], { notifications }).invocations[0]);
    expect(invocations.map((invocation) => [invocation?.executionSuccessful, invocation?.toolExecutionNotifications.length])).toEqual([
      [true, 0],
      [false, 1],
    ]);
  });

  it("lists suppressed findings with who says so, and tells new from known when there is a baseline", () => {
    const { findings, suppressed, baseline } = sampleBaselineReport();
    const { results } = runOf(findings.slice(0, 1), { suppressed, baseline });
    expect(results.map(({ baselineState }) => baselineState)).toEqual(["new", "new", "unchanged"]);
    expect(results.map(({ suppressions }) => suppressions.map(({ kind, justification }) => `${kind}: ${justification}`))).toEqual([
      [],
      ["inSource: a statistic; 100% exact is not needed"],
      ["external: known before"],
    ]);
    expect(runOf(findings.slice(0, 1)).results[0]).not.toHaveProperty("baselineState");
  });

  it("adds GitHub's line fingerprint when the source is at hand", () => {
    const options = { ...sampleEncoding, ruleUri: () => "https://raceproof.invalid/", sourceOf: (file: string) => (file === "a.py" ? "x\ny\n" : undefined) };
    const hazards = [sampleHazard({ span: sampleSpan("a.py", 2) }), sampleHazard({ span: sampleSpan("b.py", 2) })];
    const text = renderSarif(sampleReport({ findings: hazards.map((hazard) => ({ hazard, confirmation: undefined })) }), options);
    const run = (JSON.parse(text) as { runs: readonly Run[] }).runs[0];
    expect(run?.results.map(({ partialFingerprints }) => typeof partialFingerprints["primaryLocationLineHash"])).toEqual(["string", "undefined"]);
  });

  it("gives every place of a code flow a file, also where only the agent stopped", () => {
    const start = { thread: 0, site: "@operation", file: "", line: 0, object: 0, name: null };
    const lost = { ...start, thread: 1 };
    const traced = { ...sampleWitness, trace: [start, lost, ...sampleWitness.trace, { ...lost, site: "@release" }] };
    const { results } = runOf([{ hazard: sampleHazard(), confirmation: sampleConfirmation({ witness: traced }) }]);
    expect(JSON.stringify(results)).not.toContain('"uri":""');
    expect(results[0]?.codeFlows?.[0]?.threadFlows.map((flow) => flow.locations.length)).toEqual([4, 5]);
    const nowhere = { ...sampleWitness, trace: [start, lost] };
    expect(runOf([{ hazard: sampleHazard(), confirmation: sampleConfirmation({ witness: nowhere }) }]).results[0]?.codeFlows).toBeUndefined();
  });

  it("ranks confirmed findings first", () => {
    const { results } = runOf([
      { hazard: sampleHazard({ confidence: "low" }), confirmation: sampleConfirmation() },
      { hazard: sampleHazard(), confirmation: undefined },
      { hazard: sampleHazard(), confirmation: sampleConfirmation({ verdict: "clean-within-bound" }) },
    ]);
    expect(results.map((result) => result.rank)).toEqual([100, 80, 60]);
  });
});
