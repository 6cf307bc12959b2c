// Cargo's manifests in, the comments that speak to raceproof out: each speaks about its line, a comment of its own about the next line, or the table that begins there.
// Misses: comments in strings of several lines, which are taken for comments.
import type { Remark } from "./collect-remarks.ts";
import type { CommentScope } from "./comment-scope.ts";
import { readRemark } from "./remark.ts";

interface CargoText {
  readonly path: string;
  readonly bytes: Uint8Array;
}

export function collectCargoRemarks(files: readonly CargoText[]): Remark[] {
  return files
    .filter(({ path }) => /(?:^|\/)Cargo\.toml$/.test(path))
    .flatMap(({ path, bytes }) => {
      const lines = new TextDecoder().decode(bytes).split("\n");
      return lines.flatMap((text, index): Remark[] => {
        const found = /^((?:[^"'#]|"(?:[^"\\]|\\.)*"|'[^']*')*)(#.*)$/.exec(text.trimEnd());
        const content = found === null ? undefined : readRemark(found[2] ?? "");
        if (content === undefined) return [];
        return [{ file: path, line: index + 1, content, scope: scopeOf(lines, index, (found?.[1] ?? "").trim() === "") }];
      });
    });
}

function scopeOf(lines: readonly string[], index: number, isAlone: boolean): CommentScope | undefined {
  if (!isAlone) return { from: index + 1, to: index + 1, at: "statement" };
  const target = lines.findIndex((text, at) => at > index && !/^\s*(?:#.*)?$/.test(text));
  if (target < 0) return undefined;
  const isTable = (text: string): boolean => /^\s*\[/.test(text);
  if (!isTable(lines[target] ?? "")) return { from: target + 1, to: target + 1, at: "statement" };
  const next = lines.findIndex((text, at) => at > target && isTable(text));
  return { from: target + 1, to: next < 0 ? lines.length : next, at: "class" };
}
