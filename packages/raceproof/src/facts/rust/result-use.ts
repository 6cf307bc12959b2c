// What becomes of the value of an expression. What enters: its node. What leaves: a word.
import { RustKind } from "../../sources/index.ts";
import type { RustUse } from "../../vocabulary/index.ts";
import type { RustReader } from "./rust-reader.ts";

export function useOf(reader: RustReader, node: number): RustUse {
  let current = node;
  for (;;) {
    const parent = reader.parent(current);
    const use = useIn(reader, parent, current);
    if (use !== undefined) return use;
    current = parent;
  }
}

type UseIn = (reader: RustReader, parent: number, node: number) => RustUse | undefined;

/** By the kind of the parent; undefined: the parent's value is the same. What is not here uses it. */
const usesIn: ReadonlyMap<number, UseIn> = new Map<number, UseIn>([
  [RustKind.Try, () => "propagated"],
  ...[RustKind.Return, RustKind.Closure, RustKind.Function].map((kind): [number, UseIn] => [kind, () => "returned"]),
  ...[RustKind.Else, RustKind.MatchBlock, RustKind.UnsafeBlock, RustKind.Parenthesized, RustKind.Await, RustKind.AsyncBlock].map((kind): [number, UseIn] => [
    kind,
    () => undefined,
  ]),
  [RustKind.ExpressionStatement, (reader, parent) => (reader.text(parent).endsWith(";") ? "ignored" : undefined)],
  [RustKind.Let, (reader, parent) => (reader.text(reader.child(parent, "pattern")) === "_" ? "ignored" : "bound")],
  // In post-order the last child comes right before its parent.
  [RustKind.Block, (reader, parent, node) => (node === parent - 1 && !reader.is(reader.parent(parent), "For", "While", "Loop") ? undefined : "ignored")],
  [RustKind.If, (reader, parent, node) => (node === reader.child(parent, "condition") ? "used" : undefined)],
  [RustKind.Match, (reader, parent, node) => (node === reader.child(parent, "value") ? "used" : undefined)],
  [RustKind.MatchArm, (reader, parent, node) => (node === reader.child(parent, "value") ? undefined : "used")],
]);

function useIn(reader: RustReader, parent: number, node: number): RustUse | undefined {
  const use = parent < 0 ? undefined : usesIn.get(reader.kind(parent));
  return use === undefined ? "used" : use(reader, parent, node);
}
