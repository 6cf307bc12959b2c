// Defects of the PyO3 a crate is built with that its code meets. Shared by the rules about versions; each has its own topic.
// Misses: what dependencies from a registry do with the same PyO3.
import { pyo3Defects } from "../../models/index.ts";
import type { Pyo3Defect } from "../../models/index.ts";
import { compareVersions, isWithin } from "../../vocabulary/index.ts";
import type { Confidence, Hazard, Pyo3Use, RuleMetadata, RustCrate, RustProgram } from "../../vocabulary/index.ts";
import { draftCrateHazard } from "./crate-hazard.ts";
import type { CratePlace } from "./crate-hazard.ts";
import { placesOf } from "./crate-practices.ts";
import { freeThreadingOf } from "./free-threading.ts";

export function findDefects(program: RustProgram, metadata: RuleMetadata, topic: Pyo3Defect["topic"]): Hazard[] {
  const rows = pyo3Defects.filter((row) => row.topic === topic);
  return program.crates.flatMap((crate, index) => {
    const { pyo3 } = crate;
    const version = pyo3?.version;
    if (pyo3 === undefined || version === undefined) return [];
    return rows.flatMap((defect) => findDefect(program, metadata, { crate, index, pyo3, version, defect }));
  });
}

interface Question {
  readonly crate: RustCrate;
  readonly index: number;
  readonly pyo3: Pyo3Use;
  readonly version: string;
  readonly defect: Pyo3Defect;
}

function findDefect(program: RustProgram, metadata: RuleMetadata, { crate, index, pyo3, version, defect }: Question): Hazard[] {
  if (!isWithin(version, defect.affected)) return [];
  const met = [index, ...builtInto(program, index)].flatMap((each) => placesOf(program, each, defect.needs));
  const [first] = met;
  if (first === undefined) return [];
  const freeThreading = defect.freeThreaded ? freeThreadingOf(program, index) : undefined;
  if (defect.freeThreaded && freeThreading === undefined) return [];
  return [
    draftCrateHazard(metadata, {
      crate,
      span: pyo3.span,
      about: `pyo3 ${defect.source}`,
      met,
      confidence: confidenceOf(pyo3, defect),
      severity: defect.severity,
      reach: defect.freeThreaded ? "live" : "single-threaded",
      evidence: [versionEvidence(pyo3), `the first release without it is ${defect.affected.below} (${defect.source})`, ...(freeThreading ?? [])],
      message: `PyO3 ${version} ${defect.what}; ${placeText(first, met.length)} it; fixed in ${defect.affected.below}`,
    }),
  ];
}

/** Path dependencies without a lock of their own: who builds them decides with which PyO3. */
function builtInto({ cargo: { packages } }: RustProgram, crate: number): readonly number[] {
  const found = new Set([crate]);
  for (const each of found) {
    for (const { path, kind } of packages[each]?.dependencies ?? []) {
      const below = path === undefined || kind !== "normal" ? -1 : packages.findIndex(({ folder }) => folder === path);
      if (below >= 0 && packages[below]?.pyo3?.isLocked !== true) found.add(below);
    }
  }
  found.delete(crate);
  return [...found];
}

/** Not locked: any build may take a release that is fixed, unless the requirement admits none. */
function confidenceOf({ isLocked, admits }: Pyo3Use, { affected }: Pyo3Defect): Confidence {
  if (isLocked) return "high";
  return admits.below !== undefined && compareVersions(admits.below, affected.below) <= 0 ? "high" : "low";
}

export function versionEvidence({ version = "", isLocked, locked }: Pyo3Use): string {
  return isLocked && locked ? `${locked.file}:${locked.line} locks ${version}` : `no lock file: ${version} is the oldest release that the manifest admits`;
}

function placeText({ name, span }: CratePlace, count: number): string {
  return `${name} (${span.file}:${span.line})${count > 1 ? ` and ${count - 1} more` : ""} ${count > 1 ? "meet" : "meets"}`;
}
