// Files in C and C++ in, hazards with their denominators out: the corridor's way through the native rooms, without disk or network.
import { analyzeNative } from "./facts/index.ts";
import { findNativeHazards } from "./hazards/index.ts";
import { nativeRules } from "./rules/index.ts";
import { buildConfiguration, createNameTable, functionExtents, openCFrontEnd } from "./sources/index.ts";
import type { CFrontEnd, CProgram, FunctionExtent } from "./sources/index.ts";
import { collectNativeRemarks } from "./suppressions/index.ts";
import type { Remark } from "./suppressions/index.ts";
import type { FunctionText, Hazard, NativeCoverage, NativeProgram, NativeRule, Notification } from "./vocabulary/index.ts";

export interface NativeSource {
  /** Relative to the subject's root, forward slashes. */
  readonly path: string;
  readonly bytes: Uint8Array;
  /** build: it says how the extension is built. */
  readonly role?: "build";
}

export interface NativeOutcome {
  readonly hazards: readonly Hazard[];
  readonly remarks: readonly Remark[];
  readonly coverage: NativeCoverage;
  readonly notifications: readonly Notification[];
}

/** What threads meet without the GIL, on the newest Python; and with it, where a hazard does not need the GIL to be gone. */
const configurations = [buildConfiguration("free-threaded", [3, 14]), buildConfiguration("gil", [3, 12])];

let frontEnd: Promise<CFrontEnd> | undefined;

/** An extension's facts where it runs without the GIL, and where its functions stand. */
export interface NativeAnalysis {
  readonly program: NativeProgram;
  readonly extents: readonly FunctionExtent[];
}

export async function analyzeNativeFiles(files: readonly NativeSource[]): Promise<NativeAnalysis> {
  const parsed = await parseNative(files);
  return { program: analyzeNative(parsed, configurations[0]?.name ?? ""), extents: functionExtents(parsed) };
}

/** @param rules native rules to search by; all when absent */
export async function auditNativeFiles(files: readonly NativeSource[], rules: readonly NativeRule[] = nativeRules): Promise<NativeOutcome> {
  const program = await parseNative(files);
  const builds = files.filter(({ role }) => role === "build");
  const hazards = configurations.flatMap(({ name, threading }, index) => {
    // Where no condition asks for it, both builds are the same program.
    if (index > 0 && program.units.every((unit) => unit.configurations.length === configurations.length)) return [];
    const found = findNativeHazards(analyzeNative(program, name, builds), rules);
    return threading === "gil" ? found.filter(({ reach }) => reach === "single-threaded") : found;
  });
  return {
    hazards: [...new Map(hazards.map((hazard) => [hazard.id, hazard])).values()],
    remarks: collectNativeRemarks(program),
    coverage: coverageOf(program),
    notifications: notificationsOf(program),
  };
}

async function parseNative(files: readonly NativeSource[]): Promise<CProgram> {
  frontEnd ??= openCFrontEnd();
  return (await frontEnd).parse(files, configurations, createNameTable());
}

/** The functions of an extension with what they consist of. */
export async function nativeFunctionTexts(files: readonly NativeSource[]): Promise<FunctionText[]> {
  const program = await parseNative(files);
  return functionExtents(program).map(({ file, name, from, to }) => ({
    file,
    name,
    text: Buffer.from(program.files.get(file)?.bytes.subarray(from, to) ?? []).toString("utf8"),
  }));
}

function coverageOf({ coverage }: CProgram): NativeCoverage {
  const { files, lines, functions, bytes, errorBytes } = coverage;
  return { files, lines, functions, bytes, errorBytes };
}

function notificationsOf({ units, coverage }: CProgram): Notification[] {
  const unparsed = new Map(units.filter(({ errorBytes }) => errorBytes > 0).map(({ path, errorBytes }) => [path, errorBytes]));
  return [
    ...[...unparsed].map(([file, bytes]): Notification => ({
      level: "warning",
      message: `does not parse completely: ${bytes} bytes are not understood`,
      file,
    })),
    ...(coverage.missingIncludes.length === 0
      ? []
      : [{ level: "note", message: `headers not found, so their macros stay unknown: ${coverage.missingIncludes.join(", ")}` } as const]),
  ];
}
