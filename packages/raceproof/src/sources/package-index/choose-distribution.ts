// Enters: all archives of a project. Leaves: the one to audit.
// It never downloads. Requires-Python is ignored: source for any Python can be read, whatever runs here.
import { UserError } from "../../vocabulary/index.ts";
import type { DistributionFile } from "./distribution-file.ts";
import { compareVersions, isPreRelease, matchesPin, parseReleaseVersion, type ReleaseVersion } from "./release-version.ts";

const NEIGHBORS = 2;

/**
 * Chooses a version (the pinned one; else the newest that is neither a pre-release nor withdrawn; else the newest), then a
 * file of it: a pure wheel, else the source archive, else any wheel. Where other wheels hold compiled code, only the source archive has its source.
 * @throws UserError when the pin matches nothing (with the nearest versions) or no file of it can be unpacked.
 */
export function chooseDistribution(files: readonly DistributionFile[], name: string, pin: string | undefined): DistributionFile {
  const version = pin === undefined ? newestVersion(files) : pinnedVersion(files, name, pin);
  const ofVersion = files.filter((file) => compareVersions(file.version, version) === 0 && file.readable);
  const chosen = bestFile(ofVersion);
  if (chosen) return chosen;
  throw new UserError(
    `${name} ${version.text} has no archive that can be unpacked here`,
    "Unpack its source archive with another program and name the folder.",
  );
}

function newestVersion(files: readonly DistributionFile[]): ReleaseVersion {
  const standing = files.filter((file) => file.yanked === undefined);
  const readable = standing.filter((file) => file.readable);
  const stable = readable.filter((file) => !isPreRelease(file.version));
  const pool = [stable, readable, standing, files].find((candidates) => candidates.length > 0) ?? [];
  return pool.map((file) => file.version).reduce((newest, version) => (compareVersions(version, newest) > 0 ? version : newest));
}

function pinnedVersion(files: readonly DistributionFile[], name: string, pin: string): ReleaseVersion {
  const wanted = parseReleaseVersion(pin);
  if (!wanted) throw new UserError(`"${pin}" is not a version`, "Write an exact version such as name==1.2.3.");
  const sorted = files.map((file) => file.version).toSorted(compareVersions);
  const match = sorted.findLast((version) => matchesPin(version, wanted));
  if (match) return match;
  throw new UserError(`${name} has no version ${pin}`, describeNearest(sorted, wanted));
}

function describeNearest(sorted: readonly ReleaseVersion[], wanted: ReleaseVersion): string {
  const texts = (versions: readonly ReleaseVersion[]): string[] => [...new Set(versions.map((version) => version.text))];
  const older = texts(sorted.filter((version) => compareVersions(version, wanted) < 0)).slice(-NEIGHBORS);
  const newer = texts(sorted.filter((version) => compareVersions(version, wanted) > 0)).slice(0, NEIGHBORS);
  const newest = sorted.findLast((version) => !isPreRelease(version)) ?? sorted.at(-1);
  return `The nearest are ${[...older, ...newer].join(", ")}; the newest is ${newest?.text ?? "unknown"}.`;
}

function bestFile(files: readonly DistributionFile[]): DistributionFile | undefined {
  const wheels = files.filter((file) => file.kind === "wheel").toSorted((a, b) => compareNaturally(b.filename, a.filename));
  const sdists = files.filter((file) => file.kind === "sdist");
  const isCompiled = wheels.some((wheel) => !wheel.pure);
  return (
    (isCompiled && sdists.length > 0 ? undefined : wheels.find((wheel) => wheel.pure)) ??
    sdists.find((sdist) => sdist.filename.endsWith(".tar.gz")) ??
    sdists[0] ??
    wheels.find((wheel) => wheel.filename.includes("manylinux")) ??
    wheels[0]
  );
}

/** Numbers in names compare as numbers, so that cp313 is newer than cp39 and build 10 newer than build 9. */
function compareNaturally(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true });
}
