// Discovery and selection of interpreters, with folders full of pretend interpreters.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Runtime } from "../../vocabulary/index.ts";
import { discoverRuntimes } from "./discover-runtimes.ts";
import { probeRuntime } from "./probe-runtime.ts";
import { selectRuntime } from "./select-runtime.ts";

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "raceproof-home-"));
});

afterEach(() => rmSync(home, { recursive: true }));

function pretend(path: string, answer: { version: string; implementation?: string; freeThreaded?: boolean; prefix?: string; level?: string }): void {
  const executable = join(home, path);
  const text = JSON.stringify({
    implementation: answer.implementation ?? "cpython",
    version: answer.version.split(".").map(Number),
    level: answer.level ?? "final",
    serial: 1,
    free_threaded: answer.freeThreaded ?? false,
    prefix: join(home, answer.prefix ?? dirname(dirname(path))),
    executable,
  });
  script(path, `echo '${text}'`);
}

function script(path: string, body: string): void {
  const executable = join(home, path);
  mkdirSync(dirname(executable), { recursive: true });
  writeFileSync(executable, `#!/bin/sh\n${body}\n`);
  chmodSync(executable, 0o755);
}

function discover(extra: Record<string, string> = {}): ReturnType<typeof discoverRuntimes> {
  return discoverRuntimes({ HOME: home, PATH: "", ...extra });
}

describe("discovery", () => {
  it("knows where version managers keep interpreters", async () => {
    pretend(".pyenv/versions/3.11.7/bin/python3.11", { version: "3.11.7" });
    pretend(".local/share/uv/python/cpython-3.12/bin/python3.12", { version: "3.12.1" });
    pretend("miniconda3/bin/python3", { version: "3.10.4" });
    pretend("miniconda3/envs/web/bin/python3", { version: "3.9.1" });
    pretend(".cache/raceproof/pythons/3.13t/bin/python3.13t", { version: "3.13.5", freeThreaded: true });
    pretend("here/pypy3", { version: "3.9.16", implementation: "pypy" });
    const { runtimes, notifications } = await discover({ PATH: join(home, "here") });
    expect(runtimes.map(({ id, origin }) => [id, origin])).toEqual([
      ["cpython-3.12.1", "uv"],
      ["cpython-3.11.7", "pyenv"],
      ["cpython-3.10.4", "conda"],
      ["cpython-3.9.1", "conda"],
      ["cpython-3.13.5t", "raceproof"],
      ["pypy-3.9.16", "path"],
    ]);
    expect(notifications).toEqual([]);
  });

  it("honors the variables that move those folders", async () => {
    pretend("a/versions/3.11.7/bin/python3", { version: "3.11.7" });
    pretend("b/x/bin/python3", { version: "3.12.1" });
    pretend("c/bin/python3", { version: "3.10.4" });
    pretend("d/pythons/x/bin/python3", { version: "3.13.0" });
    const { runtimes } = await discover({
      PYENV_ROOT: join(home, "a"),
      UV_PYTHON_INSTALL_DIR: join(home, "b"),
      CONDA_PREFIX: join(home, "c"),
      RACEPROOF_CACHE: join(home, "d"),
    });
    expect(runtimes.map(({ origin }) => origin)).toEqual(["raceproof", "uv", "pyenv", "conda"]);
  });

  it("counts one installation once, whatever leads to it", async () => {
    pretend("usr/bin/python3.11", { version: "3.11.7" });
    symlinkSync("python3.11", join(home, "usr/bin/python3"));
    mkdirSync(join(home, "link"));
    symlinkSync(join(home, "usr/bin/python3.11"), join(home, "link/python3"));
    pretend("venv/bin/python3", { version: "3.11.7", prefix: "usr" });
    const { runtimes } = await discover({ PATH: ["link", "venv/bin", "usr/bin"].map((folder) => join(home, folder)).join(":") });
    expect(runtimes.map(({ executable }) => executable)).toEqual([join(home, "link/python3")]);
  });

  it("gives two installations of one version different ids", async () => {
    pretend("usr/bin/python3", { version: "3.11.7" });
    pretend(".pyenv/versions/a/bin/python3", { version: "3.11.7" });
    pretend(".pyenv/versions/b/bin/python3", { version: "3.11.7" });
    const { runtimes } = await discover({ PATH: join(home, "usr/bin") });
    expect(runtimes.map(({ id }) => id)).toEqual(["cpython-3.11.7", "cpython-3.11.7-pyenv", "cpython-3.11.7-pyenv-2"]);
  });

  it("never asks a shim", async () => {
    script(".pyenv/shims/python3", `touch ${join(home, "asked")}`);
    const { runtimes, notifications } = await discover({ PATH: join(home, ".pyenv/shims") });
    expect([runtimes, notifications]).toEqual([[], []]);
  });

  it("reports broken and unsupported interpreters and goes on", async () => {
    script("a/python3", "echo no such library >&2; exit 127");
    script("b/python3", "echo hello");
    pretend("c/python3", { version: "2.7.18" });
    pretend("d/python3", { version: "3.8.18" });
    pretend("e/python3", { version: "3.12.1", implementation: "graalpy" });
    pretend("f/python3", { version: "3.14.0", level: "candidate" });
    const { runtimes, notifications } = await discover({ PATH: [..."abcdef"].map((folder) => join(home, folder)).join(":") });
    expect(runtimes.map(({ id }) => id)).toEqual(["cpython-3.14.0rc1"]);
    expect(notifications.map(({ level, message }) => [level, message.split(": ").at(-1)])).toEqual([
      ["warning", "no such library"],
      ["warning", "it does not answer like Python"],
      ["note", "Python 2.7.18 is older than 3.9"],
      ["note", "Python 3.8.18 is older than 3.9"],
      ["note", "graalpy is neither CPython nor PyPy"],
    ]);
  });

  it("does not wait for an interpreter that says nothing", async () => {
    script("python3", "exec sleep 600");
    expect(await probeRuntime({ executable: join(home, "python3"), origin: "path" }, 300)).toEqual({ kind: "broken", reason: "no answer within 0.3 s" });
  });

  it("finds the interpreter these tests run with", async () => {
    expect((await discoverRuntimes()).runtimes.length).toBeGreaterThan(0);
  });
});

