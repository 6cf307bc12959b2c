// Test interpreters for continuous integration on Debian: PyPy from its package; a newer PyPy, unpacked, and a free-threaded
// CPython 3.13, built, from a newer suite into raceproof's cache folder. Never fails the run: says what it could not get, and why.
// `node scripts/provide-runtimes.mjs --thread-sanitizer` builds that CPython once more, with ThreadSanitizer, in a folder of its own.
import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
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
/** `folder`: in the cache folder. `seconds`: everything together; a slow mirror must not eat the time of the tests. */
const ordinary = { name: "free-threaded CPython 3.13", folder: ["pythons", "3.13t"], flags: ["--disable-gil"], install: [], seconds: 6 * 60 };
/** Not among the interpreters that tests and searches choose from: it is slow. What runs in it is built by the ordinary one. */
const instrumented = {
  name: "free-threaded CPython 3.13 with ThreadSanitizer",
  folder: ["sanitized-pythons", "3.13t-thread"],
  flags: ["--disable-gil", "--with-thread-sanitizer", "--disable-test-modules", "--with-ensurepip=no"],
  // Else everything is compiled ahead by the instrumented interpreter itself, for many minutes.
  install: ["COMPILEALL_OPTS=--help"],
  seconds: 60 * 60,
};
/** CPython's own list of its harmless races; `make install` leaves it out. */
const suppressions = { from: join("Tools", "tsan", "suppressions_free_threading.txt"), to: "thread-sanitizer-suppressions.txt" };
const buildPackages = "gcc make libc6-dev libssl-dev zlib1g-dev libffi-dev libbz2-dev liblzma-dev libsqlite3-dev libreadline-dev xz-utils".split(" ");

let deadline = 0;

function secondsLeft() {
  return Math.max(1, (deadline - Date.now()) / 1000);
}

export function provideRuntimes() {
  deadline = Date.now() + ordinary.seconds * 1000;
  const obstacle = obstacleHere();
  attempt("PyPy 3", isOnPath("pypy3"), () => obstacle ?? rootIsMissing() ?? installPackages(["pypy3"]));
  const pypy = join(cacheFolder(), "pythons", `${pypyPackage}-${suite}`);
  attempt(`PyPy 3 of ${suite}`, isPyPy(pypy), () => obstacle ?? fromSuite(pypy, providePyPy));
  provideBuild(ordinary);
}

function provideBuild(build) {
  const place = join(cacheFolder(), ...build.folder);
  attempt(build.name, isFreeThreaded(place), () => obstacleHere() ?? rootIsMissing() ?? fromSuite(place, (...given) => buildFreeThreaded(build, ...given)));
}

function provideInstrumented() {
  deadline = Date.now() + (ordinary.seconds + instrumented.seconds) * 1000;
  provideBuild(ordinary);
  provideBuild(instrumented);
}

function attempt(name, present, obtain) {
  if (present) return;
  let problem;
  try {
    problem = obtain();
  } catch (error) {
    problem = error.message;
  }
  process.stderr.write(problem ? `raceproof: there is no ${name}: ${problem}\n` : `raceproof: ${name} is ready\n`);
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

function buildFreeThreaded(build, packages, work, folder) {
  const problem = installPackages(buildPackages);
  if (problem) return problem;
  const downloaded = packages.downloadSource(sourcePackage);
  return downloaded.problem ?? compile({ ...build, source: downloaded.folder, work, folder });
}

function compile({ source, flags, install, work, folder }) {
  const archive = readdirSync(source).find((name) => name.includes(".orig.tar."));
  if (!archive) return "the source package has no .orig archive";
  const tree = join(work, "tree");
  mkdirSync(tree);
  const staged = join(work, "staged");
  const steps = [
    { command: "tar", arguments: ["-xf", join(source, archive), "-C", tree, "--strip-components=1"] },
    { command: "./configure", arguments: [`--prefix=${folder}`, ...flags] },
    { command: "make", arguments: [`-j${availableParallelism()}`] },
    { command: "make", arguments: ["install", `DESTDIR=${staged}`, ...install] },
  ];
  process.stderr.write(`raceproof: building ${archive.split(".orig")[0]} ${flags.join(" ")}, once\n`);
  for (const step of steps) {
    const done = runQuietly({ ...started(step), cwd: tree, seconds: secondsLeft() });
    if (!done.ok) return `${step.command} ${step.arguments[0]} failed (${lastLine(done.log)})`;
  }
  copyFileSync(join(tree, suppressions.from), join(staged, folder, suppressions.to));
  writeFileSync(join(staged, folder, "raceproof-build.txt"), `${archive} ${flags.join(" ")}\n`);
  // Another run may have been faster. Otherwise the folder appears complete or not at all.
  if (isFreeThreaded(folder)) return undefined;
  rmSync(folder, { recursive: true, force: true });
  renameSync(join(staged, folder), folder);
  return isFreeThreaded(folder) ? undefined : "the build does not run without a GIL";
}

function isFreeThreaded(folder) {
  const executable = join(folder, "bin", "python3.13t");
  const program = "import sys; sys.exit(sys._is_gil_enabled())";
  return existsSync(executable) && runQuietly({ ...started({ command: executable, arguments: ["-I", "-c", program] }), seconds: 60 }).ok;
}

/** ThreadSanitizer does not start where the system chooses addresses too freely; what it says of the build itself does not matter. */
function started(step) {
  const isAble = runQuietly({ command: "setarch", arguments: ["-R", "true"] }).ok;
  const environment = { TSAN_OPTIONS: "report_bugs=0:exitcode=0" };
  return isAble ? { ...step, command: "setarch", arguments: ["-R", step.command, ...step.arguments], environment } : { ...step, environment };
}

function isOnPath(name) {
  return (process.env.PATH ?? "").split(delimiter).some((folder) => folder !== "" && existsSync(join(folder, name)));
}

/** The same folder that raceproof itself uses. */
function cacheFolder() {
  return process.env.RACEPROOF_CACHE || join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "raceproof");
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  if (process.argv.includes("--thread-sanitizer")) provideInstrumented();
  else provideRuntimes();
}
