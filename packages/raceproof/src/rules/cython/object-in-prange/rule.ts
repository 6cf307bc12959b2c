// A `with gil` block inside a loop whose rounds run in threads of their own, which stores into what all rounds share.
// Misses: what functions called there do. Over-reports: variables that every round sets before it uses them.
import type { CythonProgram, CythonRegion, CythonRule, Hazard, RuleMetadata } from "../../../vocabulary/index.ts";
import { draftBlockHazard } from "../block-hazard.ts";

const metadata: RuleMetadata = {
  id: "cython/object-in-prange",
  title: "Python objects stored in a parallel loop",
  severity: "crash",
  consequence: "Variables of the function are shared by the loop's threads: references are dropped twice, results are lost.",
  sources: ["cython.readthedocs.io, Free threading: assigning Python objects in prange is extremely unsafe; Using Parallelism: with gil inside prange"],
  since: "0.2.0",
  fixes: [
    { title: "Move the block into a function of its own", cost: "low", detail: "Its variables then belong to one round; what it shares it locks." },
    { title: "Collect after the loop", cost: "low", detail: "Rounds store into an array of C, each at its own index; objects are made once the loop is done." },
  ],
};

function find(cython: CythonProgram): Hazard[] {
  return [...cython.regions.values()].flatMap((regions) =>
    regions.flatMap((block) => {
      const loop = block.kind === "gil" ? regions.find((outer) => outer.kind === "parallel" && outer.from < block.from && block.to <= outer.to) : undefined;
      const shared = loop === undefined ? [] : block.assigned.filter((target) => !isOwnElement(loop, target));
      return loop === undefined || shared.length === 0 ? [] : [hazardOf(cython, { block, loop, shared })];
    }),
  );
}

/** `out[i] = x`, where i is the loop's variable: each round has an element of its own. */
function isOwnElement({ variables }: CythonRegion, target: string): boolean {
  return variables.some((variable) => new RegExp(`\\[[^\\]]*\\b${variable}\\b`).test(target));
}

function hazardOf(cython: CythonProgram, { block, loop, shared }: { block: CythonRegion; loop: CythonRegion; shared: readonly string[] }): Hazard {
  const names = shared.join(", ");
  return draftBlockHazard(cython, metadata, {
    span: block.span,
    subject: names,
    accesses: [],
    confidence: "high",
    evidence: [`the loop at line ${loop.span.line} runs its rounds in threads`, `the block stores ${names}`],
    message: `${names} ${shared.length === 1 ? "is" : "are"} stored under \`with gil\` in a parallel loop: without the GIL the rounds store at once`,
  });
}

export const rule: CythonRule = { metadata, find };