describe("selection", () => {
  const runtimes = ["3.13.0", "3.12.1", "3.9.18"].map((version): Runtime => ({
    id: `cpython-${version}`,
    implementation: "cpython",
    version,
    freeThreaded: false,
    executable: `/${version}`,
    origin: "path",
  }));
  const threaded: Runtime = { ...(runtimes[0] as Runtime), id: "cpython-3.13.5t", version: "3.13.5", freeThreaded: true };
  const pypy: Runtime = { ...(runtimes[0] as Runtime), id: "pypy-3.9.16", implementation: "pypy", version: "3.9.16" };
  const all = [...runtimes, threaded, pypy];

  it.each([
    [undefined, undefined, "cpython-3.13.0"],
    [undefined, "<3.13", "cpython-3.12.1"],
    [undefined, "==3.13.5", "cpython-3.13.5t"],
    ["3.12", undefined, "cpython-3.12.1"],
    ["3.13t", undefined, "cpython-3.13.5t"],
    ["cpython-3.9", undefined, "cpython-3.9.18"],
    ["pypy", undefined, "pypy-3.9.16"],
    ["pypy3.9", undefined, "pypy-3.9.16"],
    ["pypy-3.9.16", undefined, "pypy-3.9.16"],
    ["3.9", ">=3.12", "cpython-3.9.18"],
  ])("of %s for a package that wants %s is %s", async (wanted, requiresPython, id) => {
    expect((await selectRuntime({ runtimes: all, wanted, requiresPython })).id).toBe(id);
  });

  it("prefers the given one when the package allows it and nothing else is wanted", async () => {
    expect((await selectRuntime({ runtimes: all, preferred: "cpython-3.12.1" })).id).toBe("cpython-3.12.1");
    expect((await selectRuntime({ runtimes: all, preferred: "cpython-3.12.1", requiresPython: ">=3.13" })).id).toBe("cpython-3.13.0");
    expect((await selectRuntime({ runtimes: all, preferred: "cpython-3.12.1", wanted: "3.9" })).id).toBe("cpython-3.9.18");
    expect((await selectRuntime({ runtimes: all, preferred: undefined })).id).toBe("cpython-3.13.0");
  });

  it.each(["3.1", "3.14", "t", "jython", "pypy3.11", "3.12t"])("of %s is refused with what there is", async (wanted) => {
    await expect(selectRuntime({ runtimes: all, wanted })).rejects.toThrow(/found: cpython-3\.13\.0, /);
  });

  it("says so when there is no Python, or none that the package allows", async () => {
    await expect(selectRuntime({ runtimes: [] })).rejects.toThrow("no Python 3.9 or newer");
    await expect(selectRuntime({ runtimes: all, requiresPython: ">=3.14" })).rejects.toThrow("requires Python >=3.14");
  });

  it("of a path asks the interpreter there, also in an environment's folder", async () => {
    pretend("venv/bin/python3", { version: "3.12.9" });
    expect((await selectRuntime({ runtimes: [], wanted: join(home, "venv/bin/python3") })).id).toBe("cpython-3.12.9");
    expect((await selectRuntime({ runtimes: [], wanted: join(home, "venv") })).id).toBe("cpython-3.12.9");
    await expect(selectRuntime({ runtimes: [], wanted: join(home, "nothing") })).rejects.toThrow("cannot be used as Python");
  });
});
