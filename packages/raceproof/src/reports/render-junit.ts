// A report in, JUnit XML out: one suite per file, a failed case per finding, a skipped case per suppressed one. A report without
// either is one passed case, so that readers see that something ran.
// Source: the Jenkins and Surefire schemas of JUnit's XML report (testsuites, testsuite, testcase, failure, skipped).
import { groupedBy } from "../vocabulary/index.ts";
import type { Finding, Report, Suppression } from "../vocabulary/index.ts";
import { wellFormed } from "./plain-text.ts";
import { describeCalls, describeSuppression, describeVerdict, severityWords } from "./report-words.ts";

type Case = Finding & { readonly suppression?: Suppression };

export function renderJUnit(report: Report): string {
  const cases: readonly Case[] = [...report.findings, ...report.suppressed];
  const files = [...groupedBy(cases, ({ hazard }) => hazard.span.file)].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const suites = files.map(([file, inFile]) => suite(file, inFile.map(testCase), inFile.filter(({ suppression }) => suppression).length));
  const subject = report.subject.version === undefined ? report.subject.name : `${report.subject.name} ${report.subject.version}`;
  const passed = `    <testcase name="no hazards at or above the shown confidence" classname="${attribute(subject)}"/>`;
  const body =
    suites.length > 0 ? suites : [`  <testsuite name="${attribute(subject)}" tests="1" failures="0" errors="0" skipped="0">\n${passed}\n  </testsuite>`];
  const totals = `tests="${Math.max(1, cases.length)}" failures="${report.findings.length}" errors="0" skipped="${report.suppressed.length}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${attribute(`raceproof: ${subject}`)}" ${totals}>\n${body.join("\n")}\n</testsuites>\n`;
}

function suite(file: string, cases: readonly string[], skipped: number): string {
  const counts = `tests="${cases.length}" failures="${cases.length - skipped}" errors="0" skipped="${skipped}"`;
  return `  <testsuite name="${attribute(file)}" ${counts}>\n${cases.join("\n")}\n  </testsuite>`;
}

function testCase(item: Case): string {
  const { hazard, suppression } = item;
  const name = `${hazard.rule} ${hazard.location.display} in ${hazard.function}, line ${hazard.span.line}`;
  const opening = `    <testcase name="${attribute(name)}" classname="${attribute(hazard.span.file)}" file="${attribute(hazard.span.file)}" line="${hazard.span.line}">`;
  if (suppression) return `${opening}\n      <skipped message="${attribute(`suppressed ${describeSuppression(suppression)}`)}"/>\n    </testcase>`;
  const facts = `${severityWords[hazard.severity]}, ${hazard.confidence} confidence, ${describeVerdict(item)}`;
  const lines = [
    `${hazard.span.file}:${hazard.span.line} ${facts}`,
    ...hazard.accesses.map(
      (access) =>
        `${access.kind} ${access.span.file}:${access.span.line} in ${access.function}, ${access.lockset.length === 0 ? "no lock" : `holding ${access.lockset.join(", ")}`}${describeCalls(access)}`,
    ),
    ...hazard.evidence,
  ];
  return `${opening}\n      <failure message="${attribute(hazard.message)}" type="${attribute(hazard.rule)}">${content(lines.join("\n"))}</failure>\n    </testcase>`;
}

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;", "\t": "&#9;", "\n": "&#10;" };

/** XML 1.0 allows no other control characters, not even escaped (section 2.2). */
function content(text: string): string {
  return wellFormed(text)
    .replaceAll(/[^\t\n\u0020-\uFFFD\u{10000}-\u{10FFFF}]/gu, " ")
    .replaceAll(/[&<>]/g, (character) => entities[character] ?? character);
}

function attribute(text: string): string {
  return content(text).replaceAll(/["'\t\n]/g, (character) => entities[character] ?? character);
}
