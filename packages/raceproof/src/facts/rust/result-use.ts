// What becomes of the value of an expression. What enters: its node. What leaves: a word.
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

/** Undefined: the parent's value is the same. */
function useIn(reader: RustReader, parent: number, node: number): RustUse | undefined {
  if (parent < 0) return "used";
  if (reader.is(parent, "Try")) return "propagated";
  if (reader.is(parent, "Return", "Closure", "Function")) return "returned";
  if (reader.is(parent, "ExpressionStatement")) return reader.text(parent).endsWith(";") ? "ignored" : undefined;
  if (reader.is(parent, "Let")) return reader.text(reader.child(parent, "pattern")) === "_" ? "ignored" : "bound";
  if (reader.is(parent, "Block")) return node === parent - 1 && !reader.is(reader.parent(parent), "For", "While", "Loop") ? undefined : "ignored";
  if (reader.is(parent, "Else", "MatchBlock", "UnsafeBlock", "Parenthesized", "Await", "AsyncBlock")) return undefined;
  if (reader.is(parent, "If")) return node === reader.child(parent, "condition") ? "used" : undefined;
  if (reader.is(parent, "Match")) return node === reader.child(parent, "value") ? "used" : undefined;
  return reader.is(parent, "MatchArm") && node === reader.child(parent, "value") ? undefined : "used";
}
