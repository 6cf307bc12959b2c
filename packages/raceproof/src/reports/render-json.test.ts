// The JSON promise, field by field; the published schema is held against any report in every-report.test.ts.
import { describe, expect, it } from "vitest";
import { sampleEncoding, sampleReport } from "./fixtures/sample-report.ts";
import { renderJson, renderJsonReport } from "./index.ts";

describe("renderJson", () => {
  it("has every promised field of a finding", () => {
    const confirmed = renderJsonReport(sampleReport(), sampleEncoding).findings[2];
    expect(confirmed).toMatchObject({
      id: "python/sample-update:3f2a91",
      fingerprint: "5d1c0f6a",
      rule: "python/sample-update",
      language: "python",
      severity: "corruption",
      confidence: "high",
      reach: "latent",
      file: "src/shelfkeeper/shelf.py",
      line: 41,
      endLine: 41,
      function: "Shelf.add",
      location: "Shelf.last_number",
      message: "Shelf.last_number is read, increased and stored again without a lock.",
      verdict: "confirmed",
      witness: expect.stringMatching(/^rp1\./) as unknown,
    });
    expect(confirmed?.accesses[1]).toEqual({
      file: "src/shelfkeeper/shelf.py",
      line: 77,
      function: "Shelf.renumber",
      kind: "write",
      location: "Shelf.last_number",
      lockset: ["Shelf._lock"],
    });
    expect(confirmed?.runtimes?.[3]).toMatchObject({ runtime: "cpython-3.13.5t", failing: 7, repeats: 20, signal: "SIGSEGV" });
  });

  it("calls a hazard that nobody ran unproven, without inventing a confirmation", () => {
    const untried = renderJsonReport(sampleReport(), sampleEncoding).findings[0];
    expect(untried?.verdict).toBe("unproven");
    expect(Object.keys(untried ?? {})).not.toContain("runtimes");
    expect(Object.keys(untried ?? {})).not.toContain("witness");
  });

  it("is the same text for the same report, and one value per text", () => {
    expect(renderJson(sampleReport(), sampleEncoding)).toBe(renderJson(sampleReport(), sampleEncoding));
    expect(JSON.parse(renderJson(sampleReport(), sampleEncoding))).toEqual(renderJsonReport(sampleReport(), sampleEncoding));
  });

  it("says null for an unknown version, and names no interpreter's path", () => {
    const { subject, environment } = sampleReport();
    const json = renderJson(sampleReport({ subject: { ...subject, version: undefined } }), sampleEncoding);
    expect(json).toContain('"version": null');
    for (const { executable } of environment.runtimes) expect(json).not.toContain(executable);
  });
});
