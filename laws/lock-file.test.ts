// package-lock.json installs on a fresh clone of any platform (`npm ci` refuses a lock with gaps) and names no registry.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { completeLock, missingOptionalPackages } from "../scripts/complete-lock.mjs";
import { inRepository } from "../scripts/repository.mjs";

type Lock = Parameters<typeof completeLock>[0];

const text = readFileSync(inRepository("package-lock.json"), "utf8");
const sample: Lock = {
  packages: {
    "node_modules/tool": { version: "1.0.0", dev: true, optionalDependencies: { "@tool/linux-x64-musl": "1.0.0", "@tool/darwin-arm64": "1.0.0" } },
    "node_modules/@tool/linux-x64-musl": { version: "1.0.0", optional: true },
  },
};

describe("the lock file", () => {
  it("has every optional package of every platform (else: node scripts/complete-lock.mjs)", () => {
    expect(missingOptionalPackages(JSON.parse(text)).map(({ path }) => path)).toEqual([]);
  });

  it("says nowhere which registry it was made with", () => {
    expect(text).not.toMatch(/"resolved": "https?:/);
  });

  it("is completed with the platform that the package's name tells", () => {
    expect(missingOptionalPackages(sample)).toHaveLength(1);
    const completed = completeLock(sample);
    expect(missingOptionalPackages(completed)).toEqual([]);
    expect(JSON.parse(JSON.stringify(completed.packages["node_modules/@tool/darwin-arm64"]))).toEqual({
      version: "1.0.0",
      cpu: ["arm64"],
      dev: true,
      optional: true,
      os: ["darwin"],
    });
  });

  it("is not completed with a range", () => {
    const ranged: Lock = { packages: { "node_modules/tool": { optionalDependencies: { other: "^1.0.0" } } } };
    expect(() => completeLock(ranged)).toThrow("exact version");
  });
});
