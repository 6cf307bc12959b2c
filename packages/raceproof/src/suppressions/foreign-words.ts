// Words of other tools and people that say what `raceproof: allow` says, one row each with its source. Only words about threads:
// a bare `# noqa` or `# nosec` was written for something else and hides nothing here.

export interface ForeignWord {
  readonly pattern: RegExp;
  readonly source: string;
}

/** Honored: the hazards on that line are listed as suppressed. */
export const foreignPatterns: readonly ForeignWord[] = [
  { pattern: /#.*\bthread_safe_ok\b/i, source: "word used by checkers of thread safety for reviewed lines" },
  { pattern: /#\s*threadcheck\s*:\s*ignore\b(?!-)/i, source: "Threadcheck's inline comment" },
  {
    pattern: /#\s*noqa\s*:\s*(?:[A-Z]+\d+[\s,]+)*(?:PLW2101|PLW1506|PLW1509|W2101|W1506|W1509)\b/i,
    source: "ruff and pylint: useless-with-lock, bad-thread-instantiation, subprocess-popen-preexec-fn",
  },
  { pattern: /#\s*pylint\s*:\s*disable\s*=.*\b(?:useless-with-lock|bad-thread-instantiation|W2101|W1506)\b/i, source: "pylint's message control" },
  { pattern: /#\s*no_thread_safety_analysis\b/i, source: "Clang Thread Safety Analysis, NO_THREAD_SAFETY_ANALYSIS" },
];

/** `# guarded by: self._lock`, `# GUARDED_BY(self._lock)`. Source: Error Prone's @GuardedBy and Clang's GUARDED_BY, written as comments. */
export const guardPattern: RegExp = /#.*\bguarded[ _-]?by\s*(?::|=|\()\s*[`"']?([A-Za-z_][\w.]*(?:\(\))?)/i;

const aboutThreads = String.raw`(?:rac[ey]\w*|thread\w*|lock\w*|concurren\w*|atomic\w*|synchroni\w*)`;

/** A person says that it is meant like this. "intentional" counts when it stands alone or speaks about threads. */
export const intentPattern: RegExp = new RegExp(
  String.raw`\bthread[- ]?safe\b|\bbenign\b.*\b${aboutThreads}\b|\b${aboutThreads}\b.*\bbenign\b` +
    String.raw`|\bintentional(?:ly)?\b.*\b${aboutThreads}\b|\b${aboutThreads}\b.*\bintentional(?:ly)?\b|^#+\s*(?:this is )?intentional(?:ly)?\W*$`,
  "i",
);

/** "not thread-safe" is the opposite, a question or a task no statement. */
export const denialPattern: RegExp =
  /\b(?:not|never|isn'?t|aren'?t|n't|no longer|un|hardly|without being)\b[^.;]{0,40}\bthread[- ]?safe|\bthread[- ]?unsafe|\bthread[- ]?safe\s*\?|\b(?:todo|fixme|xxx|make|should be|must be|to be)\b.*\bthread[- ]?safe/i;
