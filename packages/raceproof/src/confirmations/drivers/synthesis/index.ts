// Driver synthesis: provocations of a hazard in, driver texts out, without duplicates.
import type { CallRecipe, DriverText, Provocation } from "../../../vocabulary/index.ts";
import { renderDriver } from "./render-driver.ts";

/**
 * Public entry points first. Within them every pair of operations gets its first try before any gets its second, so that a limit
 * cuts variations of arguments and state, not opponents. At most `most` drivers.
 */
export function synthesizeDrivers(hazardId: string, provocations: readonly Provocation[], most: number): DriverText[] {
  const ordered = [
    ...inTurns(provocations.filter((each) => each.through === "public")),
    ...inTurns(provocations.filter((each) => each.through === "internal")),
  ];
  const seen = new Set<string>();
  const out: DriverText[] = [];
  for (const provocation of ordered) {
    const driver = renderDriver(`${hazardId}/${out.length + 1}`, provocation);
    const body = driver.source.slice(driver.source.indexOf("\n"));
    if (seen.has(body)) continue;
    seen.add(body);
    out.push(driver);
    if (out.length === most) break;
  }
  return out;
}

/** One of each pair of operations, then a second of each, and so on. */
function inTurns(provocations: readonly Provocation[]): Provocation[] {
  const queues = new Map<string, Provocation[]>();
  for (const provocation of provocations) {
    const pair = JSON.stringify(provocation.operations.map((calls) => calls.map(nameOfCall)));
    queues.set(pair, [...(queues.get(pair) ?? []), provocation]);
  }
  const out: Provocation[] = [];
  for (let turn = 0; out.length < provocations.length; turn++) {
    for (const queue of queues.values()) out.push(...queue.slice(turn, turn + 1));
  }
  return out;
}

function nameOfCall({ module, qualifiedName, use }: CallRecipe): string {
  return `${module}:${qualifiedName}:${use}`;
}
