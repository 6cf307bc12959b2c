// Enters: a folder on disk. Leaves: the modules below it, by path: Python, C and Cython sources, compiled extensions, and what eggs declare.
// Folders that never hold a project's own code (hidden ones, virtual environments, node_modules) are not entered. Links to
// folders are not followed, so loops do not matter; links to files count when they lead out of the folder.
import { readdir, realpath, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import { UserError, type Notification } from "../../vocabulary/index.ts";
import { isCargoFile } from "../cargo/index.ts";
import { isRustSource } from "../rust/index.ts";

export interface ModuleListing {
  /** Paths of .py files, relative to the folder, forward slashes, sorted. */
  readonly sources: readonly string[];
  /** Paths of C, C++, Cython and Rust sources and headers, and of Cargo's files. */
  readonly natives: readonly string[];
  /** Paths of files that say how extensions are built. */
  readonly builds: readonly string[];
  /** Paths of compiled extension modules (.so, .pyd). */
  readonly extensions: readonly string[];
  /** Paths of *.egg-info/top_level.txt. */
  readonly eggTopLevels: readonly string[];
}

const NOT_ENTERED: ReadonlySet<string> = new Set(["__pycache__", "node_modules"]);
/** Hidden, but builds are set up there. */
const SETTINGS_FOLDERS: ReadonlySet<string> = new Set([".cargo", ".github"]);
/** A virtual environment; a crate that `cargo vendor` copied. */
const FOREIGN_MARKS: ReadonlySet<string> = new Set(["pyvenv.cfg", ".cargo-checksum.json"]);
const nativeEndings = [".c", ".cc", ".cpp", ".cxx", ".h", ".hh", ".hpp", ".hxx", ".inc", ".inl", ".pyx", ".pxd", ".pxi"];
/** Of the files that an audit reads. */
export const auditedEndings: readonly string[] = [".py", ...nativeEndings, ".rs", ".toml", ".lock"];
const buildFile = /(?:^|\/)(?:setup\.py|setup\.cfg|pyproject\.toml|meson\.build|CMakeLists\.txt)$/;
const MOST_ENTRIES = 500_000;

/** @throws UserError when the folder cannot be read or is so large that it cannot be one project. */
export async function listModules(root: string, onNotification: (notification: Notification) => void): Promise<ModuleListing> {
  const listing = { sources: [] as string[], natives: [] as string[], builds: [] as string[], extensions: [] as string[], eggTopLevels: [] as string[] };
  const realRoot = await realpath(root).catch(() => root);
  const pending = [""];
  let entries = 0;
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    const children = await readFolder(root, folder, onNotification);
    entries += children.length;
    if (entries > MOST_ENTRIES) throw new UserError(`${root} has more than ${MOST_ENTRIES} files`, "Name the folder of one project.");
    if (folder !== "" && children.some(({ name }) => FOREIGN_MARKS.has(name))) continue;
    for (const child of children) {
      const path = `${folder}${child.name}`;
      if (isEntered(child)) pending.push(`${path}/`);
      else if (child.isFile() || (child.isSymbolicLink() && (await leadsToOutsideFile(join(root, path), realRoot)))) shelve(path, listing);
    }
  }
  // Projects without Rust have a pyproject.toml too, and it is nobody's extension.
  if (!listing.natives.some((path) => isRustSource(path) || path.endsWith("Cargo.toml"))) listing.natives = listing.natives.filter(isNativeSource);
  for (const paths of Object.values(listing)) paths.sort();
  return listing;
}

/** C, C++ and Cython. */
export function isNativeSource(path: string): boolean {
  return nativeEndings.some((ending) => path.endsWith(ending));
}

/** All that is read for extensions: sources in C, C++, Cython and Rust, and what says how crates are built. */
export function isExtensionSource(path: string): boolean {
  return isNativeSource(path) || isRustSource(path) || isCargoFile(path);
}

function isEntered(child: FolderEntry): boolean {
  return child.isDirectory() && (!child.name.startsWith(".") || SETTINGS_FOLDERS.has(child.name)) && !NOT_ENTERED.has(child.name);
}

function shelve(path: string, listing: { readonly [List in keyof ModuleListing]: string[] }): void {
  if (isExtensionSource(path)) listing.natives.push(path);
  if (/(?:^|\/)\./.test(path)) return;
  if (path.endsWith(".py")) listing.sources.push(path);
  if (buildFile.test(path)) listing.builds.push(path);
  if (path.endsWith(".so") || path.endsWith(".pyd")) listing.extensions.push(path);
  if (path.endsWith(".egg-info/top_level.txt")) listing.eggTopLevels.push(path);
}

interface FolderEntry {
  readonly name: string;
  isDirectory(): boolean;
  isFile(): boolean;
  isSymbolicLink(): boolean;
}

async function readFolder(root: string, folder: string, onNotification: (notification: Notification) => void): Promise<FolderEntry[]> {
  try {
    return await readdir(join(root, folder), { withFileTypes: true });
  } catch (error) {
    const message = `cannot be read: ${(error as NodeJS.ErrnoException).code ?? (error as Error).message}`;
    if (folder === "") throw new UserError(`the folder ${root} ${message}`, "Check the path and its permissions.");
    onNotification({ level: "warning", message: `the folder ${message}`, file: folder });
    return [];
  }
}

/** A link to a file inside the folder would list that file twice. */
async function leadsToOutsideFile(path: string, realRoot: string): Promise<boolean> {
  try {
    const target = await realpath(path);
    return !target.startsWith(realRoot + sep) && (await stat(target)).isFile();
  } catch {
    return false;
  }
}
