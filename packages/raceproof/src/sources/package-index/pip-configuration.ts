// Enters: environment variables and pip's configuration files. Leaves: where packages come from and how to connect there.
// It reads pip's settings but never starts pip. Settings that concern installing are not looked at.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { UserError, type Notification } from "../../vocabulary/index.ts";
import { parseIni } from "../ini-file.ts";
import { homeFolder, listPipConfigurationFiles, type EnvironmentVariables } from "./pip-configuration-files.ts";

/** Where packages come from, in pip's terms. */
export interface PipConfiguration {
  /** Base URLs (or paths) of simple repositories; empty with no-index. */
  readonly indexes: readonly string[];
  /** Folders, files, or URLs of pages with links to archives. */
  readonly findLinks: readonly string[];
  /** PEM bundle that replaces the default certificate authorities. */
  readonly certificate: string | undefined;
  /** PEM file with a private key and a certificate. */
  readonly clientCertificate: string | undefined;
  /** "host" or "host:port": plain HTTP and unknown certificates are accepted there. */
  readonly trustedHosts: readonly string[];
  readonly proxy: string | undefined;
  readonly timeoutSeconds: number;
  readonly retries: number;
}

// The only registry address in the program: pip documents it as the default of --index-url.
const DEFAULT_INDEX = "https://pypi.org/simple";
const DEFAULT_TIMEOUT_SECONDS = 15;
const DEFAULT_RETRIES = 5;
const ALIASES: Readonly<Record<string, string>> = { "default-timeout": "timeout", "pypi-url": "index-url" };

/**
 * Reads pip's configuration as `pip download` would: sections [global] then [download], then PIP_ variables; empty values
 * count as unset. Source: pip documentation, "Configuration".
 * @throws UserError for a value pip would refuse.
 */
export function readPipConfiguration(
  environment: EnvironmentVariables,
  python: string | undefined,
  onNotification: (notification: Notification) => void,
): PipConfiguration {
  const settings = new Map<string, string>();
  const files = listPipConfigurationFiles(environment, python).map((path) => readSections(path, onNotification));
  for (const section of ["global", "download"]) {
    for (const sections of files) addSettings(settings, sections.get(section) ?? new Map());
  }
  addSettings(settings, environmentSettings(environment));
  const noIndex = readBoolean(settings, "no-index");
  const indexes = [settings.get("index-url") ?? DEFAULT_INDEX, ...readList(settings, "extra-index-url")];
  return {
    indexes: noIndex ? [] : indexes.map((index) => index.trim()),
    findLinks: readList(settings, "find-links").map((link) => expandHome(link, environment)),
    certificate: certificateOf(settings, environment),
    clientCertificate: settings.get("client-cert"),
    trustedHosts: readList(settings, "trusted-host"),
    proxy: settings.get("proxy"),
    timeoutSeconds: readNumber(settings, "timeout", DEFAULT_TIMEOUT_SECONDS),
    retries: Math.floor(readNumber(settings, "retries", DEFAULT_RETRIES)),
  };
}

function readSections(path: string, onNotification: (notification: Notification) => void): ReturnType<typeof parseIni> {
  try {
    return existsSync(path) ? parseIni(readFileSync(path, "utf8")) : new Map();
  } catch (error) {
    onNotification({ level: "warning", message: `pip's configuration file ${path} cannot be read: ${(error as Error).message}` });
    return new Map();
  }
}

function addSettings(settings: Map<string, string>, options: ReadonlyMap<string, string>): void {
  for (const [option, value] of options) {
    const name = option.toLowerCase().replaceAll("_", "-").replace(/^--/, "");
    if (value.trim() !== "") settings.set(ALIASES[name] ?? name, value.trim());
  }
}

function environmentSettings(environment: EnvironmentVariables): ReadonlyMap<string, string> {
  const entries = Object.entries(environment).filter(([name, value]) => name.startsWith("PIP_") && value !== undefined);
  return new Map(entries.map(([name, value]) => [name.slice("PIP_".length), value as string]));
}

function readList(settings: ReadonlyMap<string, string>, name: string): string[] {
  return (settings.get(name) ?? "").split(/\s+/).filter((part) => part !== "");
}

function readBoolean(settings: ReadonlyMap<string, string>, name: string): boolean {
  const value = settings.get(name)?.toLowerCase();
  if (value === undefined || ["n", "no", "f", "false", "off", "0"].includes(value)) return false;
  if (["y", "yes", "t", "true", "on", "1"].includes(value)) return true;
  throw new UserError(`pip's setting ${name} has the value "${value}"`, "Write yes or no, in pip's configuration or its PIP_ variable.");
}

function readNumber(settings: ReadonlyMap<string, string>, name: string, fallback: number): number {
  const text = settings.get(name);
  const value = text === undefined ? fallback : Number(text);
  if (Number.isFinite(value) && value >= 0) return value;
  throw new UserError(`pip's setting ${name} has the value "${text}"`, "Write a number, in pip's configuration or its PIP_ variable.");
}

function expandHome(link: string, environment: EnvironmentVariables): string {
  if (link !== "~" && !/^~[\\/]/.test(link)) return link;
  const expanded = join(homeFolder(environment), link.slice(1));
  return existsSync(expanded) ? expanded : link;
}

/** pip's own setting, else the bundles that its HTTP library and OpenSSL look at. */
function certificateOf(settings: ReadonlyMap<string, string>, environment: EnvironmentVariables): string | undefined {
  const bundles = [settings.get("cert"), environment["REQUESTS_CA_BUNDLE"], environment["CURL_CA_BUNDLE"], environment["SSL_CERT_FILE"]];
  return bundles.find((path) => path !== undefined && path !== "");
}
