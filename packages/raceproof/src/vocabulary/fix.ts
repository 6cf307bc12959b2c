// A proposal of how to remove a hazard: edits of the source as plain values. Rules propose, the fixes room applies, the corridor checks.
import type { SubjectIdentity } from "./finding.ts";
import type { Hazard } from "./hazard.ts";
import type { SourceSpan } from "./source-span.ts";

/** Offsets count bytes: texts of a FixSource have one character for each. */
export interface TextEdit {
  readonly file: string;
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

export type FixAnswer =
  | {
      readonly kind: "fix";
      /** What is done, as a commit would say it: "Stack_push works under its object's critical section". */
      readonly title: string;
      readonly edits: readonly TextEdit[];
      /** Functions that got another name: what is found in the new one is what was found in the old one. */
      readonly renamed?: { readonly from: string; readonly to: string };
    }
  /** It will be gone when another function is mended. */
  | { readonly kind: "follows"; readonly from: string }
  | { readonly kind: "refusal"; readonly reason: string };

/** Where a function stands: its first token, the brace of its body, behind its last one. */
export interface FunctionPlace {
  readonly file: string;
  readonly name: string;
  readonly from: number;
  readonly body: number;
  readonly to: number;
}

/** The files as they are written. */
export interface FixSource {
  /** One character per byte; "" for a file that is not there. */
  textOf(file: string): string;
  /** The function of an extension whose name stands there. Undefined when a macro makes it. */
  functionAt(span: SourceSpan): FunctionPlace | undefined;
  /** Whether the word stands in any file. */
  mentions(word: string): boolean;
}

/** Offset of a line and column in a file's text. */
export function offsetIn(text: string, line: number, column: number): number {
  let start = 0;
  for (let number = 1; number < line; number++) {
    const end = text.indexOf("\n", start);
    if (end < 0) return text.length;
    start = end + 1;
  }
  return Math.min(text.length, start + column);
}

export interface AppliedFix {
  readonly hazard: Hazard;
  readonly title: string;
  readonly files: readonly string[];
}

export interface RefusedFix {
  readonly hazard: Hazard;
  readonly reason: string;
}

/** Patches that were checked, and what none could be made for. */
export interface FixReport {
  readonly subject: SubjectIdentity;
  readonly applied: readonly AppliedFix[];
  /** Every hazard that is no longer found with the patches, whether or not one was made for it. */
  readonly gone: readonly Hazard[];
  /** Hazards whose rule knows a fix, which could not be made here. */
  readonly refused: readonly RefusedFix[];
  /** Texts of one character per byte. */
  readonly files: readonly { readonly path: string; readonly before: string; readonly after: string }[];
  /** Pythons whose headers a compiler took the patched files with; empty where there was nothing to compile, or it was not asked. */
  readonly compiledWith: readonly string[];
  /** `cargo check` took the patched crates; it was asked and there was one. */
  readonly cargoChecked: boolean;
}
