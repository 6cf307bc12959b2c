// Checked settings in, what the audit needs of them out: which rules run, which files, which names are locks, and the policy.
import { relative, sep } from "node:path";
import { fileMatcher, nameMatcher, supportedFamilies } from "../suppressions/index.ts";
import type { IgnoredRules, NamePattern, Policy } from "../suppressions/index.ts";
import type { Subject } from "../vocabulary/index.ts";
import type { Settings } from "./settings.ts";

/** Ids of the rules to run; undefined for all. What the command line names wins. */
export function selectedRules(settings: Settings, named: readonly string[] | undefined): readonly string[] | undefined {
  const base = named ?? settings.select;
  return base === undefined ? undefined : [...new Set([...base, ...(named ? [] : settings.extendSelect)])];
}

/** What the subject asks for and what the project cares about. */
export function requiredPython({ requiresPython }: Pick<Subject, "requiresPython">, { minPython }: Settings): string | undefined {
  return minPython === undefined ? requiresPython : [requiresPython, `>=${minPython}`].filter((each) => each !== undefined).join(",");
}

/** The files of hazards are relative to the subject's root. */
export function policyOf(settings: Settings, subject: Pick<Subject, "root" | "requiresPython">): Policy {
  const { root } = subject;
  const place = placement(settings, root);
  const everywhere: IgnoredRules = { ...settings.originOf("ignore"), setting: "ignore", rules: new Set(settings.ignore), matchesFile: () => true };
  return {
    ignored: [
      everywhere,
      ...[...settings.perFileIgnores].map(([pattern, rules]) => ({
        ...settings.originOf("per-file-ignores", pattern),
        setting: `per-file-ignores "${pattern}"`,
        rules: new Set(rules),
        matchesFile: placed(pattern, place),
      })),
    ],
    severity: settings.severity,
    families: supportedFamilies(requiredPython(subject, settings)),
    assumeShared: settings.assumeShared.map((pattern) => namePattern(settings, "assume-shared", pattern)),
    assumeConfined: settings.assumeConfined.map((pattern) => namePattern(settings, "assume-confined", pattern)),
  };
}

/** Whether a file (relative to the root) is left out. */
export function excluderOf(settings: Settings, root: string): (file: string) => boolean {
  const place = placement(settings, root);
  const matchers = settings.exclude.map((pattern) => placed(pattern, place));
  return (file) => matchers.some((matches) => matches(file));
}

/** What to put before a file's path so that it starts at the configuration file, when that lies above the subject. */
function placement({ folder }: Settings, root: string): string {
  const path = folder === undefined ? "" : relative(folder, root).split(sep).join("/");
  return path === "" || path.startsWith("..") || path.startsWith("/") ? "" : `${path}/`;
}

function placed(pattern: string, place: string): (file: string) => boolean {
  const matches = fileMatcher(pattern);
  return (file) => matches(place + file);
}

function namePattern(settings: Settings, key: string, pattern: string): NamePattern {
  return { ...settings.originOf(key), pattern, matches: nameMatcher(pattern) };
}
