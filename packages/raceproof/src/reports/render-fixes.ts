// Checked patches in, one diff with a preamble that says what each part does, or JSON, out. `git apply` and `patch -p1` skip the preamble.
import { unifiedDiff } from "../fixes/index.ts";
import { groupedBy } from "../vocabulary/index.ts";
import type { FixReport } from "../vocabulary/index.ts";
import { oneLine } from "./plain-text.ts";
import { renderJsonHazard } from "./render-json.ts";

type PathOf = (file: string) => string;

export function renderFixes(report: FixReport, pathOf: PathOf): string {
  const { applied, gone, compiledWith, cargoChecked } = report;
  if (applied.length === 0) return "";
  const byRule = [...groupedBy(gone, ({ rule }) => rule)].map(([rule, hazards]) => `${hazards.length} ${rule}`).join(", ");
  const compiled = compiledWith.length === 0 ? "" : ` The files compile with the headers of ${compiledWith.join(" and ")}.`;
  const preamble = [
    `${applied.length} ${applied.length === 1 ? "patch" : "patches"} for ${oneLine(report.subject.name)}. Hazards that are no longer found then: ${byRule}. Nothing new is found.${compiled}${cargoChecked ? " `cargo check` takes them." : ""}`,
    "",
    ...applied.map(({ hazard, title }) => `* ${oneLine(title)} (${hazard.rule})`),
  ];
  return `${preamble.join("\n")}\n\n${diffOf(report, pathOf)}`;
}

/** Why there is no patch, each reason once with the functions it is about. */
export function renderRefusals({ applied, refused }: FixReport): string {
  if (applied.length + refused.length === 0) return "nothing here has a mechanical fix\n";
  return [...groupedBy(refused, ({ reason }) => reason)]
    .map(([reason, each]) => `no patch for ${[...new Set(each.map(({ hazard }) => hazard.function))].join(", ")}: ${oneLine(reason)}\n`)
    .join("");
}

export function renderFixesJson(report: FixReport, pathOf: PathOf): string {
  const { subject, applied, gone, refused, compiledWith, cargoChecked } = report;
  const json = {
    schemaVersion: 1,
    subject: { name: subject.name, version: subject.version, root: subject.root },
    applied: applied.map(({ hazard, title, files }) => ({ title, files: files.map(pathOf), hazard: renderJsonHazard(hazard) })),
    gone: gone.map(({ fingerprint }) => fingerprint),
    refused: refused.map(({ hazard, reason }) => ({ reason, hazard: renderJsonHazard(hazard) })),
    compiledWith,
    cargoChecked,
    diff: diffOf(report, pathOf),
  };
  return `${JSON.stringify(json, undefined, 2)}\n`;
}

function diffOf({ files }: FixReport, pathOf: PathOf): string {
  const bytes = Buffer.from(files.map(({ path, before, after }) => unifiedDiff(pathOf(path), before, after)).join(""), "latin1");
  return bytes.toString("utf8");
}
