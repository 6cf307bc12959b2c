// Where Python interpreters may be on this machine. Enters: environment variables and folders. Leaves: paths worth probing.
// Version managers' shims are left out: they are scripts that answer for whatever is selected at the moment.
import { readdir, readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { defaultCacheFolder } from "../../sources/index.ts";

export interface RuntimeCandidate {
  readonly executable: string;
  /** "path", "pyenv", "uv", "conda", "raceproof" or "given". */
  readonly origin: string;
  /** A program and its parameters that start it. */
  readonly under?: readonly string[];
}

/** Values of environment variables; an argument so that tests can bring their own. */
export type EnvironmentVariables = Readonly<Record<string, string | undefined>>;

const executableName = /^(?:python3(?:\.\d+t?)?|pypy3(?:\.\d+)?)$/;

/** In the order in which equal interpreters are preferred. */
export async function listRuntimeCandidates(environment: EnvironmentVariables): Promise<RuntimeCandidate[]> {
  const home = environment["HOME"] ?? homedir();
  const pyenvRoot = environment["PYENV_ROOT"] ?? join(home, ".pyenv");
  const uvFolder = environment["UV_PYTHON_INSTALL_DIR"] ?? join(environment["XDG_DATA_HOME"] ?? join(home, ".local", "share"), "uv", "python");
  const installations = [
    { origin: "pyenv", folders: await foldersIn(join(pyenvRoot, "versions")) },
    { origin: "uv", folders: await foldersIn(uvFolder) },
    { origin: "conda", folders: await condaFolders(environment, home) },
    { origin: "raceproof", folders: await foldersIn(join(defaultCacheFolder(environment), "pythons")) },
  ];
  const onPath = (environment["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "" && !isShimFolder(folder, pyenvRoot));
  const found = await Promise.all([
    ...onPath.map((folder) => executablesIn(folder, "path")),
    ...installations.flatMap(({ origin, folders }) => folders.map((folder) => executablesIn(join(folder, "bin"), origin))),
  ]);
  return found.flat();
}

function isShimFolder(folder: string, pyenvRoot: string): boolean {
  return resolve(folder) === resolve(pyenvRoot, "shims") || /[\\/]shims$/.test(resolve(folder));
}

async function condaFolders(environment: EnvironmentVariables, home: string): Promise<string[]> {
  const roots = ["miniconda3", "anaconda3", "miniforge3"].map((name) => join(home, name));
  const listed = (await readFile(join(home, ".conda", "environments.txt"), "utf8").catch(() => "")).split("\n").map((line) => line.trim());
  const below = await Promise.all(roots.map((root) => foldersIn(join(root, "envs"))));
  return [environment["CONDA_PREFIX"] ?? "", ...roots, ...below.flat(), ...listed].filter((folder) => folder !== "");
}

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
    .map((entry) => join(folder, entry.name))
    .toSorted();
}

/** The most exact name first: python3.13t before python3.13 before python3. */
async function executablesIn(folder: string, origin: string): Promise<RuntimeCandidate[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => executableName.test(name))
    .toSorted((a, b) => b.length - a.length || (a < b ? -1 : 1))
    .map((name) => ({ executable: join(folder, name), origin }));
}
