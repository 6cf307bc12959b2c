// Enters: the text of pyproject.toml. Leaves: the metadata written there as plain values.
// Only strings and arrays of strings are understood; text that is not TOML declares nothing.
import { parse, type TomlTable } from "smol-toml";
import { belongsToExtra } from "./core-metadata.ts";
import type { ProjectMetadata } from "./project-metadata.ts";

/** Source: PEP 621; [tool.poetry] for projects that predate it. Undefined when the text declares no project. */
export function parsePyproject(text: string): ProjectMetadata | undefined {
  const document = parseToml(text);
  const poetry = tableAt(tableAt(document, "tool"), "poetry");
  const project = tableAt(document, "project") ?? poetry;
  if (project === undefined) return undefined;
  return {
    name: stringAt(project, "name"),
    version: stringAt(project, "version"),
    requiresPython: stringAt(project, "requires-python") ?? stringAt(tableAt(poetry, "dependencies"), "python"),
    requirements: stringsAt(project, "dependencies").filter((requirement) => !belongsToExtra(requirement)),
  };
}

function parseToml(text: string): TomlTable {
  try {
    return parse(text);
  } catch {
    return {};
  }
}

function tableAt(table: TomlTable | undefined, key: string): TomlTable | undefined {
  const value = table?.[key];
  return typeof value === "object" && !Array.isArray(value) && !(value instanceof Date) ? value : undefined;
}

function stringAt(table: TomlTable | undefined, key: string): string | undefined {
  const value = table?.[key];
  return typeof value === "string" ? value : undefined;
}

function stringsAt(table: TomlTable, key: string): readonly string[] {
  const value = table[key];
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}
