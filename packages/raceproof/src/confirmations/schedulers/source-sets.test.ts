// DPOR against brute force over all interleavings of small programs, and against the known numbers of traces.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Transition } from "../agent-messages.ts";
import { type GuidedExecution, SourceSets } from "./source-sets.ts";
import { dependent } from "./trace-races.ts";

type Instruction = { readonly kind: "read" | "write" | "acquire" | "release"; readonly place: number } | { readonly kind: "key"; readonly place: number };
type Program = readonly (readonly Instruction[])[];

const firstLock = 100;
const dictionary = 50;

/** A machine that plays these programs as the agent does. */
class Machine {
  readonly events: Transition[] = [];
  readonly #program: Program;
  readonly #positions: number[];
  readonly #values = new Map<number, string>();
  readonly #locals: string[];
  readonly #held = new Set<number>();

  constructor(program: Program) {
    this.#program = program;
    this.#positions = program.map(() => 0);
    this.#locals = program.map(() => "");
  }

  pending(thread: number): Transition | undefined {
    const instruction = this.#program[thread]?.[this.#positions[thread] ?? 0];
    if (instruction === undefined) return undefined;
    const { kind, place } = instruction;
    if (kind === "key") return { thread, kind: "access", touches: [[dictionary, `[${place}]`, true]] };
    const touches: Transition["touches"] = [[place, kind === "read" || kind === "write" ? ".value" : null, kind !== "read"]];
    return { thread, kind: kind === "acquire" || kind === "release" ? kind : "access", touches };
  }

