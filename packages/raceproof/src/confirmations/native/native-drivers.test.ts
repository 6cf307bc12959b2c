// Drivers written from calls that a probe might have found.
import { describe, expect, it } from "vitest";
import type { Hazard, Runtime } from "../../vocabulary/index.ts";
import { callbackDrivers } from "./callback-drivers.ts";
import { confirmLabels } from "./label-warnings.ts";
import { DriverPlan } from "./native-drivers.ts";
import { windowTest } from "./callback-windows.ts";
import type { CallbackWindow, NativeCall } from "./probe-calls.ts";

/** The extension is at line 7 of its box when values are compared, and elsewhere when they die. */
function at(callback: string): CallbackWindow {
  return { callback, stack: [["box.so", callback === "__del__" ? 2 : 1]] };
}

function call(name: string, expression: string, callbacks: readonly string[] = []): NativeCall {
  return { function: name, receiver: "m0.Box()", expression, raised: false, callbacks, windows: callbacks.map(at), fill: null, growth: 0 };
}

const calls = [
  call("box_put", "r.put(K(i), V(i))"),
  call("box_clear", "r.clear()"),
  call("box_merge", "r.merge(o)"),
  call("box_merge", "r.merge(l)"),
  call("box_has", "(K(i), V(i)) in r", ["__eq__"]),
  call("box_get", "r[K(i)]", ["__del__"]),
];
const hazard = { id: "one", accesses: [], span: { file: "box.c", line: 7, column: 0, endLine: 7, endColumn: 9 } } as unknown as Hazard;

function namesOf(suspect: string, opponents: readonly string[]): readonly string[] {
  const plan = new DriverPlan(calls, ["box"]);
  plan.add(hazard, { suspects: new Set([suspect]), opponents: new Set(opponents), users: new Set(), changing: new Set() });
  return plan.drivers().map(({ driver }) => driver.name);
}

describe("stress drivers of extensions", () => {
  it("set the suspect against what changes the same object, and something that empties it", () => {
    expect(namesOf("box_get", ["box_put", "box_clear"])).toEqual(["r[K(i)] against r.put(K(i), V(i)); r.clear()", "r[K(i)] against r.clear(); r.clear()"]);
  });

  it("put things back while the suspect runs, where the shared object had to be filled, and end with what is known to empty it", () => {
    const filled = calls.map((each) => ({ ...each, receiver: "filled(m0.Box(), 'r.put(K(i), V(i))')", fill: "r.put(K(i), V(i))" }));
    const plan = new DriverPlan([...filled, { ...call("box_drop", "r.drop(8)"), receiver: filled[0]?.receiver ?? "", growth: -4 }], ["box"]);
    plan.add(hazard, { suspects: new Set(["box_get"]), opponents: new Set(["box_clear", "box_drop"]), users: new Set(), changing: new Set() });
    expect(plan.drivers().map(({ driver }) => driver.name)[0]).toBe("r[K(i)] against r.put(K(i), V(i)); r.clear(); r.drop(8)");
    expect(plan.drivers()[0]?.driver.source).toContain("    i = 1\n    return state_of(lambda: filled(m0.Box()");
  });

  it("change what a call was given, too", () => {
    const names = namesOf("box_merge", ["box_clear"]);
    expect(names).toContain("r.merge(o) against o.clear(); o.clear()");
    expect(names.some((name) => name.startsWith("r.merge(l) against l.extend("))).toBe(true);
  });

  it("have a twin with a lock around every call", () => {
    const plan = new DriverPlan(calls, ["box"]);
    expect(plan.add(hazard, { suspects: new Set(["box_get"]), opponents: new Set(["box_put"]), users: new Set(), changing: new Set() })).toBe(true);
    expect(plan.add(hazard, { suspects: new Set(["unknown"]), opponents: new Set(), users: new Set(), changing: new Set() })).toBe(false);
    const [first] = plan.drivers();
    expect(first?.driver.source).not.toContain("LOCK");
    expect(first?.locked.source.match(/with LOCK:/g)).toHaveLength(2);
  });
});

