// What a node takes from its children when it is complete.
// What enters: nodes in post-order, the last of them just written. What leaves: names that come from below, and blocks marked as sections of a lock.
import type { NodeArrays } from "../python/node-arrays.ts";
import type { NameTable } from "../syntax-tree.ts";
import { CKind, CRole } from "./kinds.ts";
import { sectionMacros } from "./section-macros.ts";

export function nameFromChild(nodes: NodeArrays, node: number, role: number): number {
  const lowest = nodes.first[node]!;
  for (let child = node - 1; child >= lowest; child = nodes.first[child]! - 1) {
    if (nodes.role[child] === role && nodes.name[child] !== 0) return nodes.name[child]!;
  }
  return 0;
}

/** A Block whose first statement is the call of an opening macro is a SectionBlock. */
export function markSection(nodes: NodeArrays, block: number, names: NameTable): void {
  const lowest = nodes.first[block]!;
  if (lowest === block) return;
  // In post-order the first child ends where the second child's nodes begin.
  let begin = block - 1;
  while (nodes.first[begin]! > lowest) begin = nodes.first[begin]! - 1;
  // The macro writes its brace right before its call; another block may merely begin with such a call.
  if (nodes.start[begin]! - nodes.start[block]! !== "{ ".length) return;
  const opening = calledIn(nodes, begin);
  const closing = sectionMacros.get(names.text(opening));
  if (closing === undefined) return;
  nodes.kind[block] = CKind.SectionBlock;
  nodes.name[block] = opening;
  nodes.role[begin] = CRole.begin;
  if (names.text(calledIn(nodes, block - 1)) === closing) nodes.role[block - 1] = CRole.end;
}

/** Name of what an ExpressionStatement calls, or 0. */
function calledIn({ kind, name }: NodeArrays, statement: number): number {
  return kind[statement] === CKind.ExpressionStatement && kind[statement - 1] === CKind.Call ? name[statement - 1]! : 0;
}