  possible(): number[] {
    return this.#program.flatMap((_, thread) => {
      const pending = this.pending(thread);
      return pending === undefined || (pending.kind === "acquire" && this.#held.has(pending.touches[0]?.[0] ?? 0)) ? [] : [thread];
    });
  }

  make(thread: number, sleeping: readonly number[] = []): Transition {
    const pending = this.pending(thread);
    const instruction = this.#program[thread]?.[this.#positions[thread] ?? 0];
    if (pending === undefined || instruction === undefined) throw new RangeError(`thread ${thread} has ended`);
    this.#positions[thread] = (this.#positions[thread] ?? 0) + 1;
    this.#perform(thread, instruction);
    this.events.push({ ...pending, sleeping });
    return pending;
  }

  #perform(thread: number, { kind, place }: Instruction): void {
    if (kind === "read") this.#locals[thread] += `,${this.#values.get(place) ?? "-"}`;
    if (kind === "write") this.#values.set(place, `${thread}(${this.#locals[thread]})`);
    if (kind === "key") this.#values.set(dictionary, `${this.#values.get(dictionary) ?? ""};${place}=${thread}`);
    if (kind === "acquire") this.#held.add(place);
    if (kind === "release") this.#held.delete(place);
  }

  outcome(): string {
    return JSON.stringify([this.#positions, [...this.#values].toSorted(([a], [b]) => a - b), this.#locals]);
  }

  /** The trace's class: the order of every dependent pair. */
  trace(): string {
    const seen = this.#program.map(() => 0);
    const named = this.events.map((event) => ({ event, name: `${event.thread}.${(seen[event.thread] = (seen[event.thread] ?? 0) + 1)}` }));
    return named
      .flatMap((one, index) => named.slice(index + 1).flatMap((other) => (dependent(one.event, other.event) ? [`${one.name}<${other.name}`] : [])))
      .toSorted()
      .concat(named.map(({ name }) => name).toSorted())
      .join(" ");
  }
}

interface Seen {
  readonly outcomes: Set<string>;
  readonly traces: string[];
}

function everyInterleaving(program: Program): Seen {
  const outcomes = new Set<string>();
  const traces = new Set<string>();
  const visit = (prefix: readonly number[]): void => {
    const machine = new Machine(program);
    for (const thread of prefix) machine.make(thread);
    const possible = machine.possible();
    for (const thread of possible) visit([...prefix, thread]);
    if (possible.length === 0) {
      outcomes.add(machine.outcome());
      traces.add(machine.trace());
    }
  };
  visit([]);
  return { outcomes, traces: [...traces] };
}

/** One execution as the agent plays it; false when only sleeping threads could have gone on. */
function play(machine: Machine, { prefix, sleeping }: GuidedExecution): boolean {
  let asleep = new Set(sleeping);
  let running = -1;
  for (;;) {
    const possible = machine.possible();
    const awake = possible.filter((thread) => !asleep.has(thread));
    const thread = prefix[machine.events.length] ?? (awake.includes(running) ? running : awake[0]);
    if (thread === undefined) return possible.length === 0;
    const made = machine.make(thread, [...asleep]);
    const stays = (one: number): boolean => {
      const next = machine.pending(one);
      return next !== undefined && !dependent(next, made);
    };
    if (machine.events.length >= prefix.length) asleep = new Set([...asleep].filter(stays));
    running = thread;
  }
}

function reduced(program: Program): Seen {
  const search = new SourceSets();
  const outcomes = new Set<string>();
  const traces: string[] = [];
  for (let asked = search.next(); asked !== undefined; asked = search.next()) {
    const machine = new Machine(program);
    const isWhole = play(machine, asked);
    search.learn(machine.events, isWhole ? program.flatMap((_, thread) => machine.pending(thread) ?? []) : []);
    if (!isWhole) continue;
    outcomes.add(machine.outcome());
    traces.push(machine.trace());
  }
  return { outcomes, traces };
}

const plain = fc.record({ kind: fc.constantFrom("read" as const, "write" as const, "key" as const), place: fc.integer({ min: 1, max: 3 }) });
const locked = fc
  .tuple(fc.integer({ min: firstLock, max: firstLock + 1 }), fc.array(plain, { maxLength: 2 }))
  .map(([place, inside]): Instruction[] => [{ kind: "acquire", place }, ...inside, { kind: "release", place }]);
const nested = fc.constantFrom([firstLock, firstLock + 1], [firstLock + 1, firstLock]).map(([outer = 0, inner = 0]): Instruction[] => [
  { kind: "acquire", place: outer },
  { kind: "acquire", place: inner },
  { kind: "release", place: inner },
  { kind: "release", place: outer },
]);
const block = fc.oneof({ weight: 3, arbitrary: plain.map((one): Instruction[] => [one]) }, { weight: 2, arbitrary: locked }, { weight: 1, arbitrary: nested });
const two = fc.array(
  fc.array(block, { minLength: 1, maxLength: 3 }).map((blocks) => blocks.flat().slice(0, 20)),
  { minLength: 2, maxLength: 2 },
);
const three = fc.array(
  fc
    .array(
      fc.oneof(
        plain.map((one): Instruction[] => [one]),
        locked,
      ),
      { minLength: 1, maxLength: 2 },
    )
    .map((blocks) => blocks.flat()),
  { minLength: 3, maxLength: 3 },
);

function size(program: Program): number {
  return program.reduce((sum, thread) => sum + thread.length, 0);
}

describe("source-set DPOR", () => {
  it("sees what brute force over two threads sees, each trace once", () => {
    fc.assert(
      fc.property(
        two.filter((program) => size(program) <= 13),
        (program) => {
          const brute = everyInterleaving(program);
          const { outcomes, traces } = reduced(program);
          expect(outcomes).toEqual(brute.outcomes);
          expect(traces.toSorted()).toEqual(brute.traces.toSorted());
        },
      ),
      { numRuns: 120 },
    );
  });

  it("sees what brute force over three threads sees, each trace once", () => {
    fc.assert(
      fc.property(
        three.filter((program) => size(program) <= 9),
        (program) => {
          const brute = everyInterleaving(program);
          const { outcomes, traces } = reduced(program);
          expect(outcomes).toEqual(brute.outcomes);
          expect(traces.toSorted()).toEqual(brute.traces.toSorted());
        },
      ),
      { numRuns: 80 },
    );
  });

  it("plays independent writes once", () => {
    const program = [1, 2, 3, 4].map((place): Instruction[] => [
      { kind: "write", place },
      { kind: "write", place },
    ]);
    expect(reduced(program).traces).toHaveLength(1);
  });

  it("plays two threads that write n variables 2^n times", () => {
    for (const n of [1, 2, 3, 4, 5]) {
      const writes = Array.from({ length: n }, (_, place): Instruction => ({ kind: "write", place }));
      expect(reduced([writes, writes]).traces).toHaveLength(2 ** n);
    }
  });

  it("plays n threads with one lock n! times", () => {
    const critical: Instruction[] = [
      { kind: "acquire", place: firstLock },
      { kind: "read", place: 1 },
      { kind: "write", place: 1 },
      { kind: "release", place: firstLock },
    ];
    for (const [n, factorial] of [
      [2, 2],
      [3, 6],
      [4, 24],
      [5, 120],
    ] as const)
      expect(reduced(Array.from({ length: n }, () => critical)).traces).toHaveLength(factorial);
  });

  it("finds the crossed locks", () => {
    const order = (outer: number, inner: number): Instruction[] => [
      { kind: "acquire", place: outer },
      { kind: "acquire", place: inner },
      { kind: "release", place: inner },
      { kind: "release", place: outer },
    ];
    const program = [order(firstLock, firstLock + 1), order(firstLock + 1, firstLock)];
    expect(reduced(program).outcomes).toEqual(everyInterleaving(program).outcomes);
    expect(reduced(program).traces).toHaveLength(3);
  });
});
