// Both threads change the state and read it back, by its getter or as an attribute: each must see what it leaves when it runs alone.
import type { Hazard, Program, Provocation } from "../../../vocabulary/index.ts";
import { processStateCalls } from "../../../models/index.ts";
import { factsOf, provocationsOf, throughOf } from "../pair-provocations.ts";
import type { ReadBack } from "../pair-provocations.ts";

export function provokeChange(hazard: Hazard, program: Program): Provocation[] {
  const facts = factsOf(program, hazard);
  if (!facts) return [];
  const readBack = readersOf(hazard);
  return facts.entries.flatMap((entry) =>
    provocationsOf(program, {
      rationale: `${entry.fn.qualifiedName} in both threads, then ${hazard.location.display} read back`,
      left: { calls: [entry.fn], readBack },
      right: { calls: [entry.fn], readBack },
      prefix: [],
      modes: ["different", "same"],
      through: throughOf(entry),
    }),
  );
}

function readersOf({ location }: Hazard): ReadBack[] {
  if (location.owner === "function") return [];
  if (location.owner !== "") return [attributeOf(`${location.owner}.${location.path}`)];
  const getter = [...processStateCalls.values()].find((row) => row.state === location.path && row.getter !== undefined)?.getter;
  return getter === undefined ? [] : [{ ...attributeOf(getter), use: "call" }];
}

/** "tempfile._Closer.cleanup" is an attribute of the class `_Closer` in module "tempfile": classes are spelled with a capital letter. */
function attributeOf(name: string): ReadBack {
  const parts = name.split(".");
  const found = parts.findIndex((part) => /^_*[A-Z]/.test(part));
  const split = found < 0 ? parts.length - 1 : found;
  return { module: parts.slice(0, split).join("."), qualifiedName: parts.slice(split).join(".") };
}
