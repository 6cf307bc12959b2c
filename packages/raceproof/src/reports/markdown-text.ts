// Untrusted text in, GitHub-flavored Markdown out: prose, code, fences and tables that cannot break out of their place.
// Mentions (@name) and issue references (#12) are made inert, so that a pasted report notifies nobody.
import { oneLine, wellFormed } from "./plain-text.ts";

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

/** One line of running text or a table cell. */
export function markdownProse(text: string): string {
  return escapeMarkup(oneLine(text))
    .replace(/[\\`*[\]|~$]/g, String.raw`\$&`)
    .replace(/(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, String.raw`\_`)
    .replace(/@(?=\w)/g, "@<!-- -->")
    .replace(/#(?=\d)/g, "#<!-- -->");
}

/** Inline code, safe inside a table cell. Text with pipes, backticks or backslashes becomes a `<code>` element instead. */
export function markdownCode(text: string): string {
  const line = oneLine(text);
  if (line === "") return "";
  if (!/[|`\\]/.test(line)) return `\`${line}\``;
  return `<code>${line.replace(/[^A-Za-z0-9 .,:()'=/-]/gu, (character) => `&#${character.codePointAt(0)};`)}</code>`;
}

/** A fenced block whose fence is longer than any run of backticks inside. */
export function markdownFence(language: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map((match) => match[0].length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${wellFormed(text).replace(/\r\n?/g, "\n").replace(/\n+$/, "")}\n${fence}`;
}

/** A table of cells that are Markdown already. Short rows are filled up; there is always a header. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${header.map((_, index) => cells[index] || " ").join(" | ")} |`;
  return [line(header), `|${header.map(() => " --- |").join("")}`, ...rows.map(line)].join("\n");
}

/** A folded block. `summary` is plain text. */
export function markdownDetails(summary: string, content: string): string {
  return `<details>\n<summary>${escapeMarkup(oneLine(summary))}</summary>\n\n${content}\n\n</details>`;
}

/** Whole lines up to `limit` code units: the last resort for a text that stays too long. Never cuts inside a line. */
export function cutAtLine(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const end = text.lastIndexOf("\n", limit);
  return end < 0 ? "" : text.slice(0, end);
}

/** A heading of one line, never empty. */
export function markdownHeading(level: 1 | 2 | 3 | 4, text: string): string {
  const line = markdownProse(text);
  return `${"#".repeat(level)} ${line === "" ? "(unnamed)" : line}`;
}

/** For text inside HTML blocks too, where Markdown's backslashes mean nothing. */
function escapeMarkup(text: string): string {
  return text.replace(/[&<>]/g, (character) => entities[character] ?? character);
}
