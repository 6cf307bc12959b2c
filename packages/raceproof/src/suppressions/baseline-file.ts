// The baseline file: hazards that were there before, as sorted JSON that people review. Text in, entries out, and back.
// A public promise (schemaVersion 1): fields may be added. Lines are left out: they would change with every edit above.
import { UserError } from "../vocabulary/index.ts";
import type { Hazard } from "../vocabulary/index.ts";

export interface BaselineEntry {
  readonly rule: string;
  readonly file: string;
  readonly function: string;
  readonly location: string;
  /** Hazards with this fingerprint in this file. */
  readonly count: number;
  /** Hazard.structure: survives moved lines, reformatting and renamed files. */
  readonly fingerprint: string;
}

const version = 1;

/** One entry per rule, file, function and structure; the same hazards give the same text in whatever order they come. */
export function renderBaseline(hazards: readonly Hazard[]): string {
  const entries = new Map<string, BaselineEntry>();
  for (const { rule, span, function: name, location, structure } of hazards) {
    const key = `${span.file}|${structure}`;
    entries.set(key, { rule, file: span.file, function: name, location: location.display, count: (entries.get(key)?.count ?? 0) + 1, fingerprint: structure });
  }
  const sorted = [...entries.values()].toSorted((a, b) => compareText(sortKey(a), sortKey(b)));
  return `${JSON.stringify({ schemaVersion: version, tool: "raceproof", hazards: sorted }, undefined, 2)}\n`;
}

/** @throws UserError when the text is not a baseline @param file for the message */
export function parseBaseline(text: string, file: string): BaselineEntry[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw notBaseline(file, (error as Error).message);
  }
  const { schemaVersion, hazards } = (typeof value === "object" && value !== null ? value : {}) as { schemaVersion?: unknown; hazards?: unknown };
  if (schemaVersion !== version) throw notBaseline(file, `its schemaVersion is ${JSON.stringify(schemaVersion)}, not ${version}`);
  if (!Array.isArray(hazards)) throw notBaseline(file, `"hazards" is no list`);
  return hazards.map((entry: unknown, index) => {
    if (!isEntry(entry)) throw notBaseline(file, `entry ${index + 1} lacks one of rule, file, function, location, count, fingerprint`);
    return entry;
  });
}

function isEntry(value: unknown): value is BaselineEntry {
  if (typeof value !== "object" || value === null) return false;
  const entry = value as Partial<Record<keyof BaselineEntry, unknown>>;
  const texts = [entry.rule, entry.file, entry.function, entry.location, entry.fingerprint].every((each) => typeof each === "string");
  return texts && Number.isInteger(entry.count) && (entry.count as number) > 0;
}

function notBaseline(file: string, problem: string): UserError {
  return new UserError(`${file} is not a baseline: ${problem}`, "Write a new one with --write-baseline.");
}

function sortKey({ file, function: name, rule, location, fingerprint }: BaselineEntry): string {
  return [file, name, rule, location, fingerprint].join("\u0000");
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
