// Files as they were just read in; out, the same without half-typed ones: a file that does not parse is taken as it was when it last did,
// or else everything in it would count as fixed for as long as somebody types.
import type { SourceFile } from "./audit.ts";
import { createNameTable, lineAt, parsePython } from "./sources/index.ts";
import type { Notification } from "./vocabulary/index.ts";

export interface SteadyRound {
  readonly files: readonly SourceFile[];
  /** Paths of files that differ from the round before, came, or went. */
  readonly changed: readonly string[];
  /** Files that are taken as they were, and why. */
  readonly waiting: readonly Notification[];
}

export class SteadyFiles {
  private known: ReadonlyMap<string, SourceFile> = new Map();

  next(read: readonly SourceFile[]): SteadyRound {
    const before = this.known;
    const waiting: Notification[] = [];
    const files = read.map((file) => {
      const earlier = before.get(file.path);
      if (!earlier || Buffer.compare(earlier.bytes, file.bytes) === 0) return earlier ?? file;
      const problem = problemOf(file);
      // What never parsed, Python 2 for one, is what there is.
      if (!problem || problemOf(earlier)) return file;
      waiting.push({ level: "warning", message: `does not parse (${problem.message}): taken as it was before`, file: file.path, line: problem.line });
      return earlier;
    });
    this.known = new Map(files.map((file) => [file.path, file]));
    const changed = files.flatMap((file) => (before.get(file.path) === file ? [] : [file.path]));
    const gone = [...before.keys()].filter((path) => !this.known.has(path));
    return { files, changed: [...changed, ...gone], waiting };
  }
}

function problemOf({ bytes }: SourceFile): { readonly message: string; readonly line: number } | undefined {
  const tree = parsePython(bytes, createNameTable());
  const problem = tree.problems[0];
  return problem && { message: problem.message, line: lineAt(tree, problem.offset) };
}
