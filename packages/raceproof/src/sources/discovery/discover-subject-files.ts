// Enters: a folder and how the user named it. Leaves: what of it is audited, what is left out, how it is imported, what it is called.
// No file's content is looked at except declarations of names; nothing is imported.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import type { Notification, Subject } from "../../vocabulary/index.ts";
import type { ProjectMetadata } from "../metadata/project-metadata.ts";
import { readProjectMetadata } from "../metadata/read-project-metadata.ts";
import { discoverImportLayout, type ImportLayout } from "./import-layout.ts";
import { isExtensionSource, listModules, type ModuleListing } from "./list-modules.ts";
import { isTestPath, isVendoredPath } from "./path-roles.ts";

/** A subject without the words the user typed. */
export type DiscoveredSubject = Omit<Subject, "specification">;

export interface DiscoveryOptions {
  /** Tests, documentation and examples are audited too; vendored code is not. */
  readonly includeTests: boolean;
  /** The name to use when no metadata gives one; also tells which of several installed packages is meant. */
  readonly nameHint: string;
  readonly onNotification: (notification: Notification) => void;
}

/**
 * Discovers a whole project, an unpacked wheel, a plain folder, or, when the folder is itself a package, that package.
 * @throws UserError when the folder cannot be read.
 */
export async function discoverFolder(folder: string, options: DiscoveryOptions): Promise<DiscoveredSubject> {
  const root = importFolderOf(folder);
  return root === folder ? discoverProject(folder, options) : discoverPackage(folder, root, options);
}

/** A single file: audited whatever it is called, imported from the folder above its outermost package. */
export async function discoverFile(path: string, options: DiscoveryOptions): Promise<DiscoveredSubject> {
  const root = importFolderOf(dirname(path));
  const file = relative(root, path).split(sep).join("/");
  const isPython = !isExtensionSource(file);
  const [topLevel = ""] = file.replace(/\.py$/, "").split("/");
  const metadata = await metadataAbove(root, topLevel);
  return {
    ...identity(metadata, options.nameHint),
    root,
    importRoot: root,
    topLevelModules: [topLevel],
    ...(isPython ? { files: [file], nativeFiles: [] } : { files: [], nativeFiles: [file] }),
    buildFiles: [],
    excluded: [],
  };
}

async function discoverProject(root: string, options: DiscoveryOptions): Promise<DiscoveredSubject> {
  const listing = await listModules(root, options.onNotification);
  const metadata = await readProjectMetadata(root, options.nameHint);
  const layout = discoverImportLayout({
    paths: [...listing.sources, ...listing.extensions],
    kind: metadata === undefined ? "plain" : await kindOfProject(root, listing),
    projectName: metadata?.name ?? options.nameHint,
    declaredNames: await readDeclaredNames(root, listing),
  });
  const role = (path: string): boolean => isAudited(path, layout, options.includeTests);
  return {
    ...identity(metadata ?? (await metadataAbove(root, options.nameHint)), options.nameHint),
    root,
    importRoot: resolve(root, layout.importRoot),
    topLevelModules: layout.topLevelModules,
    files: listing.sources.filter(role),
    nativeFiles: listing.natives.filter((path) => options.includeTests || !isTestPath(path.split("/"))),
    buildFiles: listing.natives.length > 0 ? listing.builds : [],
    excluded: listing.sources.filter((path) => !role(path)),
  };
}

/** The user named a package's own folder: only what is below it counts, but it is imported from above. */
async function discoverPackage(folder: string, root: string, options: DiscoveryOptions): Promise<DiscoveredSubject> {
  const prefix = relative(root, folder).split(sep);
  const { sources, natives, builds } = await listModules(folder, options.onNotification);
  const isLeftOut = (path: string): boolean => {
    const segments = path.split("/");
    return isVendoredPath(segments) || (isTestPath(segments) && !options.includeTests);
  };
  const below = (path: string): string => [...prefix, path].join("/");
  const topLevel = prefix[0] ?? basename(folder);
  return {
    ...identity(await metadataAbove(root, topLevel), topLevel),
    root,
    importRoot: root,
    topLevelModules: [topLevel],
    files: sources.filter((path) => !isLeftOut(path)).map(below),
    nativeFiles: natives.filter((path) => options.includeTests || !isTestPath(path.split("/"))).map(below),
    buildFiles: natives.length > 0 ? builds.map(below) : [],
    excluded: sources.filter(isLeftOut).map(below),
  };
}

function isAudited(path: string, layout: ImportLayout, includeTests: boolean): boolean {
  const inside = path.startsWith(layout.importRoot);
  const segments = (inside ? path.slice(layout.importRoot.length) : path).split("/");
  const [first = ""] = segments;
  const own = inside && layout.topLevelModules.includes(first.replace(/\.py$/, ""));
  if (!own) return includeTests && isTestPath(segments) && !isVendoredPath(segments);
  // The top-level name itself was judged by the layout: a package may be called "tests".
  const below = segments.slice(1);
  return below.length === 0 || (!isVendoredPath(below) && (includeTests || !isTestPath(below)));
}

/** The nearest folder, from this one upward, that is not a package. */
function importFolderOf(folder: string): string {
  let current = folder;
  while (existsSync(join(current, "__init__.py")) && dirname(current) !== current) current = dirname(current);
  return current;
}

/** A wheel's tree has *.dist-info and no build files. */
async function kindOfProject(root: string, listing: ModuleListing): Promise<"installed" | "project"> {
  const buildFiles = ["pyproject.toml", "setup.py", "setup.cfg", "PKG-INFO"];
  return listing.eggTopLevels.length === 0 && !buildFiles.some((name) => existsSync(join(root, name))) ? "installed" : "project";
}

async function readDeclaredNames(root: string, listing: ModuleListing): Promise<readonly string[]> {
  const topLevels = await Promise.all(listing.eggTopLevels.map((path) => readText(join(root, path))));
  const buildFiles = await Promise.all(["setup.py", "setup.cfg", "pyproject.toml"].map((name) => readText(join(root, name))));
  // A literal list is all that can be known without running a build.
  const lists = buildFiles.flatMap((text) => [...text.matchAll(/\bpy[_-]modules\s*=\s*([[(][^\])]*[\])]|.*)/g)].map((match) => match[1] ?? ""));
  return [...topLevels, ...lists].flatMap((text) => text.match(/[\p{L}_][\p{L}\p{N}_]*/gu) ?? []);
}

async function readText(path: string): Promise<string> {
  return readFile(path, "utf8").catch(() => "");
}

/** Metadata beside the import folder, or one above when that folder is a source folder such as "src". */
async function metadataAbove(root: string, packageName: string): Promise<ProjectMetadata | undefined> {
  const beside = await readProjectMetadata(root, packageName);
  return beside ?? (["src", "lib", "python"].includes(basename(root)) ? readProjectMetadata(dirname(root), packageName) : undefined);
}

function identity(metadata: ProjectMetadata | undefined, nameHint: string): Pick<DiscoveredSubject, "name" | "version" | "requiresPython" | "requirements"> {
  return {
    name: metadata?.name ?? nameHint,
    version: metadata?.version,
    requiresPython: metadata?.requiresPython,
    requirements: metadata?.requirements ?? [],
  };
}
