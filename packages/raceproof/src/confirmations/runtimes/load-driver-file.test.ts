// Driver files as they come from disk.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { UserError } from "../../vocabulary/index.ts";
import { loadDriverFile } from "./load-driver-file.ts";

const folder = mkdtempSync(join(tmpdir(), "raceproof-drivers-"));
const good = "def operation_a():\n    pass\ndef operation_b():\n    pass\n";

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function messageOf(path: string): Promise<string> {
  try {
    await loadDriverFile(path);
  } catch (error) {
    if (error instanceof UserError) return error.message.slice(folder.length + 1);
    throw error;
  }
  return "";
}

describe("a driver file", () => {
  afterAll(() => rmSync(folder, { recursive: true }));

  it("is named after its file", async () => {
    expect(await loadDriverFile(file("good.py", good))).toEqual({ name: "good.py", source: good });
  });

  it("that cannot be a driver is refused with place and reason", async () => {
    mkdirSync(join(folder, "folder"));
    expect(await messageOf(join(folder, "missing.py"))).toBe("missing.py: there is no such file");
    expect(await messageOf(join(folder, "folder"))).toBe("folder: this is a folder");
    expect(await messageOf(file("binary.py", new Uint8Array([0xff, 0xfe, 0])))).toBe("binary.py: not UTF-8 text");
    expect(await messageOf(file("large.py", "#".repeat(1024 * 1024 + 1)))).toBe("large.py: larger than 1024 KiB");
    expect(await messageOf(file("bad.py", "\n\ndef operation_a():\n    pass\n"))).toMatch(/^bad\.py:3: one operation is not enough/);
  });
});
