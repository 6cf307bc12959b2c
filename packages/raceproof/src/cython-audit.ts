// A program and the Cython files among its sources in, its hazards out: rules of Python and of Cython find together, one place is said once.
import { analyzeCython } from "./facts/index.ts";
import { collectHazards, findHazards, rankCythonHazards, settleHazards } from "./hazards/index.ts";
import { isCython } from "./sources/index.ts";
import type { CythonRule, Hazard, Program, Rule } from "./vocabulary/index.ts";

export interface ProgramSource {
  readonly path: string;
  /** Path relative to the import root: names the module. */
  readonly modulePath: string;
  readonly bytes: Uint8Array;
  readonly role?: "build";
}

export interface ProgramRules {
  readonly python: readonly Rule[];
  readonly cython: readonly CythonRule[];
}

/** A file that is parsed for its code: what a .pxd declares belongs to the module of its name. */
export function isProgramSource({ path, role }: ProgramSource): boolean {
  return role === undefined && /\.(?:py|pyx|pxi)$/.test(path);
}

export interface FoundHazards {
  readonly hazards: readonly Hazard[];
  /** All that the rules said; undefined when rules of several languages had to agree. */
  readonly said: readonly Hazard[] | undefined;
}

/** @param sources every file that says something about the program: code, declarations, how it is built */
export function findProgramHazards(program: Program, sources: readonly ProgramSource[], rules: ProgramRules): FoundHazards {
  const declaring = sources.filter(({ path }) => isCython(path));
  const said = collectHazards(program, rules.python);
  const hazards = settleHazards(said, rules.python);
  if (declaring.length === 0) return { hazards, said };
  const builds = sources.filter(({ role }) => role === "build");
  const cython = analyzeCython(program, declaring, builds);
  const bound = rules.cython.map(({ metadata, find }) => ({ metadata, find: () => find(cython) }));
  return { hazards: rankCythonHazards(findHazards(program, bound), hazards, cython), said: undefined };
}
