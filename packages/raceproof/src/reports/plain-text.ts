// Text in, safe plain text out: one line without control characters, clipped, wrapped, counted, quoted for a shell.
// Widths count code points: wide characters take two columns in a terminal and are not accounted for.

// Control characters, line and paragraph separators, bidirectional overrides: what could move a cursor or fake a line.
const unprintable = /[\p{Cc}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]+/gu;
const loneSurrogate = /\p{Surrogate}/gu;

/** One line: control characters and line breaks become a space, lone surrogates U+FFFD. */
export function oneLine(text: string): string {
  return wellFormed(text).replace(unprintable, " ").trim();
}

/** Lone surrogates replaced, so that the text can be encoded as UTF-8 or as a URI. */
export function wellFormed(text: string): string {
  return text.replace(loneSurrogate, "\uFFFD");
}

/** At most `limit` code points (limit >= 1); a cut text ends in "…". */
export function clip(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const points = [...text];
  return points.length <= limit ? text : `${points.slice(0, limit - 1).join("")}…`;
}

/** Code points, not UTF-16 units. */
export function lengthOf(text: string): number {
  return [...text].length;
}

/** Breaks at spaces, and inside words longer than `width`. Never empty: the empty text gives one empty line. */
export function wrapText(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let current = "";
  for (const word of text.split(" ")) {
    const joined = current === "" ? word : `${current} ${word}`;
    if (lengthOf(joined) <= width) {
      current = joined;
      continue;
    }
    if (current !== "") lines.push(current);
    const points = [...word];
    while (points.length > width) lines.push(points.splice(0, width).join(""));
    current = points.join("");
  }
  lines.push(current);
  return lines;
}

/** "1 file", "2 files", "11,732 lines". */
export function plural(count: number, noun: string, many: string = `${noun}s`): string {
  // Asking the engine for the customs of a language takes longer than a small audit's rules.
  return `${String(count).replace(/\B(?=(\d{3})+$)/g, ",")} ${count === 1 ? noun : many}`;
}

/** A word a POSIX shell reads back unchanged. */
export function quoteForShell(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
