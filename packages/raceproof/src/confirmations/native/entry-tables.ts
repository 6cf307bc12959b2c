// What the probe is to try, from the facts. Enters: a native program. Leaves: for each table of a type its entry points with the forms of their calls.
import { slotExpressions } from "../../models/index.ts";
import type { NativeEntry, NativeProgram } from "../../vocabulary/index.ts";

export interface ProbedEntry {
  /** In C. */
  readonly function: string;
  /** What a type with this entry has in its dictionary. */
  readonly attribute: string;
  readonly forms: readonly string[];
}

export interface ProbedEntries {
  readonly tables: readonly { readonly entries: readonly ProbedEntry[] }[];
  /** Of modules: name in Python -> name in C. */
  readonly functions: Readonly<Record<string, string>>;
}

export function probedEntries({ functions }: NativeProgram): ProbedEntries {
  const tables = new Map<string, ProbedEntry[]>();
  const ofModules: Record<string, string> = {};
  for (const { name, entries } of functions) {
    for (const entry of entries) {
      if (entry.kind === "module") ofModules[entry.name] = name;
      const probed = probedEntry(name, entry);
      if (probed === undefined) continue;
      const table = tables.get(entry.table) ?? [];
      if (!table.some(({ attribute, forms }) => attribute === probed.attribute && forms[0] === probed.forms[0])) table.push(probed);
      tables.set(entry.table, table);
    }
  }
  return { tables: [...tables.values()].map((entries) => ({ entries })), functions: ofModules };
}

function probedEntry(functionName: string, { kind, name }: NativeEntry): ProbedEntry | undefined {
  const named = (forms: readonly string[]): ProbedEntry => ({ function: functionName, attribute: name, forms });
  switch (kind) {
    case "method":
      return named([`$.${name}({*})`]);
    case "getter":
      return named([`$.${name}`]);
    case "setter":
      return named([`$.${name} = {0}`]);
    case "slot": {
      const known = slotExpressions.get(name);
      return known === undefined ? undefined : { function: functionName, attribute: known.attribute, forms: known.forms };
    }
    case "module":
      return undefined;
  }
}
