// Test interpreters for continuous integration on Debian: PyPy from its package; a newer PyPy, unpacked, and a free-threaded
// CPython 3.13, built, from a newer suite into raceproof's cache folder. Never fails the run: says what it could not get, and why.
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, homedir } from "node:os";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import { AptSuite, lastLine } from "./apt-suite.mjs";
import { findDebianMirror } from "./debian-mirror.mjs";
import { runQuietly } from "./run-quietly.mjs";
import { isPyPy, unpackPyPy } from "./unpack-pypy.mjs";

const suite = "trixie";
const pypyPackage = "pypy3";
const sourcePackage = "python3.13";
const configureFlags = ["--disable-gil"];
const buildPackages = "gcc make libc6-dev libssl-dev zlib1g-dev libffi-dev libbz2-dev liblzma-dev libsqlite3-dev libreadline-dev xz-utils".split(" ");
/** Everything together; a slow mirror must not eat the time of the tests. */
const secondsInAll = 6 * 60;

let deadline = 0;

function secondsLeft() {
  return Math.max(1, (deadline - Date.now()) / 1000);
}

export function provideRuntimes() {
  deadline = Date.now() + secondsInAll * 1000;
  const pythons = join(cacheFolder(), "pythons");
  const obstacle = obstacleHere();
  attempt("PyPy 3", isOnPath("pypy3"), () => obstacle ?? rootIsMissing() ?? installPackages(["pypy3"]));
  const pypy = join(pythons, `${pypyPackage}-${suite}`);
  attempt(`PyPy 3 of ${suite}`, isPyPy(pypy), () => obstacle ?? fromSuite(pypy, providePyPy));
  const freeThreaded = join(pythons, "3.13t");
  attempt("free-threaded CPython 3.13", isFreeThreaded(freeThreaded), () => obstacle ?? rootIsMissing() ?? fromSuite(freeThreaded, buildFreeThreaded));
}

function attempt(name, present, obtain) {
  if (present) return;
  let problem;
  try {
    problem = obtain();
  } catch (error) {
    problem = error.message;
  }
  process.stderr.write(problem ? `raceproof: tests run without ${name}: ${problem}\n` : `raceproof: ${name} is ready\n`);
}

function obstacleHere() {
  return existsSync("/etc/debian_version") && isOnPath("apt-get") ? undefined : "it is only provided on Debian";
}

function rootIsMissing() {
  return process.getuid?.() === 0 ? undefined : "packages are only installed when running as root";
}

/** @returns {string | undefined} what went wrong */
function installPackages(names) {
  const missing = names.filter((name) => !runQuietly({ command: "dpkg-query", arguments: ["-W", "-f=${db:Status-Abbrev}", name] }).log.startsWith("ii"));
  if (missing.length === 0) return undefined;
  const apt = (label, parameters) =>
    runQuietly({ label, command: "apt-get", arguments: parameters, seconds: secondsLeft(), environment: { DEBIAN_FRONTEND: "noninteractive" } });
  // A source that cannot be reached does not matter when the packages come from another one.
  apt("apt-get update", ["update"]);
  const installed = apt(`apt-get install ${missing.join(" ")}`, ["install", "-y", "--no-install-recommends", ...missing]);
  return installed.ok ? undefined : `apt-get could not install ${missing.join(", ")} (${lastLine(installed.log)})`;
}

/** Runs `provide(suite, work, folder)` with a folder to work in, on the same file system as the result. */
function fromSuite(folder, provide) {
  const mirror = findDebianMirror();
  if (!mirror) return "no Debian mirror among this machine's apt sources";
  const work = `${folder}.building-${process.pid}`;
  mkdirSync(work, { recursive: true });
  try {
    return provide(new AptSuite({ mirror, suite, work, secondsLeft }), work, folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function providePyPy(packages, work, folder) {
  const downloaded = packages.downloadBinary(pypyPackage);
  return downloaded.problem ?? unpackPyPy(downloaded.folder, work, folder);
}

function buildFreeThreaded(packages, work, folder) {
  const problem = installPackages(buildPackages);
  if (problem) return problem;
  const downloaded = packages.downloadSource(sourcePackage);
  return downloaded.problem ?? compile(downloaded.folder, work, folder);
}

function compile(source, work, folder) {
  const archive = readdirSync(source).find((name) => name.includes(".orig.tar."));
  if (!archive) return "the source package has no .orig archive";
  mkdirSync(join(work, "tree"));
  const staged = join(work, "staged");
  const steps = [
    { command: "tar", arguments: ["-xf", join(source, archive), "-C", join(work, "tree"), "--strip-components=1"] },
    { command: "./configure", arguments: [`--prefix=${folder}`, ...configureFlags] },
    { command: "make", arguments: [`-j${availableParallelism()}`] },
    { command: "make", arguments: ["install", `DESTDIR=${staged}`] },
  ];
  process.stderr.write(`raceproof: building ${archive.split(".orig")[0]} ${configureFlags.join(" ")}, once\n`);
  for (const step of steps) {
    const done = runQuietly({ ...step, cwd: join(work, "tree"), seconds: secondsLeft() });
    if (!done.ok) return `${step.command} ${step.arguments[0]} failed (${lastLine(done.log)})`;
  }
  writeFileSync(join(staged, folder, "raceproof-build.txt"), `${archive} ${configureFlags.join(" ")}\n`);
  // Another run may have been faster. Otherwise the folder appears complete or not at all.
  if (isFreeThreaded(folder)) return undefined;
  rmSync(folder, { recursive: true, force: true });
  renameSync(join(staged, folder), folder);
  return isFreeThreaded(folder) ? undefined : "the build does not run without a GIL";
}

function isFreeThreaded(folder) {
  const executable = join(folder, "bin", "python3.13t");
  const program = "import sys; sys.exit(sys._is_gil_enabled())";
  return existsSync(executable) && runQuietly({ command: executable, arguments: ["-I", "-c", program], seconds: 60 }).ok;
}

function isOnPath(name) {
  return (process.env.PATH ?? "").split(delimiter).some((folder) => folder !== "" && existsSync(join(folder, name)));
}

/** The same folder that raceproof itself uses. */
function cacheFolder() {
  return process.env.RACEPROOF_CACHE || join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "raceproof");
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) provideRuntimes();
