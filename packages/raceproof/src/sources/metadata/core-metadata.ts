// Enters: the text of METADATA or PKG-INFO. Leaves: the fields an audit needs.
// The body (the long description) and all other fields are not looked at.
import type { ProjectMetadata } from "./project-metadata.ts";

/** Source: the core metadata standard; the header format is that of e-mail. */
export function parseCoreMetadata(text: string): ProjectMetadata {
  const headers: [string, string][] = [];
  for (const line of text.replace(/^\uFEFF/, "").split(/\r?\n/)) {
    if (line === "") break;
    const last = headers.at(-1);
    const colon = line.indexOf(":");
    if (/^\s/.test(line) && last) last[1] += ` ${line.trim()}`;
    else if (colon > 0) headers.push([line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]);
  }
  const first = (name: string): string | undefined => headers.find(([header, value]) => header === name && value !== "" && value !== "UNKNOWN")?.[1];
  return {
    name: first("name"),
    version: first("version"),
    requiresPython: first("requires-python"),
    requirements: headers.filter(([header, value]) => header === "requires-dist" && !belongsToExtra(value)).map(([, value]) => value),
  };
}

/** A requirement whose marker asks for an extra is not installed by default. */
export function belongsToExtra(requirement: string): boolean {
  return /\bextra\s*[=!]=/.test(requirement.slice(requirement.indexOf(";") + 1)) && requirement.includes(";");
}
