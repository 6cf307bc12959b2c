// Law 2: file system, child processes and network appear only in sources, config, cache, confirmations/runtimes and cli;
// only cli prints or ends the process.
import { describe, expect, it } from "vitest";
import { roomsThatPrint, roomsWithInputAndOutput } from "./rooms.ts";
import { parseModule, readEngine, type SourceModule } from "./source-module.ts";

/** Built-in modules and packages through which a program reaches files, processes or the network. */
const worldly = new Set(
  "fs fs/promises child_process cluster worker_threads net tls http https http2 dgram dns dns/promises readline repl undici yauzl tar".split(" "),
);
const printing = /^(console|process\.(stdout|stderr|exit|exitCode))$/;

function findInputAndOutput(modules: readonly SourceModule[]): string[] {
  return modules
    .filter(({ path }) => !roomsWithInputAndOutput.some((prefix) => path.startsWith(prefix)))
    .flatMap(({ path, imports, globals }) => [
      ...imports.filter(({ specifier }) => touchesTheWorld(specifier)).map(({ specifier, line }) => `${path}:${line} imports ${specifier}`),
      ...globals.filter(({ name }) => name === "fetch").map(({ line }) => `${path}:${line} calls fetch`),
    ]);
}

function touchesTheWorld(specifier: string): boolean {
  return worldly.has(specifier.replace(/^node:/, ""));
}

function findPrinting(modules: readonly SourceModule[]): string[] {
  return modules
    .filter(({ path }) => !roomsThatPrint.some((prefix) => path.startsWith(prefix)))
    .flatMap(({ path, globals }) => globals.filter(({ name }) => printing.test(name)).map(({ name, line }) => `${path}:${line} uses ${name}`));
}

describe("law 2: input and output", () => {
  it("stay in their rooms", () => {
    expect(findInputAndOutput(readEngine())).toEqual([]);
  });

  it("printing stays in cli", () => {
    expect(findPrinting(readEngine())).toEqual([]);
  });

  it.each([
    'import { readFileSync } from "node:fs";',
    'import { spawn } from "child_process";',
    'export * from "undici";',
    'await fetch("x");',
    'import "node:net";',
  ])("catch %s", (text) => {
    expect(findInputAndOutput([parseModule("facts/a.ts", text)])).toHaveLength(1);
    expect(findInputAndOutput([parseModule("cli/a.ts", text)])).toEqual([]);
  });

  it("catch the file system in confirmations outside runtimes/", () => {
    const text = 'import { rm } from "node:fs/promises";';
    expect(findInputAndOutput([parseModule("confirmations/a.ts", text), parseModule("confirmations/runtimes/a.ts", text)])).toEqual([
      "confirmations/a.ts:1 imports node:fs/promises",
    ]);
  });

  it("let pure modules through", () => {
    expect(findInputAndOutput([parseModule("facts/a.ts", 'import { createHash } from "node:crypto";')])).toEqual([]);
  });

  it.each(['console.log("x");', "process.stdout.write(text);", "process.exit(1);"])("catch %s", (text) => {
    expect(findPrinting([parseModule("reports/a.ts", text)])).toHaveLength(1);
  });
});
