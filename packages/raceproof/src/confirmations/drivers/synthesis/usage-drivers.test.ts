// Usages in, drivers out: which statements are brought together, and what the text of the driver is.
import { describe, expect, it } from "vitest";
import type { Usage, UsageStep } from "../../../vocabulary/index.ts";
import { renderTests } from "./render-tests.ts";
import { renderUsage } from "./render-usage.ts";
import { UsageIndex } from "./usage-index.ts";

function step(text: string, names: { loads?: string[]; stores?: string[]; uses?: string[] } = {}): UsageStep {
  return { text, line: 1, form: /=/.test(text) ? "other" : "expression", loads: names.loads ?? [], stores: names.stores ?? [], uses: names.uses ?? [] };
}

const made = step("s = Store(2)", { loads: ["Store"], stores: ["s"], uses: ["Store"] });
const put = step("s.put('k')", { loads: ["s"], uses: ["put"] });
const taken = step("value = s.take('k')", { loads: ["s"], stores: ["value"], uses: ["take"] });
const shown = step("show(value)", { loads: ["show", "value"], uses: ["show"] });

function usage(steps: readonly UsageStep[], changes: Partial<Usage> = {}): Usage {
  return {
    file: "tests/test_store.py",
    line: 3,
    name: "test_store",
    module: "tests.test_store",
    moduleNames: new Set(["Store", "other"]),
    testCase: undefined,
    parameters: [],
    steps,
    ...changes,
  };
}

describe("pairs", () => {
  const one = usage([made, put, taken, shown]);
  const pairs = (...names: string[]): [number, number, number][] =>
    new UsageIndex([one]).pairsFor({ names, hints: [] }, 9).map(({ first, second, until }) => [first, second, until]);

  it("are a statement with itself, with the next that is asked for, and with the call before it", () => {
    expect(pairs("take")).toEqual([
      [2, 2, 2],
      [2, 1, 2],
    ]);
    expect(pairs("put", "take").slice(0, 2)).toEqual([
      [1, 1, 1],
      [1, 2, 1],
    ]);
  });

  it("leave out a statement that needs what the other one makes", () => {
    expect(pairs("take", "show")).not.toContainEqual([2, 3, 2]);
  });

  it("prefer usages about the class", () => {
    const other = usage([put], { moduleNames: new Set() });
    const [first] = new UsageIndex([other, one]).pairsFor({ names: ["put"], hints: ["Store"] }, 1);
    expect(first?.usage).toBe(one);
  });
});

describe("the driver", () => {
  it("runs what stands before as set-up and hands on what the operations need", () => {
    const { source } = renderUsage("d", { usage: usage([made, put, taken]), first: 2, second: 1, until: 2 });
    expect(source).toContain("import tests.test_store as usage\n\nStore = usage.Store\n");
    expect(source).toContain("    state = State()\n    s = Store(2)\n    s.put('k')\n    state.s = s\n    return state\n");
    expect(source).toContain("def operation_a(state):\n    s = state.s\n    value = s.take('k')\n    return value\n");
    expect(source).toContain("def operation_b(state):\n    s = state.s\n    return s.put('k')\n");
    expect(source).not.toContain("other");
  });

  it("keeps managers that were entered", () => {
    const entering = step("entered_7 = opened()\ns = entered_7.__enter__()", { loads: ["opened"], stores: ["entered_7", "s"], uses: ["opened", "__enter__"] });
    const { source } = renderUsage("d", { usage: usage([entering, put, taken]), first: 1, second: 1, until: 1 });
    expect(source).toContain("    entered_7 = opened()\n    s = entered_7.__enter__()\n    state.entered_7 = entered_7\n    state.s = s\n    return state\n");
  });

  it("builds the test case and the fixtures first", () => {
    const parameters: Usage["parameters"] = [{ name: "s", kind: "fixture", module: "tests.conftest", parameters: [] }];
    const testCase = { className: "T", method: "test_a", receiver: "self" };
    const { source } = renderUsage("d", { usage: usage([put], { testCase, parameters }), first: 0, second: 0, until: 0 });
    expect(source).toContain('self = usage.T("test_a") if issubclass(usage.T, unittest.TestCase) else usage.T()');
    expect(source).toContain("s = fixture(tests.conftest.s)");
    expect(source).toContain("import tests.conftest");
  });
});

describe("whole tests as drivers", () => {
  const fixture: Usage["parameters"][number] = { name: "s", kind: "fixture", module: "tests.conftest", parameters: [] };
  const first = usage([put], { name: "test_put", parameters: [fixture] });
  const second = usage([taken], { name: "test_take", parameters: [fixture] });
  const index = new UsageIndex([first, second, usage([shown], { name: "test_show" })]);

  it("are a test with itself and with the next one on the same fixtures, then two copies", () => {
    const pairs = index.testsFor({ names: ["put", "take"], hints: [] }, 4);
    expect(pairs.map((each) => `${each.first.name} ${each.second.name} ${each.shares}`)).toEqual([
      "test_put test_put fixtures",
      "test_put test_take fixtures",
      "test_put test_put module",
      "test_take test_take fixtures",
    ]);
    expect(index.testsFor({ names: ["show"], hints: [] }, 4).map(({ shares }) => shares)).toEqual(["module"]);
  });

  it("make fixtures once for both, or each its own", () => {
    const shared = renderTests("d", { first, second, shares: "fixtures" }).source;
    expect(shared).toContain('def setup():\n    s = fixture(tests.conftest.s)\n    return {"s": s}\n');
    expect(shared).toContain('def operation_b(state):\n    usage.test_take(s=state["s"])\n');
    expect(shared).toContain("must_pass = True\n");
    const copies = renderTests("d", { first, second: first, shares: "module" }).source;
    expect(copies).toContain("def operation_a():\n    s = fixture(tests.conftest.s)\n    usage.test_put(s=s)\n");
  });

  it("tear test cases down when each thread has its own", () => {
    const one = usage([put], { testCase: { className: "T", method: "test_a", receiver: "self" } });
    const copies = renderTests("d", { first: one, second: one, shares: "module" }).source;
    expect(copies).toContain('    try:\n        self.test_a()\n    finally:\n        for hook in ("tearDown", "teardown_method", "doCleanups"):\n');
  });
});
