// Where a project's settings stand in, the checked settings out: raceproof.toml or [tool.raceproof] of pyproject.toml in the
// nearest folder that has them. Reads these files and nothing else.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, join, relative, resolve } from "node:path";
import { parse, TomlError } from "smol-toml";
import { lineOfKey } from "../sources/index.ts";
import { UserError } from "../vocabulary/index.ts";
import { readSettings } from "./read-settings.ts";
import { noSettings } from "./settings.ts";
import type { Settings } from "./settings.ts";

export interface SettingsSearch {
  /** Folders to search from, upward, in this order; none for a subject that is not local. */
  readonly from: readonly string[];
  /** A file the user named instead of a search. */
  readonly named: string | undefined;
  /** Paths in messages are relative to it. */
  readonly cwd: string;
  /** All rules there are, by id. */
  readonly rules: readonly string[];
}

const ownFile = "raceproof.toml";
const projectFile = "pyproject.toml";

/** @throws UserError when a file is not TOML or its settings are not understood */
export async function findSettings(search: SettingsSearch): Promise<Settings> {
  if (search.named !== undefined) {
    const path = resolve(search.cwd, search.named);
    return (await readSettingsFile(path, search)) ?? missing(search.named);
  }
  for (const start of search.from) {
    for (let folder = resolve(search.cwd, start); ; folder = dirname(folder)) {
      const settings = (await readSettingsFile(join(folder, ownFile), search)) ?? (await readSettingsFile(join(folder, projectFile), search));
      if (settings) return settings;
      // A repository ends the project; what lies above it belongs to something else.
      if (existsSync(join(folder, ".git")) || dirname(folder) === folder) break;
    }
  }
  return noSettings;
}

function missing(file: string): never {
  throw new UserError(`${file} has no settings`, `Name a ${ownFile}, or a ${projectFile} with a table [tool.raceproof].`);
}

/** Undefined when there is no such file, or it has no table of ours. */
async function readSettingsFile(path: string, { cwd, rules }: SettingsSearch): Promise<Settings | undefined> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
    throw new UserError(`${path} cannot be read (${error.code ?? error.message})`, "Check the file's permissions.");
  });
  if (text === undefined) return undefined;
  const shared = basename(path) === projectFile;
  // Other people's pyproject.toml may be broken; that is their affair unless it holds settings of ours.
  if (shared && !/\braceproof\b/.test(text)) return undefined;
  const prefix = shared ? ["tool", "raceproof"] : [];
  const file = relative(cwd, path) || path;
  const table = prefix.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], parseToml(text, file));
  if (table === undefined) return undefined;
  if (typeof table !== "object" || table === null || Array.isArray(table)) {
    throw new UserError(`${file}:${lineOfKey(text, prefix) ?? 1}: tool.raceproof is no table`, "Write it as [tool.raceproof].");
  }
  return readSettings(table as Record<string, unknown>, { file, folder: dirname(path), rules, lineOf: (key) => lineOfKey(text, [...prefix, ...key]) });
}

function parseToml(text: string, file: string): Record<string, unknown> {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const reason = error.message.split("\n")[0]?.replace(/^Invalid TOML document: /, "") ?? "";
    throw new UserError(`${file}:${error.line}:${error.column}: not TOML: ${reason}`, "Correct the file.");
  }
}
