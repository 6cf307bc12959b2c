// A commit of a subject's history, and what a witness says there.

export interface Revision {
  readonly commit: string;
  /** Of the commit, YYYY-MM-DD. */
  readonly date: string;
  readonly author: string;
  readonly subject: string;
}

export interface JudgedRevision {
  readonly revision: Revision;
  /** racy: the witness fails there. clean: it does not. unknown: neither could be shown. */
  readonly state: "racy" | "clean" | "unknown";
  /** One sentence: from a replay, or from a search when the plan could not be followed there. */
  readonly reason: string;
}

export interface Bisection {
  /** Oldest first; only those that were looked at. */
  readonly judged: readonly JudgedRevision[];
  /** Of the range. */
  readonly revisions: number;
  /** The last one before the change, the first one after it, and those between that could not be judged. Absent: both ends are the same. */
  readonly change: { readonly before: JudgedRevision; readonly after: JudgedRevision; readonly skipped: readonly Revision[] } | undefined;
}
