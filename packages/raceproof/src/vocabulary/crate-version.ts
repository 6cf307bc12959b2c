// Versions of crates: their order, and what a requirement of Cargo.toml admits.
// Source: the Cargo book, "Specifying dependencies"; SemVer 2.0.0, section 11. A pre-release counts as its release.

/** What a requirement admits: from `lowest`, below `below`; undefined: no end on that side. */
export interface VersionRange {
  readonly lowest: string | undefined;
  readonly below: string | undefined;
}

/** Negative when `a` is older. */
export function compareVersions(a: string, b: string): number {
  const right = numbersOf(b);
  for (const [index, number] of padded(numbersOf(a)).entries()) {
    const difference = number - (padded(right)[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** "1.2.3" is in "from 1.2.0 below 1.3.0". */
export function isWithin(version: string, { lowest, below }: VersionRange): boolean {
  return (lowest === undefined || compareVersions(version, lowest) >= 0) && (below === undefined || compareVersions(version, below) < 0);
}

/** Of `^1.2`, `1.2`, `~1.2`, `=1.2.3`, `1.*`, `>=1, <2`. A clause that cannot be read bounds nothing. */
export function rangeOfRequirement(requirement: string): VersionRange {
  return requirement
    .split(",")
    .map((clause) => rangeOfClause(clause.trim()))
    .reduce((range, clause) => ({ lowest: later(range.lowest, clause.lowest), below: earlier(range.below, clause.below) }), {
      lowest: undefined,
      below: undefined,
    });
}

function rangeOfClause(clause: string): VersionRange {
  const found = /^(\^|~|=|>=|<=|>|<)?\s*(\d+(?:\.\d+)*)(\.\*)?/.exec(clause);
  if (!found) return { lowest: undefined, below: undefined };
  const [, operator = "^", version = "", wildcard] = found;
  const numbers = numbersOf(version);
  if (wildcard !== undefined || operator === "~") return between(numbers, after(numbers, Math.min(numbers.length, 2) - 1));
  if (operator === "=") return between(numbers, after(numbers, numbers.length - 1));
  if (operator === "^") return between(numbers, after(numbers, firstThatCounts(numbers)));
  return rangeOfComparison(operator, numbers);
}

function rangeOfComparison(operator: string, numbers: readonly number[]): VersionRange {
  const next = textOf(after(numbers, numbers.length - 1));
  if (operator === ">=") return { lowest: textOf(numbers), below: undefined };
  if (operator === ">") return { lowest: next, below: undefined };
  return { lowest: undefined, below: operator === "<" ? textOf(numbers) : next };
}

/** Where a caret stops: the leftmost number that is not zero, else the last one written. */
function firstThatCounts(numbers: readonly number[]): number {
  const first = numbers.findIndex((number) => number > 0);
  return first < 0 ? numbers.length - 1 : first;
}

function after(numbers: readonly number[], position: number): number[] {
  return numbers.slice(0, position + 1).map((number, index) => (index === position ? number + 1 : number));
}

function between(lowest: readonly number[], below: readonly number[]): VersionRange {
  return { lowest: textOf(lowest), below: textOf(below) };
}

function later(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return compareVersions(a, b) >= 0 ? a : b;
}

function earlier(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return compareVersions(a, b) <= 0 ? a : b;
}

function numbersOf(version: string): number[] {
  return (/^\d+(?:\.\d+)*/.exec(version.trim())?.[0] ?? "0").split(".").map(Number);
}

function padded(numbers: readonly number[]): number[] {
  return [...numbers, 0, 0, 0].slice(0, 3);
}

function textOf(numbers: readonly number[]): string {
  return padded(numbers).join(".");
}
