// Module facts in, class facts out: bases inside and outside the program, methods, and why instances may be shared.
import type { ClassFact } from "../../vocabulary/index.ts";
import type { ExtractedClass, ModuleFacts, ThreadStart } from "../module-facts.ts";
import type { CreatedClasses } from "./created-classes.ts";
import { reachableClasses } from "./reachable-classes.ts";
import { sharingEvidence } from "./shared-classes.ts";

export interface InstanceUses {
  readonly starts: readonly ThreadStart[];
  readonly created: CreatedClasses;
}

export function linkClasses(
  modules: readonly ModuleFacts[],
  classes: ReadonlyMap<string, ExtractedClass>,
  idOf: ReadonlyMap<string, number>,
  { starts, created }: InstanceUses,
): Map<string, ClassFact> {
  const evidence = sharingEvidence(modules, classes, starts);
  const reachable = reachableClasses(modules, classes, created.transient);
  const factOf = (cls: ExtractedClass): ClassFact => ({
    key: cls.key,
    module: cls.module,
    qualifiedName: cls.qualifiedName,
    span: cls.span,
    bases: cls.lineage.slice(1),
    externalBases: cls.externalBases,
    public: reachable.has(cls.key),
    methods: new Map(cls.methods.map(([name, key]) => [name, idOf.get(key) as number])),
    sharedBecause: evidence.get(cls.key) ?? [],
    confinedBecause: cls.documented.confined,
    abstract: cls.externalBases.some((base) => base === "ABC" || base === "Protocol"),
    exception: cls.lineage.some((each) => (classes.get(each)?.externalBases ?? []).some((base) => /(Error|Exception|Warning)$/.test(base))),
  });
  return new Map([...classes.values()].map((cls) => [cls.key, factOf(cls)]));
}
