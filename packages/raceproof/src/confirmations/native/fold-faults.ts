// Folds faults of many processes into distinct pairs of places in the subject's own files. Enters: faults. Leaves: pairs, most frequent first.
// The innermost own frame of each side stands for it: who called it differs from run to run.
import type { NativeFault, NativeFrame } from "./sanitizer-report.ts";

export interface FaultPair {
  readonly kind: string;
  readonly access: NativeFault["access"];
  /** Innermost own frame; undefined when no frame is the subject's. */
  readonly use: NativeFrame | undefined;
  /** Of who freed it, or made the other access. */
  readonly other: NativeFrame | undefined;
  /** Own frames of the first one seen, innermost first. */
  readonly useStack: readonly NativeFrame[];
  readonly otherStack: readonly NativeFrame[];
  readonly count: number;
}

/** Own frames with paths relative to the subject's root. `files` are all of the subject's, relative to its root. */
export function ownFrames(frames: readonly NativeFrame[], files: readonly string[]): NativeFrame[] {
  return frames.flatMap((frame) => {
    const file = ownFile(frame.file, files);
    return file === undefined ? [] : [{ ...frame, file }];
  });
}

/** Compilers are told paths relative to some folder of the build, or absolute ones of a copy: the longest common end decides. */
function ownFile(told: string, files: readonly string[]): string | undefined {
  if (told === "") return undefined;
  const plain = told.replace(/^(?:\.\.?\/)+/, "");
  return files.find((file) => file === plain) ?? files.find((file) => plain.endsWith(`/${file}`) || file.endsWith(`/${plain}`));
}

export function pairOf(fault: NativeFault, files: readonly string[]): Omit<FaultPair, "count"> {
  const useStack = ownFrames(fault.use, files);
  const otherStack = ownFrames(fault.other, files);
  return { kind: fault.kind, access: fault.access, use: useStack[0], other: otherStack[0], useStack, otherStack };
}

/** Equal for faults that are one. */
export function pairKey({ kind, use, other }: Pick<FaultPair, "kind" | "use" | "other">): string {
  return [kind, placeText(use), placeText(other)].join(" | ");
}

export function foldFaults(pairs: readonly Omit<FaultPair, "count">[]): FaultPair[] {
  const folded = new Map<string, FaultPair>();
  for (const pair of pairs) {
    const key = pairKey(pair);
    const known = folded.get(key);
    folded.set(key, known === undefined ? { ...pair, count: 1 } : { ...known, count: known.count + 1 });
  }
  return [...folded.values()].toSorted((a, b) => b.count - a.count || (pairKey(a) < pairKey(b) ? -1 : 1));
}

export function describePair({ kind, access, use, other }: Pick<FaultPair, "kind" | "access" | "use" | "other">): string {
  const how = access === undefined ? "" : ` ${access === "read" ? "reading" : "writing"}`;
  const freed = /use-after-free|double-free/.test(kind) ? "freed at" : "against";
  return `${kind}${how} at ${placeText(use)}${other === undefined ? "" : `, ${freed} ${placeText(other)}`}`;
}

function placeText(frame: NativeFrame | undefined): string {
  return frame === undefined ? "no place of the subject" : `${frame.file}:${frame.line} in ${frame.function}`;
}
