// Locations touched from tens of thousands of places: what a rule compares with stays small, and every way of touching stays in it.
import { describe, expect, it } from "vitest";
import { auditSources } from "../../audit.ts";
import { indexOf } from "./program-index.ts";

const programOf = (text: string): ReturnType<typeof auditSources> => auditSources([{ path: "m.py", bytes: new TextEncoder().encode(text) }]);

describe("the index of a program", () => {
  const setters = Array.from({ length: 1500 }, (_, index) => `def f${index}():\n    global total\n    total = f${Math.max(0, index - 1)}()\n`);
  const { program, hazards } = programOf(`total = 0\n${setters.join("")}def add():\n    global total\n    total += 1\n`);
  const kept = indexOf(program).reachable("module:m:total");

  it("keeps a few of very many accesses, one of each kind at least", () => {
    expect(program.locations.get("module:m:total")?.accesses.length).toBeGreaterThan(1500);
    expect(kept.length).toBeLessThan(100);
    expect(new Set(kept.map(({ kind }) => kind))).toEqual(new Set(["write", "update"]));
  });

  it("still reports every function that rebinds it", () => {
    expect(hazards.filter(({ rule }) => rule.endsWith("/process-global-state"))).toHaveLength(1500);
  });

  it("keeps all of an ordinary number", () => {
    const { program: small } = programOf("class A:\n    def m(self):\n        self.x += 1\n        self.x += 1\n        self.x += 1\n");
    expect(indexOf(small).reachable("instance:m:A:x")).toHaveLength(3);
  });
});
