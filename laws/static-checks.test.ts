// The tools that read all code have nothing to say: types of tests (tsc), faults (oxlint), dead code (knip).
// The types of the engine itself are checked by the build that comes before any test.
import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { inRepository, root } from "../scripts/repository.mjs";

/** What the tool complains about; empty when it is content. */
function complaintsOf(tool: string, parameters: readonly string[]): string {
  const done = spawnSync(process.execPath, [inRepository("node_modules", ...tool.split("/")), ...parameters], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1" },
    maxBuffer: 64 * 1024 * 1024,
  });
  return done.status === 0 ? "" : `${done.stdout}${done.stderr}`;
}

describe("static checks", () => {
  it("tests are typed", () => {
    expect(complaintsOf("typescript/bin/tsc", ["-p", "tsconfig.tests.json"])).toBe("");
  });

  it("oxlint finds no fault", () => {
    expect(complaintsOf("oxlint/bin/oxlint", ["--quiet"])).toBe("");
  });

  it("knip finds no unused file, export or dependency", () => {
    expect(complaintsOf("knip/bin/knip.js", ["--no-progress"])).toBe("");
  });

  it("a tool that cannot run counts as a complaint", () => {
    expect(complaintsOf("oxlint/bin/oxlint", ["--no-such-option"])).not.toBe("");
  });
});
