// A pretended package: its "loader" is a script, so the launcher can be seen at work without a second C library.
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { spawnSync } from "node:child_process";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runQuietly } from "./run-quietly.mjs";
import { unpackPyPy } from "./unpack-pypy.mjs";

const canPack = existsSync("/usr/bin/dpkg-deb");

describe.skipIf(!canPack)("unpacked PyPy (needs dpkg-deb)", () => {
  let root = "";
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "raceproof-pypy-"));
    for (const name of ["archives", "work"]) mkdirSync(join(root, name));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  function pack(files: Readonly<Record<string, string>>): void {
    const tree = join(root, "package");
    const control = "Package: p\nVersion: 1\nArchitecture: all\nMaintainer: n <n@example.invalid>\nDescription: d\n";
    for (const [name, text] of Object.entries({ ...files, "DEBIAN/control": control })) {
      mkdirSync(dirname(join(tree, name)), { recursive: true });
      writeFileSync(join(tree, name), text);
      if (!name.startsWith("DEBIAN")) chmodSync(join(tree, name), 0o755);
    }
    const packed = runQuietly({ command: "dpkg-deb", arguments: ["--build", "--root-owner-group", tree, join(root, "archives", "p.deb")] });
    expect(packed).toMatchObject({ ok: true });
  }

  const unpack = (): string | undefined => unpackPyPy(join(root, "archives"), join(root, "work"), join(root, "result"));

  it("runs the program by the loader and libraries that came with it, under the launcher's name", () => {
    const loader = `#!/bin/sh\nprintf '%s\\n' "$@" > '${join(root, "log")}'\n`;
    pack({ "usr/bin/pypy3.99": "the program", "usr/lib/some-linux-gnu/ld-linux-some.so.2": loader, "usr/share/doc/p": "x" });
    expect(unpack()).toBeUndefined();
    const folder = join(root, "result");
    expect(spawnSync(join(folder, "bin", "pypy3"), ["-c", "two words"]).status).toBe(0);
    const [, libraries, , self, program, ...rest] = readFileSync(join(root, "log"), "utf8").trim().split("\n");
    expect([libraries, self, program]).toEqual([
      join(folder, "lib", "some-linux-gnu"),
      join(folder, "bin", "pypy3.99"),
      join(folder, "bin", "pypy3.99.program"),
    ]);
    expect(rest).toEqual(["-c", "two words"]);
    expect(readFileSync(program ?? "", "utf8")).toBe("the program");
    expect(existsSync(join(folder, "share"))).toBe(false);
  });

  it("says so when the packages hold no loader, and when the result does not run", () => {
    pack({ "usr/bin/pypy3.99": "the program", "usr/lib/some-linux-gnu/libc.so.6": "" });
    expect(unpack()).toContain("no PyPy, or no loader");
    rmSync(join(root, "work", "tree"), { recursive: true });
    pack({ "usr/lib/some-linux-gnu/ld-linux-some.so.2": "#!/bin/sh\nexit 1\n" });
    expect(unpack()).toContain("does not run");
  });
});
