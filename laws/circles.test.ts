// Law 1, second half: no circle of run-time imports, except between files that share one recursion (circle-exceptions.json).
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseModule, readEngine, type SourceModule } from "./source-module.ts";

interface CircleException {
  readonly files: readonly string[];
  readonly reason: string;
}

/** Groups of files that import each other in a circle, each sorted. */
function findCircles(modules: readonly SourceModule[]): string[][] {
  const reachable = new Map(modules.map(({ path }) => [path, new Set<string>()]));
  const imported = new Map(modules.map(({ path, imports }) => [path, imports.flatMap(({ target, typeOnly }) => (target && !typeOnly ? [target] : []))]));
  for (const [start, seen] of reachable) {
    const waiting = [...(imported.get(start) ?? [])];
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
      if (seen.has(path)) continue;
      seen.add(path);
      waiting.push(...(imported.get(path) ?? []));
    }
  }
  const groups = new Map<string, string[]>();
  for (const [path, seen] of reachable) {
    if (!seen.has(path)) continue;
    const group = [...seen].filter((other) => reachable.get(other)?.has(path)).toSorted();
    groups.set(group.join(), group);
  }
  return [...groups.values()];
}

function judgeCircles(circles: readonly (readonly string[])[], exceptions: readonly CircleException[]): string[] {
  const covers = ({ files }: CircleException, circle: readonly string[]): boolean => circle.every((path) => files.includes(path));
  return [
    ...circles.filter((circle) => !exceptions.some((exception) => covers(exception, circle))).map((circle) => `in a circle: ${circle.join(", ")}`),
    ...exceptions.flatMap(({ files }) =>
      files.filter((path) => !circles.some((circle) => circle.includes(path))).map((path) => `exception no longer needed: ${path}`),
    ),
  ];
}

const chain = (from: string, to: string, form = "import"): SourceModule => parseModule(from, `${form} { a } from "${to}";`);

describe("law 1: circles", () => {
  const exceptions = JSON.parse(readFileSync(new URL("circle-exceptions.json", import.meta.url), "utf8")) as CircleException[];

  it("are only those of one recursion", () => {
    expect(judgeCircles(findCircles(readEngine()), exceptions)).toEqual([]);
  });

  it("have a reason", () => {
    expect(exceptions.filter(({ reason }) => reason.length < 20)).toEqual([]);
  });

  it("are caught", () => {
    const circles = findCircles([chain("facts/a.ts", "./b.ts"), chain("facts/b.ts", "./c.ts"), chain("facts/c.ts", "./b.ts", "export")]);
    expect(circles).toEqual([["facts/b.ts", "facts/c.ts"]]);
    expect(judgeCircles(circles, [])).toHaveLength(1);
  });

  it("of types are none", () => {
    expect(findCircles([chain("facts/a.ts", "./b.ts"), chain("facts/b.ts", "./a.ts", "import type")])).toEqual([]);
  });

  it("with an exception pass, and an exception without a circle fails", () => {
    const exception = { files: ["facts/a.ts", "facts/b.ts"], reason: "" };
    expect(judgeCircles([["facts/a.ts", "facts/b.ts"]], [exception])).toEqual([]);
    expect(judgeCircles([["facts/a.ts", "facts/c.ts"]], [exception])).toHaveLength(2);
  });
});
