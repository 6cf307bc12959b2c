// A project's settings as plain values, each with the place it was read from. No defaults: what nobody set is undefined or empty.
import type { Origin } from "../suppressions/index.ts";
import type { Confidence, Relaxation, Severity } from "../vocabulary/index.ts";

export interface Settings {
  /** The file they come from, for messages; undefined when no file has settings. */
  readonly file: string | undefined;
  /** Absolute folder that file patterns are relative to. */
  readonly folder: string | undefined;
  readonly select: readonly string[] | undefined;
  readonly extendSelect: readonly string[];
  readonly ignore: readonly string[];
  readonly perFileIgnores: ReadonlyMap<string, readonly string[]>;
  readonly severity: ReadonlyMap<string, Severity>;
  readonly confidence: Confidence | undefined;
  readonly failOn: Confidence | "never" | undefined;
  readonly assumeShared: readonly string[];
  readonly assumeConfined: readonly string[];
  readonly lockNames: readonly string[];
  readonly relaxations: readonly Relaxation[];
  readonly minPython: string | undefined;
  readonly exclude: readonly string[];
  /** In MiB. */
  readonly maxFileSize: number | undefined;
  /** Where a key stands, or an entry of its table. */
  readonly originOf: (...path: readonly string[]) => Origin;
}

export const noSettings: Settings = {
  file: undefined,
  folder: undefined,
  select: undefined,
  extendSelect: [],
  ignore: [],
  perFileIgnores: new Map(),
  severity: new Map(),
  confidence: undefined,
  failOn: undefined,
  assumeShared: [],
  assumeConfined: [],
  lockNames: [],
  relaxations: [],
  minPython: undefined,
  exclude: [],
  maxFileSize: undefined,
  originOf: () => ({ file: "", line: undefined }),
};
