// Enters: the text of setup.cfg. Leaves: the metadata written there as plain values.
// Values that setuptools would compute ("attr:", "file:") stay unknown: computing them could run code.
import { parseIni } from "../ini-file.ts";
import { belongsToExtra } from "./core-metadata.ts";
import type { ProjectMetadata } from "./project-metadata.ts";

/** Source: setuptools documentation, "Configuring setuptools using setup.cfg files". Undefined without a [metadata] section. */
export function parseSetupCfg(text: string): ProjectMetadata | undefined {
  const sections = parseIni(text);
  const metadata = sections.get("metadata");
  if (!metadata) return undefined;
  const options = sections.get("options");
  return {
    name: plain(metadata.get("name")),
    version: plain(metadata.get("version")),
    requiresPython: plain(options?.get("python_requires")),
    requirements: listOf(plain(options?.get("install_requires"))).filter((requirement) => !belongsToExtra(requirement)),
  };
}

function plain(value: string | undefined): string | undefined {
  return value === undefined || value === "" || /^(attr|file):/.test(value) ? undefined : value;
}

function listOf(value: string | undefined): string[] {
  return (value ?? "").split("\n").flatMap((line) => line.trim().replace(/^#.*/, "") || []);
}
