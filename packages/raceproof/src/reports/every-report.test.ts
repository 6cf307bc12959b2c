// What holds for any report in any format: it renders, it is valid, and nothing in it breaks out of its place.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arbitraryReport, arbitraryReview, arbitraryWitness } from "./fixtures/arbitrary-report.ts";
import { sampleEncoding, sampleReport } from "./fixtures/sample-report.ts";
import { sampleReview } from "./fixtures/sample-suppressions.ts";
import {
  explainInterleaving,
  interleavingOf,
  renderConcise,
  renderGitHub,
  renderGitLab,
  renderGrouped,
  renderJson,
  renderJsonLines,
  renderJUnit,
  renderMarkdown,
  renderReviewJson,
  renderSarif,
  renderTerminal,
} from "./index.ts";

const schemaOf = (name: string): object => JSON.parse(readFileSync(new URL(`../../schema/${name}`, import.meta.url), "utf8")) as object;
const published = new Ajv2020({ strict: true, allowUnionTypes: true }).addSchema(schemaOf("report.schema.json"));
const validReport = published.compile({ $ref: "urn:raceproof:report:1" });
const validReview = published.compile(schemaOf("review.schema.json"));
const validSarif = addFormats.default(new Ajv({ strict: false, unicodeRegExp: false })).compile(schemaOf("third-party/sarif-2.1.0.schema.json"));

/** Lines outside fenced blocks, as GitHub sees them. */
function proseLines(markdown: string): string[] {
  let fence: string | undefined;
  return markdown.split("\n").filter((line) => {
    const mark = /^`{3,}/.exec(line)?.[0];
    if (fence === undefined && mark !== undefined) {
      fence = mark;
      return false;
    }
    if (fence !== undefined && line === fence) {
      fence = undefined;
      return false;
    }
    return fence === undefined;
  });
}

/** Cells of a table row, split at pipes that are not escaped. */
function cellsOf(row: string): string[] {
  return row.split(/(?<!\\)\|/).slice(1, -1);
}

function findRaggedRows(markdown: string): string[] {
  const lines = proseLines(markdown);
  let columns = 0;
  return lines.filter((line, index) => {
    if (!line.startsWith("|")) columns = 0;
    else if (columns === 0) columns = cellsOf(lines[index + 1] ?? "").length;
    return columns > 0 && cellsOf(line).length !== columns;
  });
}

describe("any report", () => {
  it("is Markdown with whole tables, without foreign markup, below GitHub's limit", () => {
    fc.assert(
      fc.property(arbitraryReport, (report) => {
        const markdown = renderMarkdown(report, sampleEncoding);
        expect(markdown.length).toBeLessThan(65_000);
        expect(findRaggedRows(markdown)).toEqual([]);
        const prose = proseLines(markdown)
          .join("\n")
          .replaceAll(/(?<!\\)`[^`\n]*`/g, "");
        expect(prose).not.toMatch(/<(?!\/?(?:details|summary|code)>|!-- -->)/);
        expect(prose).not.toMatch(/(?<![&])#\d|@\w/);
      }),
      { numRuns: 150 },
    );
  });

  it("is JSON that the published schema accepts", () => {
    fc.assert(
      fc.property(arbitraryReport, (report) => {
        validReport(JSON.parse(renderJson(report, sampleEncoding)));
        expect(validReport.errors).toBeNull();
      }),
      { numRuns: 100 },
    );
  });

  it.each(["verdict", "fingerprint", "accesses", "reach"])("is refused by the schema without %s", (field) => {
    const report = JSON.parse(renderJson(sampleReport(), sampleEncoding)) as { findings: Record<string, unknown>[] };
    expect(validReport(report)).toBe(true);
    delete report.findings[0]?.[field];
    expect(validReport(report)).toBe(false);
  });

  it("is, compared with another, JSON that the published schema of reviews accepts", () => {
    fc.assert(
      fc.property(arbitraryReview, (review) => {
        validReview(JSON.parse(renderReviewJson(review)));
        expect(validReview.errors).toBeNull();
      }),
      { numRuns: 100 },
    );
  });

  it.each(["new", "fixed", "remaining", "passing", "suppressed"] as const)("is refused by the schema of reviews when a hazard of %s lacks its rule", (list) => {
    const review = JSON.parse(renderReviewJson(sampleReview())) as Record<typeof list, object[]>;
    expect(validReview(review)).toBe(true);
    review[list] = [{ ...review[list][0], rule: undefined }];
    expect(validReview(JSON.parse(JSON.stringify(review)))).toBe(false);
  });

  it("is SARIF that the official schema accepts, with relative paths", () => {
    fc.assert(
      fc.property(arbitraryReport, (report) => {
        const sarif = renderSarif(report, {
          ...sampleEncoding,
          ruleUri: (id) => `https://example.invalid/${encodeURIComponent(id.replaceAll(/\p{Surrogate}/gu, ""))}`,
        });
        validSarif(JSON.parse(sarif));
        expect(validSarif.errors).toBeNull();
        for (const [, uri = ""] of sarif.matchAll(/"uri": "([^"]*)"/g)) expect(uri).not.toMatch(/^\/|^[a-z]+:/);
      }),
      { numRuns: 100 },
    );
  });

  it("is terminal text without control characters, one line per finding in the concise form", () => {
    fc.assert(
      fc.property(arbitraryReport, fc.nat(200), fc.boolean(), (report, width, showLow) => {
        expect(renderTerminal(report, { ...sampleEncoding, color: false, width, showLow })).not.toMatch(/[^\P{Cc}\n]/u);
        const concise = renderConcise(report, { color: false });
        expect(concise.split("\n")).toHaveLength(report.findings.length + report.suppressed.length + 1);
        expect(concise).not.toMatch(/[^\P{Cc}\n]/u);
      }),
      { numRuns: 100 },
    );
  });
});

