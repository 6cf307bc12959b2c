// Requirements from a folder of wheels, without a network.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Runtime, Subject } from "../../vocabulary/index.ts";
import { discoverRuntimes } from "./discover-runtimes.ts";
import { provideRequirements } from "./provide-requirements.ts";

const folder = mkdtempSync(join(tmpdir(), "raceproof-requirements-"));
const wheels = join(folder, "wheels");
const settings = { PIP_NO_INDEX: "1", PIP_FIND_LINKS: wheels, PIP_CONFIG_FILE: "/dev/null" };
let runtimes: readonly Runtime[] = [];
let withPip: Runtime | undefined;

const WRITE_WHEEL = `
import sys, zipfile
path, name, code = sys.argv[1:]
with zipfile.ZipFile("%s/%s-1.0-py3-none-any.whl" % (path, name), "w") as wheel:
    wheel.writestr(name + ".py", code)
    wheel.writestr(name + "-1.0.dist-info/METADATA", "Metadata-Version: 2.1\\nName: %s\\nVersion: 1.0\\n" % name)
    wheel.writestr(name + "-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
    wheel.writestr(name + "-1.0.dist-info/RECORD", "")
`;

beforeAll(async () => {
  Object.assign(process.env, settings);
  runtimes = (await discoverRuntimes()).runtimes;
  withPip = runtimes.find(({ executable }) => hasPip(executable));
  mkdirSync(wheels);
  if (withPip !== undefined) execFileSync(withPip.executable, ["-c", WRITE_WHEEL, wheels, "needed_module", "answer = 42\n"]);
  // A source distribution that must never be looked at.
  writeFileSync(join(wheels, "only_source-1.0.tar.gz"), "not even an archive");
});

afterAll(() => {
  for (const name of Object.keys(settings)) delete process.env[name];
  rmSync(folder, { recursive: true });
});

function hasPip(executable: string): boolean {
  try {
    execFileSync(executable, ["-m", "pip", "--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

function subjectThatNeeds(...requirements: string[]): Subject {
  return {
    specification: "s",
    name: "s",
    version: "1",
    root: folder,
    importRoot: folder,
    topLevelModules: [],
    files: [],
    nativeFiles: [],
    buildFiles: [],
    excluded: [],
    requiresPython: undefined,
    requirements,
  };
}

function provide(runtime: Runtime | undefined, ...requirements: string[]): ReturnType<typeof provideRequirements> {
  if (runtime === undefined) throw new Error("no interpreter");
  return provideRequirements(subjectThatNeeds(...requirements), runtime, join(folder, "cache"));
}

describe("requirements", () => {
  it("that are not there cost nothing", async () => {
    expect(await provide(runtimes[0])).toEqual({ paths: [], notifications: [] });
  });

  it("are installed once, into the cache", async ({ skip }) => {
    if (withPip === undefined) return skip("no interpreter with pip");
    const { paths, notifications } = await provide(withPip, "needed_module>=1", 'absent; python_version < "3"');
    expect(notifications).toEqual([]);
    expect(existsSync(join(paths[0] ?? "", "needed_module.py"))).toBe(true);
    rmSync(join(paths[0] ?? "", "needed_module.py"));
    expect((await provide(withPip, 'absent; python_version < "3"', "needed_module>=1")).paths).toEqual(paths);
    expect(existsSync(join(paths[0] ?? "", "needed_module.py"))).toBe(false);
  });

  it("of an interpreter without pip are chosen by another one's", async ({ skip }) => {
    if (withPip === undefined) return skip("no interpreter with pip");
    const bare = join(folder, "bare-python");
    writeFileSync(bare, "#!/bin/sh\nexit 1\n", { mode: 0o755 });
    const { paths, notifications } = await provide(
      { ...withPip, id: "cpython-3.13.9t", version: "3.13.9", freeThreaded: true, executable: bare },
      "needed_module",
    );
    expect(notifications).toEqual([]);
    expect(readdirSync(paths[0] ?? "")).toContain("needed_module.py");
  });

  it("that exist as source only are not built", async ({ skip }) => {
    if (withPip === undefined) return skip("no interpreter with pip");
    const { paths, notifications } = await provide(withPip, "only_source");
    expect(paths).toEqual([]);
    expect(notifications).toEqual([
      { level: "warning", message: expect.stringMatching(/^the requirements of s could not be installed for .*, importing it may fail: ERROR: .*only_source/) },
    ]);
    expect(readdirSync(join(folder, "cache", "requirements")).filter((name) => name.includes("draft"))).toEqual([]);
  });

  it.each([
    "evil @ https://example.invalid/evil.tar.gz",
    "evil @ git+https://example.invalid/evil",
    "--index-url=https://example.invalid",
    "-r /etc/passwd",
    "./evil",
    "../evil.whl",
    "file:///evil.whl",
    "",
  ])("that name no release are refused: %j", async (requirement) => {
    expect(await provide(runtimes[0], requirement)).toEqual({
      paths: [],
      notifications: [{ level: "warning", message: `requirement left out, it does not name a release: ${requirement}` }],
    });
  });
});
