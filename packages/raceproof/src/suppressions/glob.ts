// Patterns of files and names in, regular expressions out. `*` stops at slashes, `**` does not, `?`, `[abc]`, `{a,b}` as in a shell.
// Source: the pattern format of gitignore(5), without negation.

/** A pattern without a slash matches at any depth; one that names a folder matches everything below it. */
export function fileMatcher(pattern: string): (file: string) => boolean {
  const plain = pattern.replace(/^\.\//, "").replace(/\/+$/, "");
  const anchored = plain.includes("/") ? plain.replace(/^\//, "") : `**/${plain}`;
  const expression = new RegExp(`^${translate(anchored, "[^/]")}(?:/.*)?$`, "u");
  return (file) => expression.test(file);
}

/** The whole name must match; `*` matches anything, dots included. */
export function nameMatcher(pattern: string): (name: string) => boolean {
  const expression = new RegExp(`^${translate(pattern, "[^]")}$`, "u");
  return (name) => expression.test(name);
}

function translate(pattern: string, any: string): string {
  return pattern.replaceAll(/\*\*\/|\*\*|\*|\?|\[[^\]]+\]|\{[^{}]*\}|[^]/gu, (part) => {
    if (part === "**/") return "(?:.*/)?";
    if (part === "**") return "[^]*";
    if (part === "*") return `${any}*`;
    if (part === "?") return any;
    if (part.length > 2 && part.startsWith("["))
      return `[${part
        .slice(1, -1)
        .replace(/^!/, "^")
        .replaceAll(/[\\\]]/g, String.raw`\$&`)}]`;
    if (part.length > 1 && part.startsWith("{"))
      return `(?:${part
        .slice(1, -1)
        .split(",")
        .map((each) => translate(each, any))
        .join("|")})`;
    return part.replace(/[\\^$.*+?()[\]{}|/]/u, String.raw`\$&`);
  });
}
