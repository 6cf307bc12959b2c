// Enters: the text of pyproject.toml. Leaves: the metadata written there as plain values.
// Only strings and arrays of strings are understood; other TOML values are stepped over.
import { belongsToExtra } from "./core-metadata.ts";
import type { ProjectMetadata } from "./project-metadata.ts";
import { readTomlTables, type TomlTables } from "./toml-tables.ts";

/** Source: PEP 621; [tool.poetry] for projects that predate it. Undefined when the text declares no project. */
export function parsePyproject(text: string): ProjectMetadata | undefined {
  const tables = readTomlTables(text);
  const table = tables.has("project") ? "project" : "tool.poetry";
  if (!tables.has(table)) return undefined;
  return {
    name: stringAt(tables, table, "name"),
    version: stringAt(tables, table, "version"),
    requiresPython: stringAt(tables, table, "requires-python") ?? stringAt(tables, "tool.poetry.dependencies", "python"),
    requirements: arrayAt(tables, table, "dependencies").filter((requirement) => !belongsToExtra(requirement)),
  };
}

function stringAt(tables: TomlTables, table: string, key: string): string | undefined {
  const value = tables.get(table)?.get(key);
  return typeof value === "string" ? value : undefined;
}

function arrayAt(tables: TomlTables, table: string, key: string): readonly string[] {
  const value = tables.get(table)?.get(key);
  return Array.isArray(value) ? value : [];
}
