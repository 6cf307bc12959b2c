// Enters: the environment and the chosen interpreter's path. Leaves: the configuration files pip would read, least important first.
// It lists places; whether the files exist is found out by whoever reads them.
import { existsSync, realpathSync, statSync } from "node:fs";
import { delimiter, dirname, isAbsolute, join } from "node:path";
import { homedir } from "node:os";

export type EnvironmentVariables = Readonly<Record<string, string | undefined>>;

/**
 * Files in the order global, user, site, PIP_CONFIG_FILE; each overrides the ones before it. The user's files are left out
 * when PIP_CONFIG_FILE names an existing file, and all files when it names the null device.
 * Source: pip documentation, "Configuration", section "Configuration files" and "PIP_CONFIG_FILE"; pip/_internal/configuration.py
 * where the two disagree about the place of PIP_CONFIG_FILE.
 */
export function listPipConfigurationFiles(environment: EnvironmentVariables, python: string | undefined): readonly string[] {
  const chosen = environment["PIP_CONFIG_FILE"];
  if (chosen === "/dev/null" || chosen?.toLowerCase() === "nul") return [];
  const user = chosen !== undefined && existsSync(chosen) ? [] : userFiles(environment);
  return [...globalFiles(environment), ...user, ...siteFiles(environment, python), ...(chosen ? [chosen] : [])];
}

const BASENAME = process.platform === "win32" ? "pip.ini" : "pip.conf";

/** The user's home as Python's expanduser finds it. */
export function homeFolder(environment: EnvironmentVariables): string {
  return environment["HOME"] ?? environment["USERPROFILE"] ?? homedir();
}

function globalFiles(environment: EnvironmentVariables): string[] {
  if (process.platform === "win32") return [join(environment["PROGRAMDATA"] ?? "C:\\ProgramData", "pip", BASENAME)];
  if (process.platform === "darwin") return [join("/Library/Application Support/pip", BASENAME)];
  const folders = (environment["XDG_CONFIG_DIRS"]?.trim() || "/etc/xdg").split(delimiter);
  return [...folders.map((folder) => join(folder, "pip", BASENAME)), join("/etc", BASENAME)];
}

function userFiles(environment: EnvironmentVariables): string[] {
  const home = homeFolder(environment);
  if (process.platform === "win32") {
    const roaming = environment["APPDATA"] ?? join(home, "AppData", "Roaming");
    return [join(home, "pip", BASENAME), join(roaming, "pip", BASENAME)];
  }
  const legacy = join(home, ".pip", BASENAME);
  const applicationSupport = join(home, "Library", "Application Support", "pip");
  if (process.platform === "darwin" && existsSync(applicationSupport)) return [legacy, join(applicationSupport, BASENAME)];
  const configured = process.platform === "darwin" ? undefined : environment["XDG_CONFIG_HOME"]?.trim();
  return [legacy, join(configured || join(home, ".config"), "pip", BASENAME)];
}

function siteFiles(environment: EnvironmentVariables, python: string | undefined): string[] {
  const prefix = (python === undefined ? undefined : prefixOf(python)) ?? environment["VIRTUAL_ENV"] ?? prefixOnPath(environment);
  return prefix === undefined ? [] : [join(prefix, BASENAME)];
}

function prefixOnPath(environment: EnvironmentVariables): string | undefined {
  const name = process.platform === "win32" ? "python.exe" : "python3";
  const folders = (environment["PATH"] ?? "").split(delimiter).filter((folder) => isAbsolute(folder));
  const found = folders.map((folder) => join(folder, name)).find((path) => statSync(path, { throwIfNoEntry: false })?.isFile());
  return found === undefined ? undefined : prefixOf(found);
}

/** What `sys.prefix` would be, found without starting the interpreter: a virtual environment, or the folder above bin. */
function prefixOf(python: string): string | undefined {
  if (!existsSync(python)) return undefined;
  const above = dirname(dirname(python));
  if (existsSync(join(above, "pyvenv.cfg"))) return above;
  const real = dirname(realpathSync(python));
  return process.platform === "win32" ? real : dirname(real);
}
