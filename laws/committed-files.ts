// The text files of the checkout that are, or are about to be, under version control. Knows no law.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { inRepository, root } from "../scripts/repository.mjs";

export interface CommittedFile {
  /** Relative to the repository, forward slashes. */
  readonly path: string;
  readonly text: string;
}

const largestText = 1024 * 1024;

/** Also finds new files that git does not ignore. A source archive without git history has nothing to check. */
export function readCommittedFiles(endings: RegExp): CommittedFile[] {
  if (!existsSync(inRepository(".git"))) return [];
  return execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], { cwd: root, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 })
    .split("\0")
    .filter((path) => endings.test(path) && existsSync(inRepository(path)) && statSync(inRepository(path)).size <= largestText)
    .map((path) => ({ path, text: readFileSync(inRepository(path), "utf8") }));
}
