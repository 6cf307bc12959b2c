// Completes package-lock.json after a dependency change: npm leaves out optional packages of other platforms when the
// registry at hand does not serve them, and `npm ci` then refuses the lock everywhere. Adds them by name and version.
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { inRepository } from "./repository.mjs";

const lockFile = inRepository("package-lock.json");
const systems = ["aix", "android", "darwin", "freebsd", "linux", "netbsd", "openbsd", "openharmony", "sunos", "win32"];
const processors = ["arm", "arm64", "ia32", "loong64", "mips64el", "ppc64", "riscv64", "s390x", "wasm32", "x64"];
const libraries = { gnu: "glibc", musl: "musl" };

/**
 * @typedef {{version?: string, optionalDependencies?: Record<string, string>, dev?: boolean, optional?: boolean}} LockEntry
 * @typedef {{packages: Record<string, LockEntry>}} Lock
 */

/**
 * Optional dependencies that a locked package names and the lock does not have.
 * @param {Lock} lock
 */
export function missingOptionalPackages(lock) {
  return Object.entries(lock.packages).flatMap(([path, entry]) =>
    Object.entries(entry.optionalDependencies ?? {})
      .filter(([name]) => !(`${path}/node_modules/${name}` in lock.packages) && !(`node_modules/${name}` in lock.packages))
      .map(([name, version]) => ({ path: `node_modules/${name}`, version, development: entry.dev === true })),
  );
}

/**
 * The same lock with those packages, sorted as npm sorts it. Versions must be exact, as those of platform packages are.
 * @param {Lock} lock
 * @returns {Lock}
 */
export function completeLock(lock) {
  const added = missingOptionalPackages(lock).map(({ path, version, development }) => [path, entryFor(path, version, development)]);
  const packages = Object.entries(lock.packages).concat(added);
  return { ...lock, packages: Object.fromEntries(packages.toSorted(([a], [b]) => a.localeCompare(b, "en"))) };
}

/** npm reads the platform from the entry; here it stands in the name: "…/binding-linux-arm64-musl". */
function entryFor(path, version, development) {
  if (!/^\d/.test(version)) throw new Error(`${path}: "${version}" is not an exact version; add it to package-lock.json by hand`);
  const words = path.split(/[-/]/);
  const found = (known) => words.filter((word) => known.includes(word));
  const parts = { cpu: found(processors), os: found(systems), libc: found(Object.keys(libraries)).map((word) => libraries[word]) };
  const { cpu, os, libc } = Object.fromEntries(Object.entries(parts).map(([name, values]) => [name, values.length > 0 ? values : undefined]));
  // Keys in npm's order, so that npm's next run leaves them alone; JSON drops the undefined ones.
  return { version, cpu, dev: development || undefined, libc, optional: true, os };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  writeFileSync(lockFile, `${JSON.stringify(completeLock(JSON.parse(readFileSync(lockFile, "utf8"))), null, 2)}\n`);
}
