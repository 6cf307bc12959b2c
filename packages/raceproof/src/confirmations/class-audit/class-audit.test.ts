// The parts of a class audit that need no process: which calls are paired, and what sort of failure it is.
import { describe, expect, it } from "vitest";
import type { EntryForm, OperationResult, Outcome } from "../../vocabulary/index.ts";
import { endlessCalls } from "./endless-calls.ts";
import { chooseOperations, conflictingPairs, type Measured } from "./choose-operations.ts";
import { sortFailure } from "./sort-failure.ts";

const returned: OperationResult = { status: "returned", value: "1" };

function raised(exception: string, more: { readonly domain?: boolean; readonly message?: string } = {}): OperationResult {
  return { status: "raised", exception, where: "shop:Box.take", message: more.message ?? "", domain: more.domain ?? false, traceback: [] };
}

interface Sketch {
  readonly result?: OperationResult;
  readonly route?: string;
  readonly steps?: number;
  readonly writes?: readonly number[];
  readonly reads?: readonly number[];
  readonly lifecycle?: boolean;
  readonly ownThread?: boolean;
}

function measured(
  method: string,
  { result = returned, route = method, steps = 5, writes = [], reads = [], lifecycle = false, ownThread = false }: Sketch = {},
): Measured {
  const form: EntryForm = { method, module: "shop", qualifiedName: `Box.${method}`, lifecycle, ownThread, variants: [] };
  const call = { module: "shop", qualifiedName: `Box.${method}`, receiver: undefined, arguments: [], use: "call" } as const;
  return { form, call: { call, needs: [] }, footprint: { thread: 0, ending: "finished", results: [result], steps, route, stateSize: 1, reads, writes } };
}

function outcome(results: readonly OperationResult[], state = ""): Outcome {
  return { id: JSON.stringify([results, state]), threads: results.map((result) => ({ operations: [result] })), state, ending: "finished", detail: "" };
}

describe("chooseOperations", () => {
  it("takes each way through an entry point once, by its plainest call", () => {
    const plain = measured("take", { route: "hit", steps: 5 });
    const odd = measured("take", { route: "hit", steps: 50 });
    const miss = measured("take", { route: "miss", result: raised("KeyError") });
    expect(chooseOperations([plain, odd, miss], 2)).toEqual({ operations: [plain, miss], uncalled: [] });
    expect(chooseOperations([miss, plain], 1).operations).toEqual([plain]);
  });

  it("takes one way that is very long, if it returns", () => {
    const [long, longer] = [measured("load", { route: "all", steps: 9000 }), measured("load", { route: "none", steps: 9500 })];
    const raises = measured("walk", { steps: 9000, result: raised("KeyError") });
    const { operations, uncalled } = chooseOperations([long, longer, raises], 2);
    expect(operations).toHaveLength(1);
    expect(uncalled).toEqual([{ method: "walk", reason: "does not return within 5000 accesses" }]);
  });

  it("names the entry points for which no call works", () => {
    expect(chooseOperations([measured("take", { result: raised("TypeError", { message: "no" }) })], 2)).toEqual({
      operations: [],
      uncalled: [{ method: "take", reason: "TypeError: no" }],
    });
  });
});

describe("endlessCalls", () => {
  const state = { description: "a new instance", instance: [], prefix: [] };
  const hanging = (method: string): Measured => {
    const one = measured(method);
    return { ...one, footprint: { ...one.footprint, ending: "hang" } };
  };

  it("are those that do not end alone, with a program that makes the call", () => {
    const [only, ...others] = endlessCalls([measured("take"), hanging("grow"), hanging("serve_forever")], state);
    expect(others).toEqual([]);
    expect(only?.call).toBe("shop.Box.grow()");
    expect(only?.reproducer).toContain("operation_a(setup())");
  });
});

describe("conflictingPairs", () => {
  it("pairs a call with itself and with what it disturbs, and leaves out readers", () => {
    const put = measured("put", { writes: [1] });
    const look = measured("look", { reads: [1] });
    const other = measured("other", { writes: [2] });
    const names = conflictingPairs([put, look, other]).map(({ left, right }) => `${left.form.method} ${right.form.method}`);
    expect(names).toEqual(["put put", "put look", "other other"]);
  });

  it("leaves out pairs that only raise", () => {
    const fails = measured("take", { writes: [1], result: raised("KeyError") });
    expect(conflictingPairs([fails])).toEqual([]);
  });
});

describe("sortFailure", () => {
  const signature = { kind: "exception", summary: "RuntimeError@shop:Box.take" } as const;
  const changed = raised("RuntimeError", { message: "dictionary changed size during iteration" });

  it.each([
    ["walking the container itself", "items", "benign"],
    ["looking something up", "exists", "crash"],
  ])("a change while %s", (_, method, rank) => {
    const pair = { left: measured(method), right: measured("put") };
    expect(sortFailure(pair, outcome([changed, returned]), signature, []).rank).toBe(rank);
  });

  it("ranks down what involves the end of the object", () => {
    const pair = { left: measured("take"), right: measured("close", { lifecycle: true }) };
    expect(sortFailure(pair, outcome([changed, returned]), signature, [])).toEqual({ rank: "benign", because: expect.stringContaining("close") });
  });

  it("tells an answer on purpose from a crash", () => {
    const pair = { left: measured("take"), right: measured("put") };
    const summary = "LookupError@shop:Box.take";
    const sort = (domain: boolean): string =>
      sortFailure(pair, outcome([raised("LookupError", { domain }), returned]), { kind: "exception", summary }, []).rank;
    expect([sort(true), sort(false)]).toEqual(["answer", "crash"]);
  });

  it("calls the same elements in another order benign, other elements not", () => {
    const pair = { left: measured("put"), right: measured("put") };
    const difference = { kind: "outcome", summary: "a final state that no serial order gives" } as const;
    const serial = [outcome([returned, returned], "Box#1(items=['a', 'b', 'c'])")];
    expect(sortFailure(pair, outcome([returned, returned], "Box#1(items=['b', 'a', 'c'])"), difference, serial).rank).toBe("benign");
    expect(sortFailure(pair, outcome([returned, returned], "Box#1(items=['b', 'c'])"), difference, serial).rank).toBe("wrong-outcome");
  });
});
