// An instance of a class that extends a built-in container in, the place of its own elements out.
import { lineage } from "./class-hierarchy.ts";
import type { ClassDeclaration } from "./declarations.ts";
import type { Evaluator } from "./evaluator.ts";
import type { Place, StaticValue } from "./static-value.ts";

const builtinContainers: ReadonlySet<string> = new Set(["dict", "OrderedDict", "defaultdict", "Counter", "list", "set", "deque"]);

export function placeOfContainerObject(evaluator: Evaluator, value: StaticValue): Place | undefined {
  if (value.shape.kind !== "instance") return undefined;
  const extending = lineage(evaluator, value.shape.of).find((cls) => extendsContainer(evaluator, cls));
  if (!extending) return undefined;
  return { ownerKind: "instance", owner: extending.key, path: "<items>", ownerName: value.shape.of.qualifiedName, guessed: false };
}

function extendsContainer(evaluator: Evaluator, cls: ClassDeclaration): boolean {
  return cls.bases.some((base) => {
    const { shape } = evaluator.valueOf(cls.module, base);
    return shape.kind === "external" && builtinContainers.has(shape.name.split(".").at(-1) ?? "");
  });
}
