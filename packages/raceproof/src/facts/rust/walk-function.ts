// One declared function walked: its parameters bound, its body's events in order. What enters: a declaration. What leaves: scopes, events and guards.
import { tokenTypes } from "../../models/index.ts";
import { withoutReferences } from "../../vocabulary/index.ts";
import type { RustAttachment, RustEvent, RustGuard, RustScope, RustType } from "../../vocabulary/index.ts";
import { noValue, RustBody } from "./body.ts";
import type { RustTables } from "./body.ts";
import type { DeclaredFunction } from "./declare-functions.ts";
import { callWalkers } from "./walk-calls.ts";
import { controlWalkers, walkStatements } from "./walk-control.ts";
import { expressionWalkers } from "./walk-expressions.ts";
import type { Walker } from "./walk-expressions.ts";
import { bindPattern } from "./walk-patterns.ts";

export interface WalkedFunction {
  readonly scopes: readonly RustScope[];
  readonly events: readonly RustEvent[];
  readonly guards: readonly RustGuard[];
}

const walkers: ReadonlyMap<number, Walker> = new Map([...expressionWalkers, ...controlWalkers, ...callWalkers]);

/** Deeper nesting is not source code people wrote. */
const deepest = 400;

export function walkFunction(declared: DeclaredFunction, tables: RustTables): WalkedFunction {
  let depth = 0;
  const body = new RustBody(declared, tables, (self, node) => {
    const walker = depth < deepest ? walkers.get(self.reader.kind(node)) : undefined;
    if (walker === undefined) return noValue;
    depth++;
    const value = walker(self, node);
    depth--;
    return value;
  });
  const code = declared.item.reader.child(declared.item.node, "body");
  if (code < 0) return { scopes: [], events: [], guards: [] };
  body.within(code, { kind: "body", attachment: attachmentAtEntry(declared) }, () => {
    for (const [index, { name, type }] of declared.parameters.entries()) {
      const root = name === "self" ? ({ kind: "self" } as const) : ({ kind: "parameter", index } as const);
      const value = { ...noValue, origin: { root, path: [], through: [] }, type };
      if (name === "self") body.bind(code, "self", value);
      else bindPattern(body, declared.patterns[index] ?? -1, value);
    }
    return walkStatements(body, code);
  });
  const { scopes, events, guards } = body;
  return { scopes, events, guards };
}

/** Whoever has a token, or an object bound to one, is attached; Python calls what is exposed. */
function attachmentAtEntry({ exposed, parameters, name }: DeclaredFunction): RustAttachment {
  if (name === "__traverse__") return "either";
  return exposed !== undefined || parameters.some(({ type }) => isToken(withoutReferences(type))) ? "attached" : "either";
}

function isToken({ name }: RustType): boolean {
  return tokenTypes.has(name);
}
