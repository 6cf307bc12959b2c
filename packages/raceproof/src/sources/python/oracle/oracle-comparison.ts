// The differential oracle: raceproof's trees against CPython's own `ast`, node for node.
// What enters: an interpreter and Python files. What leaves: counts and differences. The other half is oracle-dump.py,
// which prints CPython's trees in these terms and says where CPython has no position to compare.

import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { crc32 } from "node:zlib";
import { columnAt, lineAt, nameOf, type SyntaxTree, textOf } from "../../syntax-tree.ts";
import { ConstantType, PythonKind as Kind, pythonKindNames, pythonRoleNames } from "../kinds.ts";
import { createNameTable } from "../byte-name-table.ts";
import { parsePython } from "../parse-python.ts";
import { stringValueOf } from "../string-value.ts";
import { detailTextOf } from "../tree-outline.ts";
import type { OracleInterpreter } from "./oracle-interpreters.ts";

export interface OracleReport {
  files: number;
  nodes: number;
  /** Nodes whose position CPython does not have or has wrong: only their shape was compared. */
  withoutPosition: number;
  /** Files CPython rejects. */
  rejected: number;
  /** Files CPython rejects and this parser has no problem with, each with CPython's reason. */
  rejectedWithoutProblem: string[];
  /** First difference of each file that differs. */
  differences: string[];
}

/** Files per run of the interpreter. */
const batchSize = 100;
const dumpScript = fileURLToPath(new URL("oracle-dump.py", import.meta.url));

export async function compareWithCPython(interpreter: OracleInterpreter, files: readonly string[]): Promise<OracleReport> {
  const report: OracleReport = { files: 0, nodes: 0, withoutPosition: 0, rejected: 0, rejectedWithoutProblem: [], differences: [] };
  for (let at = 0; at < files.length; at += batchSize) {
    const lines = (await dumpFiles(interpreter.executable, files.slice(at, at + batchSize))).split("\n");
    for (let line = 0; line < lines.length - 1;) {
      const end = lines.indexOf("end", line);
      compareFile(report, lines[line]!.slice("file ".length), lines.slice(line + 1, end));
      line = end + 1;
    }
  }
  return report;
}

function dumpFiles(executable: string, files: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(executable, ["-X", "utf8", dumpScript], { stdio: ["pipe", "pipe", "inherit"] });
    const chunks: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve(Buffer.concat(chunks).toString("utf8"));
      else reject(new Error(`${executable} ended with ${code}`));
    });
    child.stdin.end(files.join("\n"));
  });
}

function compareFile(report: OracleReport, file: string, expected: readonly string[]): void {
  const tree = parsePython(readFileSync(file), createNameTable());
  report.files++;
  const rejection = expected[0]?.startsWith("rejected ") ? expected[0] : undefined;
  if (rejection !== undefined) {
    report.rejected++;
    if (tree.problems.length === 0) report.rejectedWithoutProblem.push(`${file}: ${rejection}`);
    return;
  }
  report.nodes += expected.length;
  const difference = firstDifference(report, tree, expected);
  if (difference !== undefined) report.differences.push(`${file}: ${difference}`);
}

function firstDifference(report: OracleReport, tree: SyntaxTree, expected: readonly string[]): string | undefined {
  const [problem] = tree.problems;
  if (problem !== undefined) return `${lineAt(tree, problem.offset)}: ${problem.message}`;
  for (let node = 0; node < tree.size; node++) {
    const cpython = expected[node] ?? "nothing";
    const [shape, name] = shapeOf(tree, node);
    const start = placeOf(tree, tree.start[node]!);
    const end = placeOf(tree, tree.end[node]!);
    if (cpython === `${shape} ${start} ${end} ${name}`) continue;
    if (cpython === `${shape} ? ? ${name}` || cpython === `${shape} ${start} ? ${name}`) report.withoutPosition++;
    else if (!isSpelledByName(tree, node) || !cpython.startsWith(`${shape} ${start} ${end} #`)) {
      return `CPython has "${cpython}", this parser "${shape} ${start} ${end} ${name}"`;
    }
  }
  return tree.size === expected.length ? undefined : `CPython has ${expected.length} nodes, this parser ${tree.size}`;
}

/** A string with `\N{...}`, whose value is promised to be undefined. */
function isSpelledByName(tree: SyntaxTree, node: number): boolean {
  return tree.kind[node] === Kind.Constant && stringValueOf(tree, node) === undefined && textOf(tree, node).includes("\\N{");
}

function placeOf(tree: SyntaxTree, offset: number): string {
  return `${lineAt(tree, offset)}:${columnAt(tree, offset)}`;
}

/** Kind, role, detail and number of descendants; and the name. */
function shapeOf(tree: SyntaxTree, node: number): [shape: string, name: string] {
  const kind = pythonKindNames[tree.kind[node]! - 1];
  const role = pythonRoleNames[tree.role[node]! - 1] ?? "-";
  const descendants = node - tree.first[node]!;
  return [`${kind} ${role} ${detailTextOf(tree, node) || "-"} ${descendants}`, valueOf(tree, node) ?? nameOf(tree, node)];
}

/** Checksum of a string constant's value; undefined for other nodes. */
function valueOf(tree: SyntaxTree, node: number): string | undefined {
  if (tree.kind[node] !== Kind.Constant || tree.detail[node] !== ConstantType.String) return undefined;
  const value = stringValueOf(tree, node);
  return value === undefined ? `no value of ${textOf(tree, node)}` : `#${crc32(Buffer.from(value, "utf16le"))}`;
}
