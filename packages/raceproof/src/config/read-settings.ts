// A parsed table of settings in, checked Settings out. Every complaint names file, line, key and what is allowed.
import { adviseOnRule, adviseOnWord, matchRules, UserError } from "../vocabulary/index.ts";
import type { Confidence, Relaxation, Severity } from "../vocabulary/index.ts";
import { settingTable } from "./setting-table.ts";
import type { SettingForm } from "./setting-table.ts";
import type { Settings } from "./settings.ts";

export interface SettingsSource {
  /** As messages name it. */
  readonly file: string;
  readonly folder: string;
  /** Line of a key, from its path below the settings table. */
  readonly lineOf: (path: readonly string[]) => number | undefined;
  /** All rules there are, by id. */
  readonly rules: readonly string[];
}

/** @throws UserError for unknown keys, wrong types, unknown rules and unknown words */
export function readSettings(table: Readonly<Record<string, unknown>>, source: SettingsSource): Settings {
  const names = settingTable.map(({ name }) => name);
  for (const key of Object.keys(table)) {
    if (!names.includes(key)) throw complaint(source, [key], `there is no setting "${key}"`, adviseOnWord(key, names));
  }
  const read = new Map(
    settingTable.flatMap(({ name, form }) => (table[name] === undefined ? [] : [[name, readValue(table[name], form, { source, path: [name] })] as const])),
  );
  const list = (name: string): readonly string[] => (read.get(name) as readonly string[] | undefined) ?? [];
  return {
    file: source.file,
    folder: source.folder,
    select: read.has("select") ? list("select") : undefined,
    extendSelect: list("extend-select"),
    ignore: list("ignore"),
    perFileIgnores: (read.get("per-file-ignores") as ReadonlyMap<string, readonly string[]> | undefined) ?? new Map(),
    severity: (read.get("severity") as ReadonlyMap<string, Severity> | undefined) ?? new Map(),
    confidence: read.get("confidence") as Confidence | undefined,
    failOn: read.get("fail-on") as Confidence | "never" | undefined,
    assumeShared: list("assume-shared"),
    assumeConfined: list("assume-confined"),
    lockNames: list("lock-names"),
    relaxations: list("relaxations") as readonly Relaxation[],
    minPython: read.get("min-python") as string | undefined,
    exclude: list("exclude"),
    maxFileSize: read.get("max-file-size") as number | undefined,
    originOf: (...path) => ({ file: source.file, line: source.lineOf(path) }),
  };
}

interface Place {
  readonly source: SettingsSource;
  readonly path: readonly string[];
}

type SettingValue = string | number | readonly string[] | ReadonlyMap<string, string | readonly string[]>;

function readValue(value: unknown, form: SettingForm, place: Place): SettingValue {
  switch (form.kind) {
    case "rules":
      return readTexts(value, place).flatMap((selector) => rulesFor(selector, place));
    case "patterns":
      return readTexts(value, place);
    case "rules-by-pattern":
      return new Map(entriesOf(value, place).map(([pattern, rules, at]) => [pattern, readTexts(rules, at).flatMap((selector) => rulesFor(selector, at))]));
    case "choice-by-rule":
      return new Map(
        entriesOf(value, place).flatMap(([selector, choice, at]) => rulesFor(selector, at).map((id) => [id, readChoice(choice, form.choices, at)] as const)),
      );
    case "choice":
      return readChoice(value, form.choices, place);
    case "choices":
      return readTexts(value, place).map((each) => readChoice(each, form.choices, place));
    case "version":
      return readVersion(value, place);
    case "megabytes":
      return readMegabytes(value, place);
  }
}

function readTexts(value: unknown, { source, path }: Place): readonly string[] {
  if (Array.isArray(value) && value.every((each) => typeof each === "string")) return value as string[];
  throw complaint(source, path, `is ${describe(value)}`, 'Write a list of strings such as ["one", "two"].');
}

function entriesOf(value: unknown, { source, path }: Place): [string, unknown, Place][] {
  if (typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date)) {
    return Object.entries(value).map(([key, each]) => [key, each, { source, path: [...path, key] }]);
  }
  throw complaint(source, path, `is ${describe(value)}`, 'Write a table such as { "key" = ... }.');
}

function readChoice(value: unknown, choices: readonly string[], { source, path }: Place): string {
  if (typeof value === "string" && choices.includes(value)) return value;
  throw complaint(source, path, `is ${describe(value)}`, typeof value === "string" ? adviseOnWord(value, choices) : `Choose from: ${choices.join(", ")}.`);
}

function readVersion(value: unknown, { source, path }: Place): string {
  if (typeof value === "string" && /^3\.\d+$/.test(value)) return value;
  throw complaint(source, path, `is ${describe(value)}`, 'Write a version such as "3.11".');
}

function readMegabytes(value: unknown, { source, path }: Place): number {
  if (typeof value === "number" && value > 0) return value;
  throw complaint(source, path, `is ${describe(value)}`, "Write a number of MiB such as 16.");
}

function rulesFor(selector: string, { source, path }: Place): readonly string[] {
  const found = matchRules(selector, source.rules);
  if (found.length === 0) throw complaint(source, path, `names a rule that does not exist: "${selector}"`, adviseOnRule(selector, source.rules));
  return found;
}

function complaint(source: SettingsSource, path: readonly string[], problem: string, advice: string): UserError {
  const line = source.lineOf(path);
  return new UserError(`${source.file}${line === undefined ? "" : `:${line}`}: ${path.join(".")}: ${problem}`, advice);
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return value.every((each) => typeof each === "string") ? "a list of strings" : "a list of something else than strings";
  if (typeof value === "string") return `"${value}"`;
  return typeof value === "object" ? "a table or a date" : `the ${typeof value} ${String(value)}`;
}
