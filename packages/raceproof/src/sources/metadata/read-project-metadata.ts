// Enters: a project's folder. Leaves: what it declares about itself: name, version, Python versions, requirements.
// Only static declarations are read; a version that a build would compute stays unknown.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { normalizeProjectName } from "../package-index/distribution-file.ts";
import { parseCoreMetadata } from "./core-metadata.ts";
import type { ProjectMetadata } from "./project-metadata.ts";
import { parsePyproject } from "./pyproject.ts";
import { parseSetupCfg } from "./setup-cfg.ts";

const UNDECLARED: ProjectMetadata = { name: undefined, version: undefined, requiresPython: undefined, requirements: [] };

/**
 * Metadata of a wheel (*.dist-info/METADATA), a source archive (PKG-INFO), or a working copy (pyproject.toml, setup.cfg,
 * *.egg-info/PKG-INFO), the first that exists; undefined when none does. Fields one file leaves open are taken from the next.
 * Of several *.dist-info, as in an environment, only the one named like `packageName` counts.
 * Sources: the core metadata standard; PEP 621 (pyproject.toml).
 */
export async function readProjectMetadata(folder: string, packageName: string | undefined): Promise<ProjectMetadata | undefined> {
  const names = (await readdir(folder).catch(() => [])).toSorted();
  const written = await readFirst(folder, [...distInfos(names, packageName), "PKG-INFO"], parseCoreMetadata);
  if (written) return written;
  const below = names.includes("src") ? (await readdir(join(folder, "src")).catch(() => [])).toSorted() : [];
  const eggInfos = [...withSuffix(names, ".egg-info"), ...withSuffix(below, ".egg-info").map((name) => `src/${name}`)];
  const declared = await Promise.all([
    readFirst(folder, ["pyproject.toml"], parsePyproject),
    readFirst(folder, ["setup.cfg"], parseSetupCfg),
    readFirst(
      folder,
      eggInfos.map((name) => `${name}/PKG-INFO`),
      parseCoreMetadata,
    ),
  ]);
  const present = declared.filter((metadata) => metadata !== undefined);
  if (present.length === 0) return names.includes("setup.py") ? UNDECLARED : undefined;
  return present.reduce(fillOpenFields);
}

function fillOpenFields(first: ProjectMetadata, second: ProjectMetadata): ProjectMetadata {
  return {
    name: first.name ?? second.name,
    version: first.version ?? second.version,
    requiresPython: first.requiresPython ?? second.requiresPython,
    requirements: first.requirements.length > 0 ? first.requirements : second.requirements,
  };
}

function distInfos(names: readonly string[], packageName: string | undefined): string[] {
  const found = withSuffix(names, ".dist-info");
  const wanted = packageName === undefined ? undefined : normalizeProjectName(packageName);
  const chosen = found.length === 1 ? found : found.filter((name) => normalizeProjectName(name.split("-")[0] ?? "") === wanted);
  return chosen.map((name) => `${name}/METADATA`);
}

function withSuffix(names: readonly string[], suffix: string): string[] {
  return names.filter((name) => name.endsWith(suffix));
}

async function readFirst(folder: string, paths: readonly string[], parse: (text: string) => ProjectMetadata | undefined): Promise<ProjectMetadata | undefined> {
  for (const path of paths) {
    const text = await readFile(join(folder, path), "utf8").catch(() => undefined);
    const metadata = text === undefined ? undefined : parse(text);
    if (metadata) return metadata;
  }
  return undefined;
}
