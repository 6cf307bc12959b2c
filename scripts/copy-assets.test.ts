// Copying assets: equal trees, untouched when equal, leftovers removed.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { copyTree } from "./copy-assets.mjs";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "raceproof-copy-"));
  mkdirSync(join(folder, "from", "deep", "__pycache__"), { recursive: true });
  writeFileSync(join(folder, "from", "deep", "a.py"), "a = 1\n");
  writeFileSync(join(folder, "from", "deep", "__pycache__", "a.pyc"), "");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const copy = (): void => copyTree(join(folder, "from"), join(folder, "to"), ".py");

describe("copied assets", () => {
  it("are equal to their source, without byte code", () => {
    copy();
    expect(readFileSync(join(folder, "to", "deep", "a.py"), "utf8")).toBe("a = 1\n");
    expect(existsSync(join(folder, "to", "deep", "__pycache__"))).toBe(false);
  });

  it("are left alone when equal and replaced when not", () => {
    copy();
    const before = statSync(join(folder, "to", "deep", "a.py")).ino;
    copy();
    expect(statSync(join(folder, "to", "deep", "a.py")).ino).toBe(before);
    writeFileSync(join(folder, "from", "deep", "a.py"), "a = 2\n");
    copy();
    expect(readFileSync(join(folder, "to", "deep", "a.py"), "utf8")).toBe("a = 2\n");
  });

  it("go away when their source does; other endings stay", () => {
    copy();
    writeFileSync(join(folder, "to", "other.js"), "");
    rmSync(join(folder, "from", "deep", "a.py"));
    copy();
    expect(existsSync(join(folder, "to", "deep", "a.py"))).toBe(false);
    expect(existsSync(join(folder, "to", "other.js"))).toBe(true);
  });

  it("may have no source at all", () => {
    rmSync(join(folder, "from"), { recursive: true });
    expect(copy).not.toThrow();
  });
});