/** Reads a list of XML texts; prints [tests, failures, skipped] as counted in each, with what the counts in the head say. */
const xmlReader = `
import json, sys, xml.etree.ElementTree as tree
out = []
for text in json.load(sys.stdin):
    root = tree.fromstring(text.encode())
    count = [len(root.findall('.//' + tag)) for tag in ('testcase', 'failure', 'skipped')]
    sums = [sum(int(suite.get(name)) for suite in root.findall('testsuite')) for name in ('tests', 'failures', 'skipped')]
    out.append([count, sums, [int(root.get(name)) for name in ('tests', 'failures', 'skipped')]])
print(json.dumps(out))
`;

describe("any report for sites and tools", () => {
  it("is workflow commands, one per line, whatever the texts hold", () => {
    fc.assert(
      fc.property(arbitraryReport, (report) => {
        const lines = renderGitHub(report).split("\n").slice(0, -1);
        const told = report.notifications.filter(({ level }) => level !== "note").length;
        expect(lines).toHaveLength(report.findings.length + report.suppressed.length + told);
        for (const line of lines) expect(line).toMatch(/^::(?:error|warning|notice|debug)(?: file=[^:,]*(?:,\w+=[^:,]*)*)?::[^\r\n]*$/u);
      }),
      { numRuns: 100 },
    );
  });

  it("is a GitLab report with every required field and fingerprints of their own", () => {
    fc.assert(
      fc.property(arbitraryReport, (report) => {
        const issues = JSON.parse(renderGitLab(report)) as {
          description: string;
          check_name: string;
          fingerprint: string;
          severity: string;
          location: { path: string; lines: { begin: number; end: number } };
        }[];
        expect(issues).toHaveLength(report.findings.length);
        expect(new Set(issues.map(({ fingerprint }) => fingerprint)).size).toBe(issues.length);
        for (const { description, check_name, severity, location } of issues) {
          expect([typeof description, typeof check_name, typeof location.path]).toEqual(["string", "string", "string"]);
          expect(["info", "minor", "major", "critical", "blocker"]).toContain(severity);
          expect(location.lines.end).toBeGreaterThanOrEqual(location.lines.begin);
        }
      }),
      { numRuns: 100 },
    );
  });

  it("is JUnit XML that an XML reader reads, with true counts", () => {
    const reports = fc.sample(arbitraryReport, { numRuns: 120, seed: 7 });
    const read = spawnSync("python3", ["-c", xmlReader], { input: JSON.stringify(reports.map(renderJUnit)), encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
    expect(read.stderr).toBe("");
    const counts = JSON.parse(read.stdout) as number[][][];
    expect(counts).toEqual(
      reports.map(({ findings, suppressed }) => {
        const total = [Math.max(1, findings.length + suppressed.length), findings.length, suppressed.length];
        return [total, total, total];
      }),
    );
  });

  it("is JSON on every line, the summary last", () => {
    fc.assert(
      fc.property(arbitraryReport, (report) => {
        const lines = renderJsonLines(report, sampleEncoding)
          .trimEnd()
          .split("\n")
          .map((line) => JSON.parse(line) as { type: string });
        const types = [...report.findings.map(() => "finding"), ...report.suppressed.map(() => "suppressed"), "summary"];
        expect(lines.map(({ type }) => type)).toEqual(types);
      }),
      { numRuns: 100 },
    );
  });

  it("is grouped text without control characters, with every finding", () => {
    fc.assert(
      fc.property(arbitraryReport, (report) => {
        const text = renderGrouped(report, { color: false });
        expect(text).not.toMatch(/[^\P{Cc}\n]/u);
        expect(text.split("\n").filter((line) => /^ {4}\d+:\d+ /.test(line))).toHaveLength(report.findings.length + report.suppressed.length);
      }),
      { numRuns: 100 },
    );
  });
});

describe("any witness", () => {
  it("has one ending per thread and keeps every access in order", () => {
    fc.assert(
      fc.property(arbitraryWitness, (witness) => {
        const { threads, steps } = interleavingOf(witness);
        const endings = steps.flatMap((step) => (step.kind === "finish" ? [step.thread] : []));
        expect(endings.toSorted((a, b) => a - b)).toEqual(threads.map((_, thread) => thread));
        const accesses = steps.flatMap((step) => (step.kind === "access" ? [step.thread] : []));
        expect(accesses).toEqual(witness.trace.map((event) => event.thread));
      }),
    );
  });

  it("is drawn in columns of equal width", () => {
    fc.assert(
      fc.property(arbitraryWitness, fc.integer({ min: 0, max: 200 }), (witness, width) => {
        const { threads } = interleavingOf(witness);
        const lines = explainInterleaving(witness, { width }).split("\n");
        const column = Math.max(20, Math.floor((width - 3 * (threads.length - 1)) / Math.max(1, threads.length)));
        for (const line of lines) expect([...line].length).toBeLessThanOrEqual(column * threads.length + 3 * Math.max(0, threads.length - 1));
      }),
    );
  });
});
