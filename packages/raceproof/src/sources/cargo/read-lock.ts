// Cargo.lock in, the locked packages out. Every version of the format names packages in the same tables.
import type { LockedPackage } from "../../vocabulary/index.ts";
import { isTable, spanOfLine, stringAt, stringsAt } from "./toml-document.ts";
import type { TomlDocument } from "./toml-document.ts";

export function readLock({ path, text, root }: TomlDocument): LockedPackage[] {
  const listed = root["package"];
  if (!Array.isArray(listed)) return [];
  const lines = versionLines(text);
  return listed.filter(isTable).flatMap((entry, index) => {
    const name = stringAt(entry, "name");
    const version = stringAt(entry, "version");
    if (name === undefined || version === undefined) return [];
    return [{ name, version, dependencies: stringsAt(entry, "dependencies"), span: spanOfLine(path, text, lines[index] ?? 1) }];
  });
}

/** The line with the version of each `[[package]]`, in order. */
function versionLines(text: string): number[] {
  const lines: number[] = [];
  let inPackage = false;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (/^\s*\[/.test(line)) {
      inPackage = /^\s*\[\[\s*package\s*\]\]/.test(line);
      if (inPackage) lines.push(index + 1);
    } else if (inPackage && /^\s*version\s*=/.test(line)) lines[lines.length - 1] = index + 1;
  }
  return lines;
}
