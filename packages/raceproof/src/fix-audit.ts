// Files as they would be in, what is found in them and what the rules propose out: one round of the corridor for fixes.
import { auditFiles } from "./audit.ts";
import type { SourceFile } from "./audit.ts";
import { analyzeNativeFiles, auditNativeFiles } from "./native-audit.ts";
import type { NativeAnalysis } from "./native-audit.ts";
import { nativeRules, rules, rustRules } from "./rules/index.ts";
import { auditRustFiles } from "./rust-audit.ts";
import type { RustOutcome } from "./rust-audit.ts";
import { isCython, isExtensionSource, isNativeSource, isRustSource } from "./sources/index.ts";
import { spanContains } from "./vocabulary/index.ts";
import type { FixAnswer, FixSource, Hazard, Program } from "./vocabulary/index.ts";

/** Of one subject, the same in every round. */
export interface FixSetting {
  readonly importPrefix: string;
  readonly lockNames: readonly string[];
  /** Files that only say how the subject is built. */
  readonly buildFiles: ReadonlySet<string>;
}

export interface FixRound {
  readonly hazards: readonly Hazard[];
  /** Files that do not parse completely. */
  readonly filesWithErrors: number;
  /** Undefined where its rule knows no mechanical fix. */
  propose(hazard: Hazard): Promise<FixAnswer | undefined>;
}

/** A text of one character per byte, as fixes count. */
export function textOfBytes(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}

export function bytesOfText(text: string): Uint8Array {
  return Buffer.from(text, "latin1");
}

export async function auditForFixes(texts: ReadonlyMap<string, string>, { importPrefix, lockNames, buildFiles }: FixSetting): Promise<FixRound> {
  const files = [...texts].map(([path, text]): SourceFile => ({ path, bytes: bytesOfText(text), ...(buildFiles.has(path) ? { role: "build" } : {}) }));
  const natives = files.filter(({ path }) => isNativeSource(path) && !isCython(path));
  const python = await auditFiles(files, { importPrefix, lockNames });
  const native = natives.length === 0 ? undefined : await auditNativeFiles(natives);
  const rust = files.some(({ path }) => isRustSource(path))
    ? await auditRustFiles(files.filter(({ path, role }) => role === undefined && isExtensionSource(path)))
    : undefined;
  const warnings = [...(native?.notifications ?? []), ...(rust?.notifications ?? [])].filter(({ level }) => level === "warning");
  let analysis: Promise<NativeAnalysis> | undefined;
  return {
    hazards: [...python.hazards, ...(native?.hazards ?? []), ...(rust?.hazards ?? [])],
    filesWithErrors: python.coverage.filesWithErrors + warnings.length,
    propose: async (hazard) => {
      if (hazard.language === "rust") return rust && proposeInRust(hazard, rust, texts);
      if (hazard.language !== "c") return proposeInPython(hazard, python.program, texts);
      analysis ??= analyzeNativeFiles(natives);
      return proposeInNative(hazard, await analysis, texts);
    },
  };
}

function proposeInRust(hazard: Hazard, { program }: RustOutcome, texts: ReadonlyMap<string, string>): FixAnswer | undefined {
  const rule = rustRules.find(({ metadata }) => metadata.id === hazard.rule);
  return rule?.propose?.(
    hazard,
    program,
    sourceOf(texts, () => undefined),
  );
}

function proposeInPython(hazard: Hazard, program: Program, texts: ReadonlyMap<string, string>): FixAnswer | undefined {
  const rule = rules.find(({ metadata }) => metadata.id === hazard.rule);
  return rule?.propose?.(
    hazard,
    program,
    sourceOf(texts, () => undefined),
  );
}

function proposeInNative(hazard: Hazard, { program, extents }: NativeAnalysis, texts: ReadonlyMap<string, string>): FixAnswer | undefined {
  const rule = nativeRules.find(({ metadata }) => metadata.id === hazard.rule);
  const functionAt: FixSource["functionAt"] = (span) => {
    const isIn = (each: (typeof extents)[number]): boolean =>
      each.file === span.file && spanContains({ file: each.file, line: each.fromLine, column: 0, endLine: each.toLine + 1, endColumn: 0 }, span);
    return extents.find((each) => isIn(each));
  };
  return rule?.propose?.(hazard, program, sourceOf(texts, functionAt));
}

function sourceOf(texts: ReadonlyMap<string, string>, functionAt: FixSource["functionAt"]): FixSource {
  return {
    textOf: (file) => texts.get(file) ?? "",
    functionAt,
    mentions: (word) => [...texts.values()].some((text) => new RegExp(`\\b${word}\\b`).test(text)),
  };
}
