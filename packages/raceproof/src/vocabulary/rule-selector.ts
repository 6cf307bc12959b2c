// What a person wrote to name rules in, the ids it stands for out; and the nearest known word for one that is not known.
// Source: selectors by prefix as in ruff; edit distance after Wagner and Fischer, JACM 1974.

/**
 * Ids that a selector stands for: "all", a whole id ("python/check-then-act"), its short name ("check-then-act"), or the
 * beginning of either, up to a word's end ("python/", "check"). Empty when it stands for none.
 */
export function matchRules(selector: string, ids: readonly string[]): readonly string[] {
  const wanted = selector.trim().toLowerCase();
  if (wanted === "all") return ids;
  const exact = ids.filter((id) => id === wanted || shortNameOf(id) === wanted);
  return exact.length > 0 ? exact : ids.filter((id) => startsAtWord(id, wanted) || startsAtWord(shortNameOf(id), wanted));
}

/** The closest of the known words, when it is close enough to have been meant. */
export function nearestWord(written: string, known: readonly string[]): string | undefined {
  const text = written.toLowerCase();
  const limit = Math.max(2, Math.floor(text.length / 3));
  const ranked = known.map((word) => ({ word, distance: editDistance(text, word.toLowerCase()) })).toSorted((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best && best.distance <= limit ? best.word : undefined;
}

/** "did you mean check-then-act?" or the whole list, as advice after an unknown word. */
export function adviseOnWord(written: string, known: readonly string[]): string {
  const near = nearestWord(written, known);
  return near === undefined ? `Choose from: ${known.join(", ")}.` : `Did you mean ${near}?`;
}

/** Advice on a selector that stands for no rule: a near miss of a short name is a near miss of the rule. */
export function adviseOnRule(selector: string, ids: readonly string[]): string {
  const byName = new Map(ids.flatMap((id) => [[id, id] as const, [shortNameOf(id), id] as const]));
  const near = nearestWord(selector, [...byName.keys()]);
  return near === undefined ? `Choose from: ${ids.join(", ")}.` : `Did you mean ${byName.get(near)}?`;
}

function shortNameOf(id: string): string {
  return id.slice(id.indexOf("/") + 1);
}

function startsAtWord(name: string, prefix: string): boolean {
  return prefix !== "" && name.startsWith(prefix) && (/[/-]$/.test(prefix) || name[prefix.length] === "-");
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const change = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(change, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
