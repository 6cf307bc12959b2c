// Two texts of one file in, a unified diff out, as `git apply` and `patch -p1` read it. Pure.
// Lines are compared as in Myers, An O(ND) Difference Algorithm and Its Variations, Algorithmica 1986, section 4, without the refinement in linear
// space; common lines at both ends are left out first, which is most of a file.

const context = 3;

export function unifiedDiff(path: string, before: string, after: string): string {
  if (before === after) return "";
  const [old, now] = [linesOf(before), linesOf(after)];
  const changes = changedRuns(old, now);
  const hunks: string[] = [];
  for (let first = 0; first < changes.length;) {
    let last = first;
    while (last + 1 < changes.length && (changes[last + 1] as Run).from - (changes[last] as Run).to <= 2 * context) last++;
    hunks.push(renderHunk(old, now, changes.slice(first, last + 1)));
    first = last + 1;
  }
  return `--- a/${path}\n+++ b/${path}\n${hunks.join("")}`;
}

/** Old lines [from, to) become new lines [nowFrom, nowTo). */
interface Run {
  readonly from: number;
  readonly to: number;
  readonly nowFrom: number;
  readonly nowTo: number;
}

/** With their line ends. */
function linesOf(text: string): string[] {
  return text === "" ? [] : text.split(/(?<=\n)/);
}

function changedRuns(old: readonly string[], now: readonly string[]): Run[] {
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start++;
  let [oldEnd, nowEnd] = [old.length, now.length];
  while (oldEnd > start && nowEnd > start && old[oldEnd - 1] === now[nowEnd - 1]) {
    oldEnd--;
    nowEnd--;
  }
  const kept = commonLines(old.slice(start, oldEnd), now.slice(start, nowEnd));
  const runs: Run[] = [];
  let [from, nowFrom] = [0, 0];
  for (const [to, nowTo] of [...kept, [oldEnd - start, nowEnd - start] as const]) {
    if (to > from || nowTo > nowFrom) runs.push({ from: from + start, to: to + start, nowFrom: nowFrom + start, nowTo: nowTo + start });
    [from, nowFrom] = [to + 1, nowTo + 1];
  }
  return runs;
}

/** Pairs of indices of a longest common subsequence, by the furthest-reaching paths for each number of differences. */
function commonLines(old: readonly string[], now: readonly string[]): [number, number][] {
  const trace: Map<number, number>[] = [];
  let reach = new Map<number, number>([[1, 0]]);
  for (let differences = 0; ; differences++) {
    trace.push(new Map(reach));
    const next = new Map(reach);
    for (let diagonal = -differences; diagonal <= differences; diagonal += 2) {
      let x = isDown(reach, diagonal, differences) ? (reach.get(diagonal + 1) ?? 0) : (reach.get(diagonal - 1) ?? 0) + 1;
      while (x < old.length && x - diagonal < now.length && old[x] === now[x - diagonal]) x++;
      next.set(diagonal, x);
      if (x >= old.length && x - diagonal >= now.length) return walkBack(trace, { old, now });
    }
    reach = next;
  }
}

function isDown(reach: ReadonlyMap<number, number>, diagonal: number, differences: number): boolean {
  return diagonal === -differences || (diagonal !== differences && (reach.get(diagonal - 1) ?? -1) < (reach.get(diagonal + 1) ?? -1));
}

function walkBack(
  trace: readonly ReadonlyMap<number, number>[],
  { old, now }: { readonly old: readonly string[]; readonly now: readonly string[] },
): [number, number][] {
  const pairs: [number, number][] = [];
  let [x, y] = [old.length, now.length];
  for (let differences = trace.length - 1; differences >= 0; differences--) {
    const reach = trace[differences] as ReadonlyMap<number, number>;
    const diagonal = x - y;
    const before = isDown(reach, diagonal, differences) ? diagonal + 1 : diagonal - 1;
    const startX = differences === 0 ? 0 : (reach.get(before) ?? 0);
    const startY = differences === 0 ? 0 : startX - before;
    while (x > startX && y > startY && old[x - 1] === now[y - 1]) pairs.push([--x, --y]);
    [x, y] = [startX, startY];
  }
  return pairs.toReversed();
}

function renderHunk(old: readonly string[], now: readonly string[], runs: readonly Run[]): string {
  const [first, last] = [runs[0] as Run, runs.at(-1) as Run];
  const from = Math.max(0, first.from - context);
  const to = Math.min(old.length, last.to + context);
  const lines: string[] = [];
  let at = from;
  for (const run of runs) {
    lines.push(...old.slice(at, run.from).map((line) => ` ${line}`));
    lines.push(...old.slice(run.from, run.to).map((line) => `-${line}`), ...now.slice(run.nowFrom, run.nowTo).map((line) => `+${line}`));
    at = run.to;
  }
  lines.push(...old.slice(at, to).map((line) => ` ${line}`));
  const nowFrom = first.nowFrom - (first.from - from);
  const count = (sign: string): number => lines.filter((line) => line.startsWith(" ") || line.startsWith(sign)).length;
  const range = (start: number, length: number): string => `${length === 0 ? start : start + 1}${length === 1 ? "" : `,${length}`}`;
  const body = lines.map((line) => (line.endsWith("\n") ? line : `${line}\n\\ No newline at end of file\n`)).join("");
  return `@@ -${range(from, count("-"))} +${range(nowFrom, count("+"))} @@\n${body}`;
}
