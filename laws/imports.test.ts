// Law 1, first half: imports point only upward in the list of rooms and enter a room by its index.ts.
import { describe, expect, it } from "vitest";
import { rooms } from "./rooms.ts";
import { parseModule, readEngine, type SourceModule } from "./source-module.ts";

/** One line per import that breaks the law. */
function findWrongImports(modules: readonly SourceModule[]): string[] {
  return modules.flatMap((module) =>
    module.imports.flatMap(({ target, line }) => {
      const problem = target === undefined ? undefined : problemWith(module, target);
      return problem ? [`${module.path}:${line} ${problem}`] : [];
    }),
  );
}

function problemWith(from: SourceModule, target: string): string | undefined {
  if (target.startsWith("../")) return `imports ${target}: outside the engine`;
  const room = target.includes("/") ? target.slice(0, target.indexOf("/")) : undefined;
  if (rankOf(from.path) < 0) return `is in a room that the house plan does not know`;
  if (room === undefined) return from.room === undefined || from.room === "cli" ? undefined : `imports ${target}: rooms do not enter the corridor`;
  if (from.room === "rules") return problemInRules(from.path, room, target);
  if (room === from.room) return undefined;
  if (rankOf(target) >= rankOf(from.path)) return `imports ${room}: it comes later in the house plan`;
  if (target !== `${room}/index.ts`) return `imports ${target}: a room is entered by its index.ts`;
  return undefined;
}

/** Rules read vocabulary and models, and the shared pieces of their own language (Cython's are Python's too); never another rule. */
function problemInRules(path: string, room: string, target: string): string | undefined {
  if (target === "vocabulary/index.ts" || target === "models/index.ts") return undefined;
  if (room !== "rules") return `imports ${target}: rules read only vocabulary and models, by their index.ts`;
  const [, language, shape] = path.split("/");
  const [, targetLanguage, targetShape, targetFile] = target.split("/");
  if (path === "rules/registry.ts" || path === "rules/index.ts") return undefined;
  const isShared = targetFile === undefined;
  if (language === "cython" && targetLanguage === "python" && isShared) return undefined;
  if (targetLanguage !== language) return `imports ${target}: outside its language`;
  return isShared || targetShape === shape ? undefined : `imports ${target}: a rule does not know another rule`;
}

function rankOf(path: string): number {
  const room = path.includes("/") ? path.slice(0, path.indexOf("/")) : undefined;
  if (room === "cli") return rooms.length + 1;
  if (room === undefined) return rooms.length;
  return rooms.findIndex((known) => known === room);
}

describe("law 1: imports", () => {
  it("point upward and enter rooms by index.ts", () => {
    expect(findWrongImports(readEngine())).toEqual([]);
  });

  it.each([
    ["facts/a.ts", "../hazards/index.ts", "later in the house plan"],
    ["hazards/a.ts", "../facts/b.ts", "entered by its index.ts"],
    ["hazards/a.ts", "../pipeline.ts", "do not enter the corridor"],
    ["pipeline.ts", "./cli/index.ts", "later in the house plan"],
    ["attic/a.ts", "../facts/index.ts", "does not know"],
    ["rules/python/one/rule.ts", "../two/rule.ts", "does not know another rule"],
    ["rules/python/one/rule.ts", "../../../facts/index.ts", "only vocabulary and models"],
    ["rules/python/one/rule.ts", "../../rust/shared.ts", "outside its language"],
  ])("catch %s importing %s", (path, specifier, message) => {
    expect(findWrongImports([parseModule(path, `import type { A } from "${specifier}";`)]).join()).toContain(message);
  });

  it.each([
    ["hazards/a.ts", "../facts/index.ts"],
    ["hazards/deep/a.ts", "../b.ts"],
    ["pipeline.ts", "./reports/index.ts"],
    ["cli/a.ts", "../pipeline.ts"],
    ["rules/python/one/rule.ts", "../shared.ts"],
    ["rules/python/one/rule.ts", "./provoke.ts"],
    ["rules/cython/one/rule.ts", "../../python/shared.ts"],
    ["rules/registry.ts", "./python/one/rule.ts"],
  ])("allow %s importing %s", (path, specifier) => {
    expect(findWrongImports([parseModule(path, `export { a } from "${specifier}";`)])).toEqual([]);
  });
});
