// Enters: package-lock.json and what is installed. Leaves: an installed tree equal to the lock, or one clear line.
// npm's own hidden lock file says what is installed, so there is no stamp to fall out of step with it.
import { existsSync, readFileSync } from "node:fs";
import { inRepository } from "./repository.mjs";
import { runQuietly } from "./run-quietly.mjs";

const networkErrors = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|network request/;

/** @returns {{ok: true} | {ok: false, reason: string, log: string}} */
export function installDependencies() {
  if (isInstalled()) return { ok: true };
  const result = runQuietly({ label: "installing dependencies (npm ci), once", ...npm(["ci", "--no-audit", "--no-fund", "--loglevel=error"]) });
  if (result.ok) return { ok: true };
  const network = networkErrors.exec(result.log)?.[0];
  if (network === undefined) return { ok: false, reason: "npm ci failed.", log: result.log };
  const advice = "Connect, or configure npm's registry, then run this again.";
  return { ok: false, reason: `no network: npm could not reach its package registry (${network}). ${advice}`, log: "" };
}

function isInstalled() {
  const hidden = inRepository("node_modules", ".package-lock.json");
  return existsSync(hidden) && satisfiesLock(packagesOf(hidden), packagesOf(inRepository("package-lock.json")));
}

/**
 * True when every package of the lock is installed in its version; packages for other platforms may be missing.
 * @param {Record<string, object>} installed packages of npm's hidden lock file
 * @param {Record<string, object>} wanted packages of package-lock.json
 */
export function satisfiesLock(installed, wanted) {
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.startsWith("node_modules/") || entry.link) return true;
    const found = installed[path];
    if (!found) return entry.optional === true;
    return found.version === entry.version && (entry.integrity === undefined || found.integrity === entry.integrity);
  });
}

function packagesOf(lockFile) {
  return JSON.parse(readFileSync(lockFile, "utf8")).packages ?? {};
}

/** The npm that started us when there is one: it need not be the first on PATH. */
function npm(parameters) {
  const started = process.env.npm_execpath;
  if (started?.endsWith(".js")) return { command: process.execPath, arguments: [started, ...parameters] };
  return { command: "npm", arguments: parameters, shell: process.platform === "win32" };
}
