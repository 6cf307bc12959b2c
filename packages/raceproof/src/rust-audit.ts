// Rust and Cargo files in, hazards with their denominators out: the corridor's way through the Rust rooms, without disk or network.
import { isUtf8 } from "node:buffer";
import { analyzeRust } from "./facts/index.ts";
import { findRustHazards } from "./hazards/index.ts";
import { rustRules } from "./rules/index.ts";
import { createNameTable, excerptReader, isRustSource, openRustFrontEnd, readCargo } from "./sources/index.ts";
import type { RustFrontEnd, RustUnit } from "./sources/index.ts";
import { collectCargoRemarks, collectRustRemarks } from "./suppressions/index.ts";
import type { Remark } from "./suppressions/index.ts";
import type { FunctionText, Hazard, Notification, RustCoverage, RustProgram, RustRule } from "./vocabulary/index.ts";

export interface RustSource {
  /** Relative to the subject's root, forward slashes. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

export interface RustOutcome {
  readonly program: RustProgram;
  readonly hazards: readonly Hazard[];
  readonly remarks: readonly Remark[];
  readonly coverage: RustCoverage;
  readonly notifications: readonly Notification[];
}

let frontEnd: Promise<RustFrontEnd> | undefined;

/** @param rules Rust rules to search by; all when absent */
export async function auditRustFiles(files: readonly RustSource[], rules: readonly RustRule[] = rustRules): Promise<RustOutcome> {
  frontEnd ??= openRustFrontEnd();
  const { parse } = await frontEnd;
  const names = createNameTable();
  const units = files.filter(({ path }) => isRustSource(path)).map((file) => parse(file, names));
  const { notifications, ...cargo } = readCargo(files);
  const program = analyzeRust(units, cargo);
  return {
    program,
    hazards: findRustHazards(program, rules),
    remarks: [...collectRustRemarks(units, program), ...collectCargoRemarks(files)],
    coverage: coverageOf(units, program),
    notifications: [...notifications, ...unparsed(units), ...otherEncodings(files)],
  };
}

/** Functions and types with what they consist of. */
export async function rustFunctionTexts(files: readonly RustSource[]): Promise<FunctionText[]> {
  const { program } = await auditRustFiles(files, []);
  const textOf = excerptReader(files);
  const named = [...program.functions.map(({ qualifiedName, span }) => ({ name: qualifiedName, span })), ...program.structs];
  return named.map(({ name, span }) => ({ file: span.file, name, text: textOf(span) }));
}

function coverageOf(units: readonly RustUnit[], program: RustProgram): RustCoverage {
  const total = (count: (unit: RustUnit) => number): number => units.reduce((sum, unit) => sum + count(unit), 0);
  return {
    files: units.length,
    lines: total(({ tree }) => tree.lineStarts.length),
    functions: program.functions.length,
    exposed: program.functions.filter(({ exposed }) => exposed !== undefined).length,
    macros: total(({ macros }) => macros),
    macrosUnread: total(({ macrosUnread }) => macrosUnread),
    bytes: total(({ tree }) => tree.source.length),
    errorBytes: total(({ errorBytes }) => errorBytes),
  };
}

function otherEncodings(files: readonly RustSource[]): Notification[] {
  return files
    .filter(({ path, bytes }) => isRustSource(path) && !isUtf8(bytes))
    .map(({ path }) => ({ level: "warning", message: "is not UTF-8, the only encoding Rust reads: names and texts in it may be wrong", file: path }));
}

function unparsed(units: readonly RustUnit[]): Notification[] {
  return units
    .filter(({ errorBytes }) => errorBytes > 0)
    .map(({ path, errorBytes }) => ({ level: "warning", message: `does not parse completely: ${errorBytes} bytes are not understood`, file: path }));
}
