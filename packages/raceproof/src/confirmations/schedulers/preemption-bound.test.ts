// Preemption bounding: every schedule once, none above the bound, as many as the closed form says.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Schedule } from "../../vocabulary/index.ts";
import { countCombinations } from "./combinations.ts";
import { preemptionBound } from "./preemption-bound.ts";
import type { Scheduler } from "./scheduler.ts";

function drain(scheduler: Scheduler<Schedule>, most = 7): Schedule[] {
  const all: Schedule[] = [];
  for (let batch = scheduler.next(most); batch.length > 0; batch = scheduler.next(most)) all.push(...batch);
  return all;
}

/** Words without equal neighbors, by inclusion and exclusion over merged neighbors. */
function countCarlitzWords(pieces: readonly number[]): number {
  let sum = 0;
  const visit = (thread: number, blocks: number, product: number, factorials: number): void => {
    if (thread === pieces.length) {
      sum += (product * factorial(blocks)) / factorials;
      return;
    }
    const count = pieces[thread] ?? 0;
    for (let groups = 1; groups <= count; groups += 1) {
      const sign = (count - groups) % 2 === 0 ? 1 : -1;
      visit(thread + 1, blocks + groups, product * sign * countCombinations(count - 1, groups - 1), factorials * factorial(groups));
    }
  };
  visit(0, 0, 1, 1);
  return Math.round(sum);
}

function factorial(n: number): number {
  return n < 2 ? 1 : n * factorial(n - 1);
}

function closedForm(bound: number, lengths: readonly number[]): number {
  const places = lengths.map((length) => Math.max(0, length - 1));
  let total = 0;
  const visit = (thread: number, left: number, stops: readonly number[]): void => {
    if (thread === lengths.length) {
      if (left > 0) return;
      const choices = stops.reduce((product, count, index) => product * countCombinations(places[index] ?? 0, count), 1);
      if (choices > 0) total += choices * countCarlitzWords(stops.map((count) => count + 1));
      return;
    }
    for (let count = 0; count <= left; count += 1) visit(thread + 1, left - count, [...stops, count]);
  };
  visit(0, bound, []);
  return total;
}

/** Everything a schedule must be, checked without knowing how it was made. */
function violations(schedule: Schedule, bound: number, lengths: readonly number[]): string[] {
  const stopped = new Map<number, number>();
  const ended = new Set<number>();
  const problems: string[] = [];
  schedule.forEach(([thread, until], index) => {
    if (ended.has(thread)) problems.push(`thread ${thread} runs after its end`);
    if (until === null) ended.add(thread);
    else if (until <= (stopped.get(thread) ?? 1) || until > (lengths[thread] ?? 0)) problems.push(`stop ${until} of thread ${thread}`);
    if (until !== null) stopped.set(thread, until);
    if (schedule[index + 1]?.[0] === thread) problems.push(`thread ${thread} preempts itself`);
  });
  if (ended.size !== lengths.length) problems.push("a thread does not end");
  if (schedule.filter(([, until]) => until !== null).length !== bound) problems.push("number of preemptions");
  return problems;
}

const lengths = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 2, maxLength: 3 });
const bound = fc.integer({ min: 0, max: 3 });

describe("preemption bounding", () => {
  it("gives every schedule of the bound exactly once", () => {
    fc.assert(
      fc.property(bound, lengths, fc.integer({ min: 1, max: 50 }), (limit, sizes, most) => {
        const scheduler = preemptionBound(limit, sizes);
        const all = drain(scheduler, most);
        expect(all.flatMap((schedule) => violations(schedule, limit, sizes))).toEqual([]);
        expect(new Set(all.map((schedule) => JSON.stringify(schedule))).size).toBe(all.length);
        expect(all).toHaveLength(closedForm(limit, sizes));
        expect(scheduler.size()).toBe(all.length);
      }),
      { numRuns: 150 },
    );
  });

  it("is the same list every time", () => {
    expect(drain(preemptionBound(2, [4, 5]))).toEqual(drain(preemptionBound(2, [4, 5]), 1));
  });

  it("counts two threads as the literature does: orders, stops, pairs of stops", () => {
    const sizes = [42, 42];
    expect([0, 1, 2].map((limit) => preemptionBound(limit, sizes).size())).toEqual([2, 82, 3362]);
  });

  it("grows when a thread turns out to be longer, without repeating anything", () => {
    fc.assert(
      fc.property(bound, lengths, fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 3, maxLength: 3 }), (limit, sizes, extra) => {
        const grown = sizes.map((size, thread) => size + (extra[thread] ?? 0));
        const scheduler = preemptionBound(limit, sizes);
        const before = scheduler.next(2);
        scheduler.learn(grown);
        const all = [...before, ...drain(scheduler)];
        expect(new Set(all.map((schedule) => JSON.stringify(schedule)))).toEqual(
          new Set(drain(preemptionBound(limit, grown)).map((schedule) => JSON.stringify(schedule))),
        );
        expect(all).toHaveLength(scheduler.size());
      }),
      { numRuns: 150 },
    );
  });

  it("takes in a thread that the subject started, with every order of it", () => {
    const scheduler = preemptionBound(0, [3, 3]);
    scheduler.learn([3, 3, 2]);
    const orders = drain(scheduler).map((schedule) => schedule.map(([thread]) => thread).join(""));
    expect(orders).toEqual(["01", "10", "012", "021", "102", "120", "201", "210"]);
  });

  it("keeps the first schedules of a large space far apart", () => {
    const stops = preemptionBound(2, [1001, 1001])
      .next(10)
      .map((schedule) => Number(schedule[0]?.[1]));
    expect(Math.max(...stops) - Math.min(...stops)).toBeGreaterThan(500);
  });
});
