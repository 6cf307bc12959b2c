// A function in, its entries of a dict that get their number or key from the dict's own length out: `ids[name] = len(ids)`,
// `key = len(table)` ... `table[key] = row`. Two threads that ask for the length together use one number twice.
import type { AccessFact, Program } from "../../../vocabulary/index.ts";

export interface NumberedEntry {
  readonly length: AccessFact;
  readonly store: AccessFact;
}

/** Further apart, the name has had time to mean something else. */
const nearby = 3;

/** `open`: what the function does without a lock. At most one per container. */
export function numberedEntriesIn(program: Program, open: readonly AccessFact[]): NumberedEntry[] {
  const out = new Map<string, NumberedEntry>();
  for (const store of open) {
    if (store.operation !== "[]=" || store.container !== "dict" || out.has(store.location.key)) continue;
    const length = open.find((access) => access.operation === "len" && access.location.key === store.location.key && isNumberOf(program, access, store));
    if (length) out.set(store.location.key, { length, store });
  }
  return [...out.values()];
}

function isNumberOf(program: Program, length: AccessFact, store: AccessFact): boolean {
  if (length.text !== store.text) return false;
  const stored = program.sourceOf(store.statement);
  if (length.statement.line === store.statement.line)
    return stored.endsWith(`= len(${store.text})`) || stored.startsWith(`${store.text}[len(${store.text})] =`);
  const name = /^(\w+) = len\([\w.]+\)( \+ 1)?$/.exec(program.sourceOf(length.statement))?.[1];
  const distance = store.statement.line - length.statement.line;
  return name !== undefined && distance > 0 && distance <= nearby && (store.key === name || stored.endsWith(`= ${name}`));
}
