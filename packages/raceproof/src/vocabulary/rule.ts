// A rule's metadata and what it promises to the engine, the registry, the docs, SARIF and `explain`.
import type { CythonProgram } from "./cython-program.ts";
import type { FixAnswer, FixSource } from "./fix.ts";
import type { Hazard } from "./hazard.ts";
import type { NativeProgram } from "./native-program.ts";
import type { Program } from "./program.ts";
import type { Provocation } from "./provocation.ts";
import type { RustProgram } from "./rust-program.ts";

export type Severity = "crash" | "corruption" | "wrong-answer" | "deadlock" | "leak";
export type Confidence = "high" | "medium" | "low";

/** From the weakest to the strongest. */
export const confidenceLevels: readonly Confidence[] = ["low", "medium", "high"];

/** Negative when `a` is the weaker one. */
export function compareConfidence(a: Confidence, b: Confidence): number {
  return confidenceLevels.indexOf(a) - confidenceLevels.indexOf(b);
}
/** live: the module declares free-threading; latent: it does not yet; single-threaded: reachable with one thread. */
export type Reach = "live" | "latent" | "single-threaded";
export type FixCost = "low" | "medium" | "high";

/** One way to remove a shape, with what it costs; listed in reports, cheapest first. */
export interface FixStrategy {
  readonly title: string;
  readonly cost: FixCost;
  readonly detail: string;
}

/** What a guard can recognize by syntax alone; python/static-guard says what each looks like. */
export type GuardedShape =
  | "update"
  | "global-store"
  | "class-store"
  | "slot-cleared"
  | "append-then-length"
  | "iteration"
  | "check-then-take"
  | "check-then-store"
  | "filled-when-empty";

export interface RuleMetadata {
  /** "<language>/<shape>", equal to the folder under rules/. */
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  /** One sentence: what a user of the library sees when it happens. */
  readonly consequence: string;
  /** Publications, PEPs, issues or measurements the rule rests on. */
  readonly sources: readonly string[];
  readonly since: string;
  /** It says less than any rule of a narrower shape: where one says the same with no less confidence, this rule's hazard is left out. */
  readonly general?: true;
  readonly fixes: readonly FixStrategy[];
  /** Left out when syntax alone cannot tell. */
  readonly guardedShape?: GuardedShape;
}

export interface Rule {
  readonly metadata: RuleMetadata;
  /**
   * program: what it says of one place may rest on locks and calls anywhere, so it always needs the whole program. Otherwise it looks at
   * functions, locations and classes near by: what they touch, call and extend.
   */
  readonly scope?: "program";
  /** Finds every suspected instance of the shape. Pure. */
  find(program: Program): Hazard[];
  /** Candidate drivers for one hazard, most promising first. Pure; empty when it has no idea. */
  provoke(hazard: Hazard, program: Program): Provocation[];
  /** Edits that remove one hazard, or why there are none. Pure; nobody sees them unchecked. Absent where no mechanical fix is known. */
  propose?(hazard: Hazard, program: Program, source: FixSource): FixAnswer;
}

/** A rule about code in C or C++. What it finds is proved by building the extension, not by a driver in Python. */
export interface NativeRule {
  readonly metadata: RuleMetadata;
  /** Finds every suspected instance of the shape in one build configuration. Pure. */
  find(program: NativeProgram): Hazard[];
  /** As a Rule's. */
  propose?(hazard: Hazard, program: NativeProgram, source: FixSource): FixAnswer;
}

/** A rule about code in Rust or about the manifests of crates. */
export interface RustRule {
  readonly metadata: RuleMetadata;
  /** Finds every suspected instance of the shape. Pure. */
  find(program: RustProgram): Hazard[];
  /** As a Rule's. */
  propose?(hazard: Hazard, program: RustProgram, source: FixSource): FixAnswer;
}

/** A rule about what Cython adds to Python. What it finds is proved by building the extension too. */
export interface CythonRule {
  readonly metadata: RuleMetadata;
  /** Finds every suspected instance of the shape. Pure. */
  find(cython: CythonProgram): Hazard[];
}
