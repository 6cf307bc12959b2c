// Enters: the text of a pip.conf, pip.ini or setup.cfg. Leaves: its sections, as Python's configparser would read them.
// No interpolation: pip reads with RawConfigParser, and setup.cfg values that interpolate are not looked at.

/** Section name to option name (lower case) to value; lines of a multi-line value are joined with "\n". */
export type IniSections = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** Reads sections; later options replace earlier ones. Lines that mean nothing are skipped. Source: CPython, configparser. */
export function parseIni(text: string): IniSections {
  const sections = new Map<string, Map<string, string>>();
  let section = new Map<string, string>();
  let option: string | undefined;
  for (const line of text.replace(/^\uFEFF/, "").split(/\r?\n/)) {
    if (/^\s*([#;]|$)/.test(line)) continue;
    const isContinuation = /^\s/.test(line) && option !== undefined;
    if (option !== undefined && isContinuation) {
      section.set(option, `${section.get(option) ?? ""}\n${line.trim()}`.trim());
      continue;
    }
    const header = /^\[([^\]]+)\]/.exec(line)?.[1];
    if (header !== undefined) sections.set(header, (section = sections.get(header) ?? new Map()));
    option = header === undefined ? addOption(section, line) : undefined;
  }
  return sections;
}

/** Options before the first header go into a section nobody reads. */
function addOption(section: Map<string, string>, line: string): string | undefined {
  const [, name, value = ""] = /^([^=:]+?)\s*[=:]\s*(.*)$/.exec(line.trim()) ?? [];
  if (name !== undefined) section.set(name.toLowerCase(), value);
  return name?.toLowerCase();
}
