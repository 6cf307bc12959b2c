// Each step takes one thing away, and what judges stays.
import { describe, expect, it } from "vitest";
import { smallerDrivers } from "./smaller-drivers.ts";

function driverOf(setup: string, operation: string, rest = ""): string {
  return `import pkg\n\n\ndef setup():\n${setup}\n\n\ndef operation_a(state):\n${operation}\n\n\ndef operation_b(state):\n    state.close()\n${rest}`;
}

const all = (source: string): string[] => [...smallerDrivers(source)].map((smaller) => smaller.source);

describe("drivers a little smaller", () => {
  it("leave out statements that nothing else names", () => {
    const source = driverOf(
      "    state = pkg.make()\n    state.fill()\n    state.size = 3\n    return state",
      "    for _ in range(2):\n        state.add()\n    return state.size",
    );
    expect(all(source)).toEqual([source.replace("    for _ in range(2):\n        state.add()\n", ""), source.replace("    state.fill()\n", "")]);
  });

  it("leave out elements and keyword arguments, no positional ones", () => {
    const source = driverOf('    return pkg.make([("a", 1), (2, ")")], size=1, mode="x")', "    return state");
    const shorter = ['[(2, ")")], size=1, mode="x"', '[("a", 1)], size=1, mode="x"', '[("a", 1), (2, ")")], mode="x"', '[("a", 1), (2, ")")], size=1'];
    for (const text of shorter) expect(all(source)).toContain(driverOf(`    return pkg.make(${text})`, "    return state"));
    expect(all(source)).not.toContain(driverOf('    return pkg.make(size=1, mode="x")', "    return state"));
  });

  it("leave out whole threads, and operations of listed ones", () => {
    const third = driverOf("    return pkg.make()", "    return state", "\n\ndef operation_c(state):\n    return 1\n");
    expect([...smallerDrivers(third)].map(({ withoutThread }) => withoutThread)).toEqual([0, 1, 2]);
    const listed = `${third}\n\nthreads = [[operation_a, operation_c], [operation_b]]\n`;
    expect(all(listed)).toContain(listed.replace("[operation_a, operation_c]", "[operation_a]"));
  });

  it("make literals plain wherever they are", () => {
    const source = driverOf("    return pkg.make(4096)", '    return state.open("/some/long/folder/name", 4096)');
    expect(all(source)).toContain(source.replaceAll("4096", "1"));
    expect(all(source)).toContain(source.replace("/some/long/folder/name", "/a"));
  });

  it("keep what observes and judges", () => {
    const judge =
      "\n\ndef observe(state):\n    found = state.read(100)\n    state.check()\n    return [1, 2]\n\n\ndef invariant(state):\n    state.check()\n    return True\n";
    const source = driverOf("    return pkg.make()", "    return state", judge);
    expect(all(source).every((smaller) => smaller.endsWith(judge))).toBe(true);
  });
});