describe("drivers that switch inside callbacks", () => {
  const entries = {
    suspects: new Set(["box_has", "box_get"]),
    opponents: new Set(["box_clear"]),
    users: new Set(["box_get", "box_clear"]),
    changing: new Set(["box_clear"]),
  };

  it("begin with calls that compare, and know who changes what the other reads", () => {
    const drivers = callbackDrivers(calls, { entries, modules: ["box"], isInside: () => true });
    expect(drivers[0]?.driver.name).toBe('(K(i), V(i)) in r, interrupted in a callback by r["k1"]');
    expect(drivers.map(({ isChanging }) => isChanging)).toEqual([false, true, false, true]);
  });

  it("return what was seen, and run statements", () => {
    const [driver] = callbackDrivers([call("box_set", "r[K(i)] = V(i)", ["__hash__"]), call("box_get", "r[K(i)]")], {
      entries: { ...entries, suspects: new Set(["box_set"]) },
      modules: ["box"],
      isInside: () => true,
    });
    expect(driver?.driver.source).toContain("    r[K(i)] = V(i)\n");
    expect(driver?.driver.source).toContain('    return show(r["k1"])\n');
  });
});

describe("windows of callbacks", () => {
  const frames = new Map([
    [
      "box.so+1",
      [
        { function: "box_find.part.0", file: "/copy/src/box.c", line: 8 },
        { function: "box_contains", file: "/copy/src/box.c", line: 40 },
      ],
    ],
    ["box.so+2", [{ function: "box_drop", file: "/copy/src/box.c", line: 90 }]],
  ]);
  const isInside = windowTest(frames, { files: ["src/box.c"] });
  const found = { ...hazard, function: "box_find", span: { ...hazard.span, file: "src/box.c" } };

  it("belong to the hazard whose own place is on the stack", () => {
    expect(isInside(at("__eq__"), found)).toBe(true);
    expect(isInside(at("__del__"), found)).toBe(false);
    expect(isInside(at("__eq__"), { ...found, function: "box_contains" })).toBe(false);
    expect(isInside(at("__eq__"), { ...found, span: { ...found.span, line: 20, endLine: 20 } })).toBe(false);
  });

  it("belong to every hazard of the entry point where nothing is known of the stack", () => {
    expect(isInside({ callback: "__eq__", stack: null }, found)).toBe(true);
    expect(isInside({ callback: "__eq__", stack: [["box.so", 9]] }, found)).toBe(true);
    expect(isInside({ callback: "__eq__", stack: [] }, found)).toBe(false);
  });

  it("are the only ones that drivers stop in", () => {
    const entries = { suspects: new Set(["box_has"]), opponents: new Set<string>(), users: new Set(["box_clear"]), changing: new Set<string>() };
    const both = [call("box_has", "(K(i), V(i)) in r", ["__eq__", "__del__"]), call("box_clear", "r.clear()")];
    const drivers = callbackDrivers(both, { entries, modules: ["box"], isInside: (window) => isInside(window, found) });
    expect(drivers.map(({ driver }) => /^STOPS = \[.*$/m.exec(driver.source)?.[0])).toEqual(['STOPS = ["__eq__"]']);
    expect(callbackDrivers(both, { entries, modules: ["box"], isInside: () => false })).toEqual([]);
  });
});

describe("what the compiler says of labels", () => {
  const log = "  src/box.c:6:1: warning: label at end of compound statement [-Wpedantic]\nsrc/other.c:6:1: warning: unused variable\n";
  const runtime = { id: "cpython-3.12.1" } as unknown as Runtime;

  it("confirms the hazard at the next line", () => {
    const there = { ...hazard, span: { ...hazard.span, file: "src/box.c" } };
    expect([...confirmLabels(log, [there], runtime).values()].map(({ verdict }) => verdict)).toEqual(["confirmed"]);
    expect(confirmLabels(log, [{ ...there, span: { ...there.span, line: 9 } }], runtime).size).toBe(0);
  });
});
