// Law 4: files at most 250 code lines, functions 60 lines, cyclomatic complexity 12, 4 parameters.
// Measured by oxlint. size-exceptions.json lists the exceptions with a reason; an entry that is not needed fails, so it only shrinks.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { inRepository, root } from "../scripts/repository.mjs";

interface SizeException {
  /** Relative to the repository. */
  readonly file: string;
  /** Absent for a whole file. */
  readonly function?: string;
  readonly rule: SizeRule;
  readonly limit: number;
  readonly reason: string;
}

interface Oversize {
  readonly file: string;
  readonly function: string | undefined;
  readonly rule: SizeRule;
  readonly measured: number;
  readonly line: number;
}

type SizeRule = "max-lines" | "max-lines-per-function" | "complexity" | "max-params";

interface Diagnostic {
  readonly code: string;
  readonly message: string;
  readonly filename: string;
  readonly labels: readonly { readonly span: { readonly offset: number; readonly line: number } }[];
}

/** Everything over the house limits below `folders`, exceptions included. */
function measureOversize(folders: readonly string[], cwd: string): Oversize[] {
  const oxlint = inRepository("node_modules", "oxlint", "bin", "oxlint");
  const settings = inRepository("laws", "size-limits.json");
  const done = spawnSync(process.execPath, [oxlint, "--config", settings, "--format", "json", ...folders], {
    cwd,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  const { diagnostics } = JSON.parse(done.stdout) as { diagnostics: Diagnostic[] };
  return diagnostics.map((diagnostic) => readDiagnostic(diagnostic, cwd));
}

function readDiagnostic({ code, message, filename, labels }: Diagnostic, cwd: string): Oversize {
  const rule = /\((.*)\)/.exec(code)?.[1] as SizeRule;
  const measured = Number((rule === "complexity" ? /complexity of (\d+)/ : /\((\d+)\)/).exec(message)?.[1]);
  const { offset = 0, line = 0 } = labels[0]?.span ?? {};
  const file = filename.replaceAll("\\", "/");
  return { file, function: rule === "max-lines" ? undefined : functionNameAt(join(cwd, file), offset), rule, measured, line };
}

/** oxlint's messages do not always name the function; the source does: after `function`, before the parameters, or before `=`. */
function functionNameAt(path: string, offset: number): string {
  const bytes = readFileSync(path);
  const after = bytes.subarray(offset, offset + 200).toString("utf8");
  const before = bytes.subarray(Math.max(0, offset - 200), offset).toString("utf8");
  const declared = /^(?:export\s+)?(?:async\s+)?function\s*\*?\s*([\w$]+)/.exec(after)?.[1];
  const method = /^[(<]/.test(after) ? /([#\w$]+)$/.exec(before)?.[1] : undefined;
  const assigned = /([#\w$]+)\s*(?::[^=\n]*)?[=:]\s*$/.exec(before)?.[1];
  return declared ?? method ?? assigned ?? "(anonymous)";
}

function judgeSizes(oversize: readonly Oversize[], exceptions: readonly SizeException[]): string[] {
  const matches = (exception: SizeException, found: Oversize): boolean =>
    exception.file === found.file && exception.function === found.function && exception.rule === found.rule;
  const name = ({ file, function: inFunction, rule }: Oversize | SizeException): string => `${file}${inFunction ? ` ${inFunction}` : ""}: ${rule}`;
  return [
    ...oversize.flatMap((found) => {
      const exception = exceptions.find((candidate) => matches(candidate, found));
      if (exception && found.measured <= exception.limit) return [];
      return [`${name(found)} is ${found.measured} (line ${found.line})${exception ? `, its exception allows ${exception.limit}` : ""}`];
    }),
    ...exceptions
      .filter((exception) => !oversize.some((found) => matches(exception, found)))
      .map((exception) => `exception no longer needed: ${name(exception)}`),
  ];
}

const measuredFolders = ["packages", "laws", "scripts", "bench", "vitest.config.ts"];

describe("law 4: sizes", () => {
  const exceptions = JSON.parse(readFileSync(inRepository("laws", "size-exceptions.json"), "utf8")) as SizeException[];
  const folder = mkdtempSync(join(tmpdir(), "raceproof-laws-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("stay within the limits", () => {
    expect(judgeSizes(measureOversize(measuredFolders, root), exceptions)).toEqual([]);
  });

  it("have exceptions with a reason", () => {
    expect(exceptions.filter(({ reason }) => reason.length < 20)).toEqual([]);
  });

  it("catch a long file, a long function, a tangled one and one with many parameters", () => {
    const lines = (count: number, indent: string): string => Array.from({ length: count }, (_, index) => `${indent}f(${index});`).join("\n");
    const tests = Array.from({ length: 12 }, (_, index) => `if (a === ${index}) f(a);`).join("\n");
    writeFileSync(
      join(folder, "sample.ts"),
      `${lines(180, "")}\nfunction long() {\n${lines(60, "  ")}\n}\nconst tangled = (a: number): void => {\n${tests}\n};\nclass Wide {\n  many(a: 1, b: 2, c: 3, d: 4, e: 5) {}\n}\n`,
    );
    const found = measureOversize(["sample.ts"], folder).map(({ rule, function: inFunction, measured }) => [rule, inFunction, measured]);
    expect(found.toSorted()).toEqual([
      ["complexity", "tangled", 13],
      ["max-lines", undefined, 259],
      ["max-lines-per-function", "long", 62],
      ["max-params", "many", 5],
    ]);
  });

  it("only shrink", () => {
    const found: Oversize = { file: "a.ts", function: "f", rule: "complexity", measured: 14, line: 1 };
    const exception = { file: "a.ts", function: "f", rule: "complexity" as const, limit: 14, reason: "" };
    expect(judgeSizes([found], [exception])).toEqual([]);
    expect(judgeSizes([{ ...found, measured: 15 }], [exception])).toHaveLength(1);
    expect(judgeSizes([{ ...found, function: "g" }], [exception])).toHaveLength(2);
    expect(judgeSizes([], [exception])).toEqual(["exception no longer needed: a.ts f: complexity"]);
  });
});
