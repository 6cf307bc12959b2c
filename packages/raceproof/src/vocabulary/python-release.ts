// Python's own version numbers: their order, and whether a Requires-Python range accepts one.
// Source: version specifiers standard (PEP 440), sections "Version specifiers" to "Compatible release"; pre-releases count as their release.

/** Negative when `a` is older. Compares release numbers only. */
export function compareReleases(a: string, b: string): number {
  const left = releaseOf(a);
  const right = releaseOf(b);
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** True when every clause of `range` (">=3.9,<4,!=3.10.*") accepts `version`; clauses that cannot be read accept. */
export function acceptsPython(range: string | undefined, version: string): boolean {
  const clauses = (range ?? "").split(",").map((clause) => /^(~=|===?|!=|<=|>=|<|>)\s*v?(\d[\d.]*?)(\.\*)?$/.exec(clause.trim()));
  return clauses.every((clause) => clause === null || acceptsClause(clause[1] ?? "", { bound: clause[2] ?? "", isPrefix: clause[3] !== undefined }, version));
}

interface Bound {
  readonly bound: string;
  readonly isPrefix: boolean;
}

function acceptsClause(operator: string, { bound, isPrefix }: Bound, version: string): boolean {
  const order = compareReleases(version, bound);
  const equal = isPrefix ? startsWith(version, bound) : order === 0;
  switch (operator) {
    case ">=":
      return order >= 0;
    case "<=":
      return order <= 0;
    case ">":
      return order > 0;
    case "<":
      return order < 0;
    case "!=":
      return !equal;
    case "~=":
      return order >= 0 && startsWith(version, bound.split(".").slice(0, -1).join("."));
    default:
      return equal;
  }
}

function startsWith(version: string, prefix: string): boolean {
  const wanted = releaseOf(prefix);
  const numbers = releaseOf(version);
  return wanted.every((number, index) => (numbers[index] ?? 0) === number);
}

function releaseOf(version: string): number[] {
  return (/^\d+(?:\.\d+)*/.exec(version)?.[0] ?? "0").split(".").map(Number);
}
