// The requirement of a manifest is raised to the first release of PyO3 without the defect, and without others that the code meets. Shared by the rules about versions.
// Cargo.lock is Cargo's to write: a version that the new requirement does not admit is no longer locked.
import { breaksBetween, pyo3Defects } from "../../models/index.ts";
import { compareVersions, isWithin, offsetIn } from "../../vocabulary/index.ts";
import type { FixAnswer, FixSource, Hazard, Pyo3Use, RustProgram } from "../../vocabulary/index.ts";
import { placesOf } from "./crate-practices.ts";
import { freeThreadingOf } from "./free-threading.ts";

export function raiseRequirement(hazard: Hazard, program: RustProgram, source: FixSource): FixAnswer {
  const index = program.crates.findIndex(({ name, pyo3 }) => name === hazard.function && pyo3?.span.file === hazard.span.file);
  const pyo3 = program.crates[index]?.pyo3;
  const version = pyo3?.version;
  if (pyo3 === undefined || version === undefined) return { kind: "refusal", reason: "which PyO3 it asks for is not known" };
  const text = source.textOf(pyo3.span.file);
  const from = offsetIn(text, pyo3.span.line, 0);
  const written = writtenRequirement(text, from);
  if (written === undefined) return { kind: "refusal", reason: `no requirement of a version stands at ${pyo3.span.file}:${pyo3.span.line}` };
  const fixed = firstSoundRelease(program, index, version);
  const requirement = raised(written.text, fixed);
  if (requirement === undefined) return { kind: "refusal", reason: `"${written.text}" admits ${fixed} already: \`cargo update -p pyo3\` is enough` };
  const breaks = breaksBetween(version, fixed);
  const title = `${crateText(pyo3)} ${requirement} instead of ${written.text}, then \`cargo update -p pyo3\`; ${breaks.length === 0 ? "nothing known breaks" : `to look after: ${breaks.join("; ")}`}`;
  return { kind: "fix", title, edits: [{ file: pyo3.span.file, from: written.from, to: written.from + written.text.length, text: requirement }] };
}

function crateText({ alias }: Pyo3Use): string {
  return alias === "pyo3" ? "pyo3" : `pyo3 (${alias})`;
}

/** `pyo3 = "0.18"`, `pyo3 = { version = "0.18", ... }`, `version = "0.18"` in a table of its own. */
function writtenRequirement(text: string, from: number): { readonly text: string; readonly from: number } | undefined {
  const line = text.slice(from, text.indexOf("\n", from) < 0 ? undefined : text.indexOf("\n", from));
  const found = /\bversion"?\s*=\s*["']([^"']+)["']/.exec(line) ?? /^[^=]*=\s*["']([^"']+)["']/.exec(line);
  const requirement = found?.[1];
  return found === null || requirement === undefined ? undefined : { text: requirement, from: from + found.index + found[0].lastIndexOf(requirement) };
}

/** One defect's cure may be another one's beginning. */
function firstSoundRelease(program: RustProgram, crate: number, version: string): string {
  const met = pyo3Defects.filter(({ needs, freeThreaded }) => {
    return placesOf(program, crate, needs).length > 0 && (!freeThreaded || freeThreadingOf(program, crate) !== undefined);
  });
  let sound = version;
  for (let defect = met[0]; defect !== undefined;) {
    defect = met.find(({ affected }) => isWithin(sound, affected));
    if (defect !== undefined) sound = defect.affected.below;
  }
  return sound;
}

/** In the same style; undefined when nothing has to be raised. */
function raised(requirement: string, fixed: string): string | undefined {
  const clauses = requirement.split(",");
  const [, operator = "", version = ""] = /^\s*(\^|~|=|>=)?\s*(\d[\w.]*)\s*$/.exec(requirement) ?? [];
  // Of several clauses or none that names a version only the release stays.
  if (version === "" || clauses.length > 1) return fixed;
  if (operator === ">=" ? compareVersions(version, fixed) >= 0 : version === fixed) return undefined;
  const isShort = version.split(".").length < 3 && fixed.endsWith(".0");
  return `${operator}${isShort ? fixed.replace(/\.0$/, "") : fixed}`;
}
