// What a person sees, and what they are told to run next.
import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { sampleConfirmation, sampleEncoding, sampleFindings, sampleHazard, sampleReport } from "./fixtures/sample-report.ts";
import { renderConcise, renderTerminal } from "./index.ts";

const plain = { ...sampleEncoding, color: false, width: 300, showLow: false };

describe("renderTerminal", () => {
  it("hides unconfirmed hazards of low confidence, and counts them", () => {
    const text = renderTerminal(sampleReport(), plain);
    expect(text).not.toContain("Shelf.reset");
    expect(text).toContain("4 hazards below the shown confidence");
    expect(renderTerminal(sampleReport(), { ...plain, showLow: true })).toContain("Shelf.reset");
  });

  it("shows a confirmed hazard whatever its confidence", () => {
    const findings = [{ hazard: sampleHazard({ confidence: "low" }), confirmation: sampleConfirmation() }];
    expect(renderTerminal(sampleReport({ findings }), plain)).toContain("Shelf.add  Shelf.last_number");
  });

  it("puts a finding on one line where it fits, and wraps its message where not", () => {
    const wide = renderTerminal(sampleReport(), plain).split("\n");
    const narrow = renderTerminal(sampleReport(), { ...plain, width: 60 }).split("\n");
    expect(wide.filter((line) => line.includes("Shelf.titles") && line.includes("is iterated while") && line.endsWith("[unproven]"))).toHaveLength(1);
    expect(narrow.filter((line) => line.includes("Shelf.titles") && line.includes("is iterated while"))).toEqual([]);
    expect(narrow.filter((line) => line.startsWith("    Shelf.books is iterated")).length).toBeGreaterThan(0);
  });

  it("offers what to run next, and only what makes sense", () => {
    const all = renderTerminal(sampleReport(), plain);
    expect(all).toContain("  raceproof explain python/sample-update\n");
    expect(all).toContain("  raceproof confirm shelfkeeper==2.1.0 --hazard python/sample-iteration:0b11aa\n");
    expect(all).toContain("  raceproof replay rp1.");
    const settled = renderTerminal(sampleReport({ findings: sampleFindings().slice(1, 2) }), plain);
    expect(settled).not.toContain("raceproof confirm");
    expect(settled).not.toContain("raceproof replay");
    expect(renderTerminal(sampleReport({ findings: [] }), plain)).not.toContain("Next:");
  });

  it("does not print a witness string nobody can copy", () => {
    const text = renderTerminal(sampleReport(), { ...plain, encodeWitness: () => "x".repeat(5000) });
    expect(text).not.toContain("xxx");
    expect(text).toContain("raceproof replay '<witness>'");
  });

  it("quotes what a shell would split", () => {
    const subject = { ...sampleReport().subject, specification: "./my source's" };
    expect(renderTerminal(sampleReport({ subject }), plain)).toContain(String.raw`raceproof confirm './my source'\''s' --hazard`);
  });

  it("colors only when asked, and says the same", () => {
    const colored = renderTerminal(sampleReport(), { ...plain, color: true });
    expect(colored).toContain("\u001B[");
    expect(stripVTControlCharacters(colored)).toBe(renderTerminal(sampleReport(), plain));
  });

  it("tells of warnings about the audit, and how many more there are", () => {
    const notifications = Array.from({ length: 8 }, (_, index) => ({ level: "warning" as const, message: `part ${index}`, file: "a.py", line: 3 }));
    const text = renderTerminal(sampleReport({ notifications }), plain);
    expect(text).toContain("warning: a.py:3: part 4\n3 more such notes");
    expect(text).not.toContain("part 5");
  });
});

describe("renderConcise", () => {
  it("has columns from 1 and one line per finding", () => {
    const lines = renderConcise(sampleReport(), { color: false }).trimEnd().split("\n");
    expect(lines).toHaveLength(4);
    expect(lines[0]).toMatch(/^src\/shelfkeeper\/shelf\.py:58:9: python\/sample-iteration /);
  });

  it("is empty for no findings", () => {
    expect(renderConcise(sampleReport({ findings: [] }), { color: true })).toBe("");
  });
});
