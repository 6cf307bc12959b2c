// A node of a module in; out, whether it runs only when the file is started as a program: `if __name__ == "__main__":`.
import { childWithRole, nameOf, parentOf, PythonKind as K, PythonRole as R } from "../../sources/index.ts";
import type { ModuleDeclaration } from "../declarations/declarations.ts";

/** What such a block binds belongs to a demonstration or a command line, never to what other code imports. */
export function isUnderMainGuard({ tree }: ModuleDeclaration, node: number): boolean {
  for (let at = node; at >= 0; at = parentOf(tree, at)) {
    if (tree.kind[at] !== K.If) continue;
    const test = childWithRole(tree, at, R.test);
    if (tree.kind[test] === K.Compare && nameOf(tree, childWithRole(tree, test, R.left)) === "__name__") return true;
  }
  return false;
}
