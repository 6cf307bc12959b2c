// A critical section with a `with nogil` block inside: the section is let go of there, so what was read before may not hold afterwards.
// Misses: sections suspended by calls that block.
import type { AccessFact, CythonProgram, CythonRegion, CythonRule, FunctionFact, Hazard, RuleMetadata } from "../../../vocabulary/index.ts";
import { draftHazard } from "../../python/hazard-draft.ts";
import { isStore } from "../declared-variables.ts";

const metadata: RuleMetadata = {
  id: "cython/section-across-nogil",
  title: "Critical section let go of in the middle",
  severity: "corruption",
  consequence: "Another thread enters the section during the `with nogil` block and changes what was just read.",
  sources: [
    "cython.readthedocs.io, Free threading: releasing the GIL in a critical section suspends it",
    "PEP 703, Python critical sections: suspended when the thread detaches",
  ],
  since: "0.2.0",
  fixes: [
    { title: "Two sections", cost: "low", detail: "One before and one after the `with nogil` block, the second asking again." },
    { title: "A mutex", cost: "medium", detail: "A cython.pymutex stays locked while the thread is detached." },
  ],
};

function find(cython: CythonProgram): Hazard[] {
  return [...cython.regions.values()].flatMap((regions) =>
    regions.filter(({ kind }) => kind === "nogil").flatMap((block) => hazardsOf(cython, regions, block)),
  );
}

function hazardsOf(cython: CythonProgram, regions: readonly CythonRegion[], block: CythonRegion): Hazard[] {
  const fn =
    cython.program.functions.find(({ accesses }) => accesses.some(({ order, span }) => span.file === block.file && order >= block.from && order < block.to)) ??
    cython.program.functions.find((each) => each.role !== "module" && each.role !== "class-body" && contains(each, block));
  const section = regions.find((outer) => outer.kind === "section" && outer.from < block.from && block.to <= outer.to);
  const decorated = fn?.decorators.some((text) => /(^|\.)critical_section$/.test(text)) === true;
  if (fn === undefined || (section === undefined && !decorated)) return [];
  const within = fn.accesses.filter(({ order, sharing }) => sharing === "shared" && (section === undefined || (order >= section.from && order < section.to)));
  const after = within.find((late) => late.order >= block.to && isStore(late) && before(within, block, late) !== undefined);
  const early = after && before(within, block, after);
  if (after === undefined || early === undefined) return [];
  return [
    draftHazard(cython.program, metadata, {
      main: after,
      sequence: [early, after],
      interfering: [],
      confidence: "medium",
      evidence: [`the section is suspended by \`with nogil\` at line ${block.span.line}`],
      message: `${after.text} is stored by what was read at line ${early.span.line}, before \`with nogil\` (line ${block.span.line}) let go of the critical section`,
    }),
  ];
}

function before(within: readonly AccessFact[], block: CythonRegion, late: AccessFact): AccessFact | undefined {
  return within.find((early) => early.order < block.from && early.location.key === late.location.key && early.kind !== "write");
}

function contains({ span }: FunctionFact, { file, span: block }: CythonRegion): boolean {
  return span.file === file && span.line <= block.line && block.endLine <= span.endLine;
}

export const rule: CythonRule = { metadata, find };
