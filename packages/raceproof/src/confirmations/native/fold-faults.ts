// Folds faults of many processes into distinct pairs of places in the subject's own files. Enters: faults. Leaves: pairs, most frequent first.
// The innermost own frame of each side stands for it: who called it differs from run to run.
import type { OwnCode } from "./extension-facts.ts";
import type { NativeFault, NativeFrame } from "./sanitizer-report.ts";

export interface FaultPair {
  readonly kind: string;
  readonly access: NativeFault["access"];
  readonly otherAccess: NativeFault["access"];
  /** Innermost own frame; undefined when no frame is the subject's. */
  readonly use: NativeFrame | undefined;
  /** Of who freed it, or made the other access. */
  readonly other: NativeFrame | undefined;
  /** Own frames of the first one seen, innermost first. */
  readonly useStack: readonly NativeFrame[];
  readonly otherStack: readonly NativeFrame[];
  readonly count: number;
}

/** Own frames with paths relative to the subject's root, and functions as the facts name them. */
export function ownFrames(frames: readonly NativeFrame[], { files, functionAt }: OwnCode): NativeFrame[] {
  return frames.flatMap((frame) => {
    const file = ownFile(frame.file, files);
    return file === undefined ? [] : [{ ...frame, file, function: functionAt?.(file, frame.line) ?? frame.function }];
  });
}

/** Compilers are told paths relative to some folder of the build, or absolute ones of a copy: the longest common end decides. */
function ownFile(told: string, files: readonly string[]): string | undefined {
  if (told === "") return undefined;
  const plain = told.replace(/^(?:\.\.?\/)+/, "");
  return files.find((file) => file === plain) ?? files.find((file) => plain.endsWith(`/${file}`) || file.endsWith(`/${plain}`));
}

/** A fault without its number. */
export type Fault = Omit<FaultPair, "count">;

export function pairOf(fault: NativeFault, own: OwnCode): Fault {
  const { kind, access, otherAccess } = fault;
  const useStack = ownFrames(fault.use, own);
  const otherStack = ownFrames(fault.other, own);
  const pair = { kind, access, otherAccess, use: useStack[0], other: otherStack[0], useStack, otherStack };
  return otherAccess !== undefined && sideText(pair.other, otherAccess) < sideText(pair.use, access) ? turned(pair) : pair;
}

/** Which side of a data race is told first is chance. */
function turned({ kind, access, otherAccess, use, other, useStack, otherStack }: Fault): Fault {
  return { kind, access: otherAccess, otherAccess: access, use: other, other: use, useStack: otherStack, otherStack: useStack };
}

function sideText(frame: NativeFrame | undefined, access: NativeFault["access"]): string {
  return frame === undefined ? "~" : `${frame.file}:${frame.line} ${access === "write" ? 0 : 1}`;
}

/** Equal for faults that are one. */
export function pairKey({ kind, use, other }: Pick<FaultPair, "kind" | "use" | "other">): string {
  return [kind, placeText(use), placeText(other)].join(" | ");
}

export function foldFaults(pairs: readonly Fault[]): FaultPair[] {
  const folded = new Map<string, FaultPair>();
  for (const pair of pairs) {
    const key = pairKey(pair);
    const known = folded.get(key);
    folded.set(key, known === undefined ? { ...pair, count: 1 } : { ...known, count: known.count + 1 });
  }
  return [...folded.values()].toSorted((a, b) => b.count - a.count || (pairKey(a) < pairKey(b) ? -1 : 1));
}

export function describePair({ kind, access, otherAccess, use, other }: Pick<FaultPair, "kind" | "access" | "otherAccess" | "use" | "other">): string {
  const link = /use-after-free|double-free/.test(kind) ? "freed at" : otherAccess === undefined ? "against" : `against${wordOf(otherAccess)} at`;
  const end = other === undefined && otherAccess === undefined ? "" : `, ${link} ${placeText(other)}`;
  return `${kind}${wordOf(access)} at ${placeText(use)}${end}`;
}

function wordOf(access: NativeFault["access"]): string {
  return access === undefined ? "" : ` ${access === "read" ? "reading" : "writing"}`;
}

function placeText(frame: NativeFrame | undefined): string {
  return frame === undefined ? "no place of the subject" : `${frame.file}:${frame.line} in ${frame.function}`;
}
