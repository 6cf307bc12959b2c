// Enters: a version text. Leaves: its parsed form and the order of versions, as the Python packaging standard defines them.
// It does not see version ranges: an audit is of one release, pinned or newest.

/** One release version. Source: the version specifiers standard (PEP 440), section "Public version identifiers". */
export interface ReleaseVersion {
  /** As written. */
  readonly text: string;
  readonly epoch: number;
  readonly release: readonly number[];
  /** [0, n] alpha, [1, n] beta, [2, n] release candidate. */
  readonly pre: readonly [number, number] | undefined;
  readonly post: number | undefined;
  readonly dev: number | undefined;
  /** Segments after "+": numbers sort above words. */
  readonly local: readonly (number | string)[];
}

const PATTERN =
  /^v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[-_.]?(alpha|a|beta|b|preview|pre|c|rc)[-_.]?(\d*))?(?:-(\d+)|[-_.]?(post|rev|r)[-_.]?(\d*))?(?:[-_.]?(dev)[-_.]?(\d*))?(?:\+([a-z0-9]+(?:[-_.][a-z0-9]+)*))?$/i;
const LONGEST_TEXT = 200;
const FINAL_RANK = 3;

/** Parsed form of a version text; undefined when it does not follow the standard. */
export function parseReleaseVersion(text: string): ReleaseVersion | undefined {
  const match = text.length > LONGEST_TEXT ? null : PATTERN.exec(text.trim());
  if (!match) return undefined;
  const [, epoch, release = "", preWord, preNumber, implicitPost, postWord, postNumber, devWord, devNumber, local] = match;
  return {
    text: text.trim(),
    epoch: Number(epoch ?? 0),
    release: release.split(".").map(Number),
    pre: preWord === undefined ? undefined : [preRank(preWord), Number(preNumber)],
    post: implicitPost === undefined ? numberAfter(postWord, postNumber) : Number(implicitPost),
    dev: numberAfter(devWord, devNumber),
    local: (local?.toLowerCase().split(/[-_.]/) ?? []).map((part) => (/^\d+$/.test(part) ? Number(part) : part)),
  };
}

/** True for alphas, betas, release candidates and development releases. */
export function isPreRelease(version: ReleaseVersion): boolean {
  return version.pre !== undefined || version.dev !== undefined;
}

/** Order of two versions: negative when `a` is older. */
export function compareVersions(a: ReleaseVersion, b: ReleaseVersion): number {
  return comparePublic(a, b) || compareLocal(a.local, b.local);
}

/** Whether `==wanted` accepts `candidate`: a local label counts only when `wanted` has one. */
export function matchesPin(candidate: ReleaseVersion, wanted: ReleaseVersion): boolean {
  return wanted.local.length > 0 ? compareVersions(candidate, wanted) === 0 : comparePublic(candidate, wanted) === 0;
}

function preRank(word: string): number {
  const first = word.toLowerCase();
  if (first.startsWith("a")) return 0;
  return first.startsWith("b") ? 1 : 2;
}

function numberAfter(word: string | undefined, digits: string | undefined): number | undefined {
  return word === undefined ? undefined : Number(digits);
}

function comparePublic(a: ReleaseVersion, b: ReleaseVersion): number {
  const [rankA, preA] = preKey(a);
  const [rankB, preB] = preKey(b);
  return (
    a.epoch - b.epoch || compareRelease(a.release, b.release) || rankA - rankB || preA - preB || (a.post ?? -1) - (b.post ?? -1) || compareDev(a.dev, b.dev)
  );
}

/** "1.0.dev1" sorts before "1.0a1", which sorts before "1.0" and "1.0.post1". */
function preKey(version: ReleaseVersion): readonly [number, number] {
  if (version.pre) return version.pre;
  return version.dev !== undefined && version.post === undefined ? [-1, 0] : [FINAL_RANK, 0];
}

function compareDev(a: number | undefined, b: number | undefined): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  return a - b;
}

function compareRelease(a: readonly number[], b: readonly number[]): number {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function compareLocal(a: readonly (number | string)[], b: readonly (number | string)[]): number {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const difference = compareLocalSegment(a[index], b[index]);
    if (difference !== 0) return difference;
  }
  return 0;
}

function compareLocalSegment(a: number | string | undefined, b: number | string | undefined): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a === "string" && typeof b === "string") return a < b ? -1 : Number(a > b);
  return typeof a === "number" ? 1 : -1;
}
