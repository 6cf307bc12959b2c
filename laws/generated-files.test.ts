// Generated files that are committed are what their generators write now: the registry, the rule index, the command reference.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { renderRegistry } from "../scripts/generate-registry.mjs";
import { inRepository, root } from "../scripts/repository.mjs";

function check(script: string): string {
  const done = spawnSync(process.execPath, [inRepository("scripts", script), "--check"], { cwd: root, encoding: "utf8" });
  return done.status === 0 ? "" : `${done.stdout}${done.stderr}`;
}

describe("generated files", () => {
  it("rules/registry.ts is up to date", () => {
    expect(check("generate-registry.mjs")).toBe("");
  });

  it("docs/rules, docs/cli.md and docs/configuration.md are up to date", () => {
    expect(existsSync(inRepository("packages", "raceproof", "dist", "cli", "index.js")), "npm run build comes first").toBe(true);
    expect(check("generate-docs.mjs")).toBe("");
  });

  it("the registry names each rule once, sorted as the folders are", () => {
    const folders = ["a-b", "c"].map((shape) => ({ id: `python/${shape}`, language: "python", shape, folder: "" }));
    const text = renderRegistry(folders);
    expect(text).toContain('import { rule as pythonAB } from "./python/a-b/rule.ts";');
    expect(text).toMatch(/\[\n {2}pythonAB,\n {2}pythonC,\n\];/);
  });
});
