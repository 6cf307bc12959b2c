// TOML text and a key's path in, the line that sets it out. The parser gives values without places; messages need the place.
// Misses: keys inside strings of several lines that look like keys; then the first such line is named.

/** @param path as in ["tool", "raceproof", "select"] @returns from 1; the line of the nearest table that contains it otherwise */
export function lineOfKey(text: string, path: readonly string[]): number | undefined {
  let table: readonly string[] = [];
  let nearest: { readonly line: number; readonly depth: number } | undefined;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const header = /^\s*\[\[?([^\]]+)\]\]?/.exec(line)?.[1];
    if (header !== undefined) table = partsOf(header);
    const full = header === undefined ? [...table, ...keysSetIn(line)] : table;
    const depth = header !== undefined || full.length > table.length ? commonDepth(full, path) : 0;
    if (depth > (nearest?.depth ?? 0)) nearest = { line: index + 1, depth };
  }
  return nearest?.line;
}

/** "a.b" of `a.b = 1`; empty for a line that sets nothing. */
function keysSetIn(line: string): string[] {
  const key = String.raw`(?:"[^"]*"|'[^']*'|[\w-]+)`;
  return partsOf(new RegExp(String.raw`^\s*(${key}(?:\s*\.\s*${key})*)\s*=`).exec(line)?.[1] ?? "");
}

/** How many keys of the path are named, when nothing else is. */
function commonDepth(keys: readonly string[], path: readonly string[]): number {
  return keys.every((key, at) => key === path[at]) ? keys.length : 0;
}

function partsOf(written: string): string[] {
  return [...written.matchAll(/"([^"]*)"|'([^']*)'|([\w-]+)/g)].map(([, double, single, bare]) => double ?? single ?? bare ?? "");
}
