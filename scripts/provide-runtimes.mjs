// Test interpreters for continuous integration on Debian: PyPy from its package, a free-threaded CPython 3.13 built from
// Debian's source package into raceproof's cache folder. Never fails the run: says what it could not get, and why.
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, homedir } from "node:os";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import { findDebianMirror } from "./debian-mirror.mjs";
import { runQuietly } from "./run-quietly.mjs";

const suite = "trixie";
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
  const obstacle = obstacleHere();
  attempt("PyPy 3", isOnPath("pypy3"), () => obstacle ?? installPackages(["pypy3"]));
  const folder = join(cacheFolder(), "pythons", "3.13t");
  attempt("free-threaded CPython 3.13", isFreeThreaded(folder), () => obstacle ?? buildFreeThreaded(folder));
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
  if (!existsSync("/etc/debian_version") || !isOnPath("apt-get")) return "it is only provided on Debian";
  if (process.getuid?.() !== 0) return "it is only provided when running as root";
  return undefined;
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

function buildFreeThreaded(folder) {
  const mirror = findDebianMirror();
  if (!mirror) return "no Debian mirror among this machine's apt sources";
  const problem = installPackages(buildPackages);
  if (problem) return problem;
  const work = `${folder}.building-${process.pid}`;
  mkdirSync(work, { recursive: true });
  try {
    return downloadSource(mirror, work) ?? compile(work, folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** An apt configuration of its own, so that the machine's package lists stay as they are. */
function downloadSource(mirror, work) {
  const sources = join(work, "debian.sources");
  const signedBy = mirror.signedBy ? `Signed-By: ${mirror.signedBy}\n` : "";
  writeFileSync(sources, `Types: deb-src\nURIs: ${mirror.uri}\nSuites: ${suite}\nComponents: main\n${signedBy}`);
  for (const name of ["lists/partial", "cache/archives/partial", "source"]) mkdirSync(join(work, name), { recursive: true });
  const own = { sourcelist: sources, sourceparts: "-" };
  const settings = [
    `Dir::Etc::sourcelist=${own.sourcelist}`,
    `Dir::Etc::sourceparts=${own.sourceparts}`,
    `Dir::State::Lists=${join(work, "lists")}`,
    `Dir::Cache=${join(work, "cache")}`,
    "APT::Sandbox::User=root",
  ];
  const options = settings.flatMap((setting) => ["-o", setting]);
  for (const parameters of [["update"], ["source", "--download-only", sourcePackage]]) {
    const done = runQuietly({ command: "apt-get", arguments: [...options, ...parameters], cwd: join(work, "source"), seconds: secondsLeft() });
    if (!done.ok) return `apt-get ${parameters[0]} of ${suite} failed (${lastLine(done.log)})`;
  }
  return undefined;
}

function compile(work, folder) {
  const source = join(work, "source");
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

function lastLine(log) {
  return log.trim().split("\n").at(-1)?.slice(0, 200) ?? "";
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) provideRuntimes();
