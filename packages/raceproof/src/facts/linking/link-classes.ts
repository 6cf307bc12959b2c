// Module facts in, class facts out: bases inside and outside the program, methods, and why instances may be shared.
import type { ClassFact, FunctionFact } from "../../vocabulary/index.ts";
import type { ExtractedClass } from "../module-facts.ts";
import type { CreatedClasses } from "./created-classes.ts";
import type { ExtractedProgram } from "./extracted-program.ts";
import { keptByPublication } from "./published-instances.ts";
import { reachableClasses } from "./reachable-classes.ts";
import { sharingEvidence } from "./shared-classes.ts";

export function linkClasses(program: ExtractedProgram, functions: readonly FunctionFact[], created: CreatedClasses): Map<string, ClassFact> {
  const { classes, idOf } = program;
  const published = keptByPublication(functions);
  const evidence = sharingEvidence(program, created, published);
  const reachable = new Set([...reachableClasses(program, created), ...published.map(({ type }) => type)]);
  const factOf = (cls: ExtractedClass): ClassFact => ({
    key: cls.key,
    module: cls.module,
    qualifiedName: cls.qualifiedName,
    span: cls.span,
    bases: cls.lineage.slice(1),
    externalBases: cls.externalBases,
    public: reachable.has(cls.key),
    methods: new Map(cls.methods.map(([name, key]) => [name, idOf.get(key) as number])),
    sharedBecause: evidence.get(cls.key)?.all ?? [],
    sharedInPart: evidence.get(cls.key)?.some ?? [],
    confinedBecause: cls.documented.confined,
    abstract: cls.externalBases.some((base) => base === "ABC" || base === "Protocol"),
    exception: cls.lineage.some((each) => (classes.get(each)?.externalBases ?? []).some((base) => /(Error|Exception|Warning)$/.test(base))),
  });
  return new Map([...classes.values()].map((cls) => [cls.key, factOf(cls)]));
}
