// Driver synthesis: provocations of a hazard and usages of the package in, driver texts out, without duplicates.
import type { CallRecipe, DriverText, Provocation, Usage } from "../../../vocabulary/index.ts";
import { renderDriver } from "./render-driver.ts";
import { renderTests } from "./render-tests.ts";
import { renderUsage } from "./render-usage.ts";
import { UsageIndex, type UsageTargets } from "./usage-index.ts";

export interface SynthesisSources {
  /** Calls from static facts, as the hazard's rule proposed them. */
  readonly provocations: readonly Provocation[];
  /** The same calls in other states. */
  readonly varied: readonly Provocation[];
  readonly usages: UsageIndex;
  readonly targets: UsageTargets;
}

/** Drivers from static facts that come before any other: where the first ones need another state, so do most of the rest. */
const mostUnvaried = 4;

/** Whole tests are slow, and most share nothing. */
const mostTests = 4;
const beforeTests = 12;

/**
 * As proposed first, then in turns from the package's own tests and examples and from varied states. Public entry points come before
 * others; every pair of operations gets its first try before any gets its second, so that a limit cuts variations, not opponents.
 * At most `most` drivers.
 */
export function synthesizeDrivers(hazardId: string, { provocations, varied, usages, targets }: SynthesisSources, most: number): DriverText[] {
  const proposed = ordered(provocations);
  const render = (each: Provocation) => (name: string) => renderDriver(name, each);
  const fromUsages = usages.pairsFor(targets, most).map((each) => (name: string) => renderUsage(name, each));
  const tests = usages.testsFor(targets, mostTests).map((each) => (name: string) => renderTests(name, each));
  const further = oneOfEach([fromUsages, ordered(varied).map(render), proposed.slice(mostUnvaried).map(render)]);
  const renderers = [...proposed.slice(0, mostUnvaried).map(render), ...further.slice(0, beforeTests), ...tests, ...further.slice(beforeTests)];
  const seen = new Set<string>();
  const out: DriverText[] = [];
  for (const renderer of renderers) {
    const driver = renderer(`${hazardId}/${out.length + 1}`);
    const body = driver.source.slice(driver.source.indexOf("\n"));
    if (seen.has(body)) continue;
    seen.add(body);
    out.push(driver);
    if (out.length === most) break;
  }
  return out;
}

export function indexUsages(usages: readonly Usage[]): UsageIndex {
  return new UsageIndex(usages);
}

/** Callers may hide what a private function does, or take long: it is called itself early, once. */
const beforeInternal = 2;

function ordered(provocations: readonly Provocation[]): Provocation[] {
  const [open, internal] = (["public", "internal"] as const).map((through) => inTurns(provocations.filter((each) => each.through === through)));
  return [open?.slice(0, beforeInternal), internal?.slice(0, 1), open?.slice(beforeInternal), internal?.slice(1)].flatMap((each) => each ?? []);
}

function oneOfEach<Item>(queues: readonly (readonly Item[])[]): Item[] {
  const longest = Math.max(...queues.map((queue) => queue.length));
  return Array.from({ length: longest }).flatMap((_, index) => queues.flatMap((queue) => queue.slice(index, index + 1)));
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
