// A review: two audits of the same subject compared. What reports print of it; the reviews room makes it.
import type { Coverage, Notification, Suppression } from "./finding.ts";
import type { Hazard } from "./hazard.ts";
import type { Revision } from "./revision.ts";

/** One of the two audits, as far as a review needs it. */
export interface ReviewedSide {
  /** As the user named it: "./src@main", "package==1.2.0". */
  readonly specification: string;
  readonly version: string | undefined;
  readonly coverage: Coverage;
}

/** A hazard that one commit brought and a later one removed: neither end of the range has it. */
export interface PassingHazard {
  readonly hazard: Hazard;
  readonly came: Revision;
  readonly went: Revision;
}

/** A function and what it consists of, in any language. */
export interface FunctionText {
  readonly file: string;
  /** As hazards name it. */
  readonly name: string;
  readonly text: string;
}

/** What became of one function from which something was fixed. */
export interface MendedFunction {
  readonly name: string;
  readonly file: string;
  readonly fixed: readonly Hazard[];
  /** What the later audit shows in it, remaining or new. */
  readonly left: readonly Hazard[];
}

/** Only hazards at or above the shown confidence that nobody answered for are fixed, remaining or new. */
export interface Review {
  readonly subject: string;
  readonly before: ReviewedSide;
  readonly after: ReviewedSide;
  /** As they were. */
  readonly fixed: readonly Hazard[];
  readonly remaining: readonly { readonly before: Hazard; readonly after: Hazard }[];
  readonly added: readonly Hazard[];
  readonly mended: readonly MendedFunction[];
  /** Of the commits between the two sides, where they were audited one by one. */
  readonly passing: readonly PassingHazard[];
  /** Answered for in the later audit. */
  readonly suppressed: readonly { readonly hazard: Hazard; readonly suppression: Suppression }[];
  /** Of the later audit. */
  readonly notifications: readonly Notification[];
  readonly toolVersion: string;
}

/** What became of the hazards since the round before, while somebody works on the subject. */
export interface WatchRound extends Pick<Review, "fixed" | "added"> {
  /** Files that differ, came, or went. */
  readonly changed: readonly string[];
  readonly remaining: number;
  /** Files taken as they were before, because they do not parse now. */
  readonly waiting: readonly Notification[];
  readonly seconds: number;
}
