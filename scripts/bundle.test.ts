// The bundled program: it finds what lies elsewhere in the package, and starts its analysis thread.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { spawnSync } from "node:child_process";
import { beforeAll, describe, expect, it } from "vitest";
import { bundleProgram } from "./bundle.mjs";
import { builtPackage } from "./repository.mjs";

const bundled = (name: string): string => pathToFileURL(join(builtPackage, "bundle", name)).href;

function run(...args: string[]): string {
  const program = `const { main } = await import(${JSON.stringify(bundled("command-line.cjs"))}); process.exitCode = await main(${JSON.stringify(args)});`;
  const done = spawnSync(process.execPath, ["--input-type=module", "--eval", program], { encoding: "utf8" });
  return done.stdout + done.stderr;
}

beforeAll(bundleProgram);

describe("the bundle", () => {
  it("knows its version and the rules' pages", () => {
    expect(run("--version")).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(run("explain", "python/torn-pair")).toContain("Severity:");
  });

  it("audits", () => {
    const folder = mkdtempSync(join(tmpdir(), "raceproof-bundle-"));
    try {
      mkdirSync(join(folder, "subject"));
      writeFileSync(join(folder, "subject", "a.py"), "count = 0\n\ndef add():\n    global count\n    count += 1\n");
      expect(run("audit", join(folder, "subject"), "--cache", join(folder, "cache"), "--confidence", "low", "--quiet")).toContain("a.py:5");
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("comes with compiled code that the engine takes", () => {
    const [settings, loader] = ["compiler-settings.js", "load-program.js"].map((name) =>
      JSON.stringify(pathToFileURL(join(builtPackage, "..", "bin", name)).href),
    );
    const program = `const [{ setCompiler }, { loadProgram }] = [await import(${settings}), await import(${loader})];
      setCompiler();
      process.stdout.write(String(loadProgram(${JSON.stringify(join(builtPackage, "bundle", "command-line.cjs"))}).script.cachedDataRejected));`;
    const done = spawnSync(process.execPath, ["--input-type=module", "--eval", program], { encoding: "utf8" });
    expect(done).toMatchObject({ stdout: "false", stderr: "" });
  });

  it("has an analysis thread", async () => {
    const bytes = new TextEncoder().encode("value = 1\n");
    const worker = new Worker(new URL(bundled("analysis-thread.js")), { workerData: { files: [{ path: "a.py", modulePath: "a.py", bytes }], lockNames: [] } });
    const reply = await new Promise((done, fail) => {
      worker.on("message", done).on("error", fail);
      worker.postMessage({ want: "outlines", modules: [0] }, []);
    });
    await worker.terminate();
    expect(reply).toMatchObject({ want: "outlines", replies: [{ lines: 2 }] });
  });
});
