// What a maintainer reads, and that it can be pasted whatever the report holds.
import { describe, expect, it } from "vitest";
import { renderMarkdown } from "./index.ts";
import { hostileText, sampleConfirmation, sampleEncoding, sampleFindings, sampleHazard, sampleReport, sampleWitness } from "./fixtures/sample-report.ts";
import type { Finding } from "../vocabulary/index.ts";

function repeatFindings(count: number): readonly Finding[] {
  const samples = sampleFindings();
  return Array.from({ length: count }, (_, index) => samples[index % samples.length] ?? { hazard: sampleHazard(), confirmation: undefined });
}

const sectionsOf = (markdown: string): readonly string[] => [...markdown.matchAll(/^#{1,2} (.*)$/gm)].map((match) => match[1] ?? "");

describe("renderMarkdown", () => {
  it("has its sections in the order a maintainer reads them", () => {
    expect(sectionsOf(renderMarkdown(sampleReport(), sampleEncoding))).toEqual([
      "Thread safety of shelfkeeper 2.1.0: 4 hazards of 2 shapes, 1 confirmed",
      "Environment",
      "Inventory",
      "1. Non-atomic update of a shared counter",
      "2. Iteration over a shared container",
      "Examined and not confirmed",
      "What was not controlled",
      "What was looked at",
      "How to reproduce",
    ]);
  });

  it("leaves nothing out of a small report", () => {
    expect(renderMarkdown(sampleReport(), sampleEncoding)).not.toContain("Left out");
  });

  it("says that nothing was run when nothing was run", () => {
    const markdown = renderMarkdown(sampleReport({ findings: sampleFindings().filter(({ confirmation }) => confirmation === undefined) }), sampleEncoding);
    expect(markdown).toContain("| Runtimes | none: nothing was run |");
    expect(sectionsOf(markdown)).not.toContain("What was not controlled");
    expect(markdown).not.toContain("replay");
  });

  it.each([60, 400, 5000])("stays below the limit with %i findings and books what it leaves out", (count) => {
    const markdown = renderMarkdown(sampleReport({ findings: repeatFindings(count) }), sampleEncoding);
    expect(markdown.length).toBeLessThan(65_000);
    expect(markdown).toContain(`${count.toLocaleString("en-US")} hazards of 2 shapes`);
    const omitted = Number(/Left out [^\n]*?([\d,]+) sites/.exec(markdown)?.[1]?.replaceAll(",", "") ?? 0);
    const shownSites = markdown.match(/^\| \d+ \| `src\/shelfkeeper\/shelf\.py:\d+` \| `Shelf\.\w+` \| `Shelf/gm)?.length ?? 0;
    expect(shownSites + omitted).toBe(count);
    expect(sectionsOf(markdown)).toContain("How to reproduce");
  });

  it("keeps a reproducer as long as it can", () => {
    expect(renderMarkdown(sampleReport({ findings: repeatFindings(400) }), sampleEncoding)).toContain("raceproof replay rp1.");
  });

  it("refers to the JSON report for a witness string that is too long", () => {
    const markdown = renderMarkdown(sampleReport(), { encodeWitness: () => `rp1.${"x".repeat(70_000)}` });
    expect(markdown.length).toBeLessThan(65_000);
    expect(markdown).toContain("The witness string is in the JSON report");
    expect(markdown).not.toContain("xxx");
  });

  it("stays below the limit when a single text is larger than the limit", () => {
    const huge = "long ".repeat(40_000);
    const report = sampleReport({ subject: { specification: huge, name: huge, version: huge, root: "/srv" } });
    expect(renderMarkdown(report, sampleEncoding).length).toBeLessThan(65_000);
  });

  it("numbers findings through all shapes", () => {
    const numbers = [...renderMarkdown(sampleReport(), sampleEncoding).matchAll(/^\| (\d+) \| `src[^|]*\| `Shelf\.\w+` \| `/gm)].map((match) => match[1]);
    expect(numbers).toEqual(["1", "2", "3", "4"]);
  });

  it("compares with serial orders without the state when only results differ", () => {
    const serial = sampleWitness.serial.map((order) => ({ ...order, state: "same" }));
    const witness = { ...sampleWitness, serial, outcome: { ...sampleWitness.outcome, state: "same" } };
    const findings = [{ hazard: sampleHazard(), confirmation: sampleConfirmation({ witness }) }];
    expect(renderMarkdown(sampleReport({ findings }), sampleEncoding)).toContain("| Order | Thread A | Thread B |\n");
  });

  it("makes mentions, references and markup of the subject inert", () => {
    const findings = [{ hazard: sampleHazard({ message: hostileText }), confirmation: undefined }];
    const markdown = renderMarkdown(sampleReport({ findings }), sampleEncoding);
    for (const part of ["a\\|b \\`c\\` \\\\\\| &lt;script&gt; ", " @<!-- -->someone #<!-- -->12 ", " \\[31m \\| --- \\| \\*x\\* \\_\\_y\\_\\_ "]) {
      expect(markdown).toContain(part);
    }
  });

  it("chooses a fence longer than any in the driver", () => {
    const witness = { ...sampleWitness, driver: { name: "fences", source: 'text = """\n````\n"""' } };
    const findings = [{ hazard: sampleHazard(), confirmation: sampleConfirmation({ witness }) }];
    expect(renderMarkdown(sampleReport({ findings }), sampleEncoding)).toContain('`````python\ntext = """\n````\n"""\n`````');
  });
});
