// Every key of [tool.raceproof], once: what may stand there, what it does, an example. The reader checks against this table and
// docs/configuration.md is generated from it.
import { confidenceLevels, relaxations } from "../vocabulary/index.ts";

/** What a value must look like. Rules are selectors: ids, short names, beginnings. */
export type SettingForm =
  | { readonly kind: "rules" }
  | { readonly kind: "patterns" }
  | { readonly kind: "rules-by-pattern" }
  | { readonly kind: "choice-by-rule"; readonly choices: readonly string[] }
  | { readonly kind: "choice"; readonly choices: readonly string[] }
  | { readonly kind: "choices"; readonly choices: readonly string[] }
  | { readonly kind: "version" }
  | { readonly kind: "megabytes" };

export interface SettingRow {
  readonly name: string;
  readonly form: SettingForm;
  readonly description: string;
  readonly example: string;
  readonly option?: string;
}

const severities: readonly string[] = ["crash", "corruption", "wrong-answer", "deadlock", "leak"];

export const settingTable: readonly SettingRow[] = [
  {
    name: "select",
    form: { kind: "rules" },
    description: "Only these rules run. Default: all.",
    example: 'select = ["check-then-act", "non-atomic-update"]',
    option: "--rule",
  },
  {
    name: "extend-select",
    form: { kind: "rules" },
    description: "These rules run besides the selected ones.",
    example: 'extend-select = ["process-global-state"]',
  },
  {
    name: "ignore",
    form: { kind: "rules" },
    description: "Hazards of these rules are listed as suppressed and do not count.",
    example: 'ignore = ["append-as-allocator"]',
  },
  {
    name: "per-file-ignores",
    form: { kind: "rules-by-pattern" },
    description: "The same for the files that a pattern matches. Patterns are relative to the configuration file; one without a slash matches at any depth.",
    example: 'per-file-ignores = { "pkg/compat/**" = ["all"], "_cli.py" = ["process-global-state"] }',
  },
  {
    name: "severity",
    form: { kind: "choice-by-rule", choices: severities },
    description: "Another severity for hazards of a rule.",
    example: 'severity = { "process-global-state" = "leak" }',
  },
  {
    name: "confidence",
    form: { kind: "choice", choices: confidenceLevels },
    description: "Show findings of at least this confidence. Default: medium.",
    example: 'confidence = "high"',
    option: "--confidence",
  },
  {
    name: "fail-on",
    form: { kind: "choice", choices: [...confidenceLevels, "never"] },
    description: "Exit with 1 when a finding has at least this confidence. Default: medium.",
    example: 'fail-on = "high"',
    option: "--fail-on",
  },
  {
    name: "assume-shared",
    form: { kind: "patterns" },
    description:
      "Classes (pkg.module:Class, pkg.module.Class, Class) or modules whose objects several threads share: their hazards gain one step of confidence.",
    example: 'assume-shared = ["Session", "pkg.registry"]',
  },
  {
    name: "assume-confined",
    form: { kind: "patterns" },
    description: "Classes or modules whose objects stay inside one thread: their hazards are listed as suppressed.",
    example: 'assume-confined = ["pkg.parser:*State"]',
  },
  {
    name: "lock-names",
    form: { kind: "patterns" },
    description: "Names of attributes, variables or functions that are locks although nothing shows it: `with self.gate:` then protects.",
    example: 'lock-names = ["gate", "*_guard"]',
  },
  {
    name: "relaxations",
    form: { kind: "choices", choices: relaxations },
    description:
      "Outcomes that `hunt` and `confirm` take for benign although no serial order gives them, in drivers that do not declare their own: `element-order` (only the order of elements or the numbering of objects differs), `change-during-iteration` (a walk raised the RuntimeError of a container that changed meanwhile, and all else is as in a serial order). How many were seen is told for each finding.",
    example: 'relaxations = ["element-order"]',
  },
  {
    name: "min-python",
    form: { kind: "version" },
    description:
      "The oldest Python that matters: `hunt` and `confirm` choose no older interpreter, and hazards that need one are ranked down, like those that `requires-python` leaves out.",
    example: 'min-python = "3.11"',
  },
  {
    name: "exclude",
    form: { kind: "patterns" },
    description: "Files and folders that are not audited.",
    example: 'exclude = ["pkg/_vendor", "**/generated_*.py"]',
  },
  {
    name: "max-file-size",
    form: { kind: "megabytes" },
    description:
      "Files of more MiB are not read: each is told as an error, and the audit is incomplete unless `exclude` names them. Default: 8, which no file written by hand comes near.",
    example: "max-file-size = 16",
  },
];
