// What the probe is to try, from the facts. Enters: an extension's functions. Leaves: for each table of a type its entry points with the forms of their calls.
import { slotExpressions } from "../../models/index.ts";
import type { NativeEntry } from "../../vocabulary/index.ts";
import type { ExtensionFacts } from "./extension-facts.ts";

export interface ProbedEntry {
  /** Its name in the facts. */
  readonly function: string;
  /** What a type with this entry has in its dictionary. */
  readonly attribute: string;
  readonly forms: readonly string[];
}

export interface ProbedTable {
  /** Name of the type in Python, where the facts know it; else a type has a table that has most of its entries. */
  readonly type: string | null;
  readonly entries: readonly ProbedEntry[];
}

export interface ProbedEntries {
  readonly tables: readonly ProbedTable[];
  /** Of modules: name in Python -> name in C. */
  readonly functions: Readonly<Record<string, string>>;
}

export function probedEntries({ functions }: ExtensionFacts): ProbedEntries {
  const tables = new Map<string, ProbedEntry[]>();
  const ofModules: Record<string, string> = {};
  for (const { name, entries } of functions) {
    for (const entry of entries.map(withOwner)) {
      if (entry.kind === "module") ofModules[entry.name] = name;
      const probed = probedEntry(name, entry);
      if (probed === undefined) continue;
      const table = tables.get(entry.table) ?? [];
      if (!table.some(({ attribute, forms }) => attribute === probed.attribute && forms[0] === probed.forms[0])) table.push(probed);
      tables.set(entry.table, table);
    }
  }
  return { tables: [...tables].map(([table, entries]) => ({ type: table.split(":")[1] ?? null, entries })), functions: ofModules };
}

/** What C++ binds stands in no table: "Stack.push" is of the class that it names, "make" of the module. */
function withOwner(entry: NativeEntry): NativeEntry {
  if (entry.table !== "") return entry;
  const [name = "", owner] = entry.name.split(".").toReversed();
  return owner === undefined ? { ...entry, kind: "module" } : { ...entry, name, table: owner };
}

function probedEntry(functionName: string, { kind, name }: NativeEntry): ProbedEntry | undefined {
  const named = (forms: readonly string[]): ProbedEntry => ({ function: functionName, attribute: name, forms });
  switch (kind) {
    case "method":
      return named(specialForms.get(name) ?? [`$.${name}({*})`]);
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

/** Methods that are bound or compiled under their names in Python are reached by operators all the same. */
const specialForms: ReadonlyMap<string, readonly string[]> = new Map([...slotExpressions.values()].map(({ attribute, forms }) => [attribute, forms]));
