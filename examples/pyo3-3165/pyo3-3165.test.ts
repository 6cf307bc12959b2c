// The crate is its own specification: every line with a marker is reported by that rule, no other line is, and the fixed version loses what the release did wrong.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { cp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { auditRustFiles } from "../../packages/raceproof/src/rust-audit.ts";
import { rustRules } from "../../packages/raceproof/src/rules/index.ts";

const crate = import.meta.dirname;
const sources = ["Cargo.toml", "Cargo.lock", ...readdirSync(join(crate, "src")).map((name) => `src/${name}`)];
const known = new Set(rustRules.map(({ metadata }) => metadata.id));
const folder = mkdtempSync(join(tmpdir(), "raceproof-crate-"));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function reported(root: string): Promise<string[]> {
  const files = sources.map((path) => ({ path, bytes: readFileSync(join(root, path)) }));
  const { hazards } = await auditRustFiles(files);
  return hazards
    .filter(({ confidence }) => confidence !== "low")
    .map(({ rule, span }) => `${span.file}:${span.line} ${rule}`)
    .toSorted();
}

/** Markers of rules that exist. */
function marked(): string[] {
  const found = sources.flatMap((path) =>
    readFileSync(join(crate, path), "utf8")
      .split("\n")
      .flatMap((text, index) => {
        const rule = /(?:#|\/\/) hazard: (\S+)/.exec(text)?.[1];
        return rule !== undefined && known.has(rule) ? [`${path}:${index + 1} ${rule}`] : [];
      }),
  );
  return found.toSorted();
}

describe("the crate of PyO3's thread 3165", () => {
  it("is reported line by line, and its good twins are not", async () => {
    expect(marked().length).toBeGreaterThanOrEqual(4);
    expect(await reported(crate)).toEqual(marked());
  });

  it("with the fixed release keeps what its own code does wrong, and nothing else", async () => {
    await cp(join(crate, "src"), join(folder, "src"), { recursive: true });
    for (const name of ["Cargo.toml", "Cargo.lock"]) await cp(join(crate, "fixed", name), join(folder, name));
    const after = await reported(folder);
    expect(after.filter((line) => line.includes("cargo/counts-in-traversal"))).toEqual([]);
    expect(after.filter((line) => line.startsWith("src/"))).toEqual(marked().filter((line) => line.startsWith("src/")));
  });
});
