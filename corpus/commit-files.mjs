// A bare repository and a commit in, the bytes of its sources out.
import { execFileSync } from "node:child_process";

/** Files of one commit, below the pair's folders, all by one process of git. */
export function filesAt(repository, folders, commit, isSource) {
  const git = (parameters, input) => execFileSync("git", ["-C", repository, ...parameters], { input, maxBuffer: 1 << 30 });
  const listed = git(["ls-tree", "-r", "--name-only", commit, "--", ...folders]).toString().split("\n");
  const paths = listed.filter((path) => isSource(path));
  const batch = git(["cat-file", "--batch"], paths.map((path) => `${commit}:${path}\n`).join(""));
  let at = 0;
  return paths.flatMap((path) => {
    const header = batch.indexOf(10, at);
    const [, kind, size] = batch.subarray(at, header).toString().split(" ");
    // A copy of a repository may lack its largest files: git says "missing" and nothing follows.
    const end = header + 1 + (kind === "missing" ? -1 : Number(size));
    const bytes = batch.subarray(header + 1, end);
    at = end + 1;
    return kind === "missing" ? [] : [{ path, bytes }];
  });
}
