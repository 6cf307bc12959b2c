// Enters: the file name of an archive on an index. Leaves: what it holds (wheel or source, which version), if it is of the project.
// It knows the naming standards only; nothing is opened.
import { archiveFormatOf, archiveSuffixOf } from "../archives/archive-format.ts";
import { parseReleaseVersion, type ReleaseVersion } from "./release-version.ts";

/** One downloadable archive of a project. */
export interface DistributionFile {
  readonly filename: string;
  /** Absolute http:, https: or file: URL, without fragment. */
  readonly url: string;
  readonly kind: "wheel" | "sdist";
  readonly version: ReleaseVersion;
  /** A wheel for every platform and any Python 3: no compiled code. */
  readonly pure: boolean;
  /** The archive's format can be unpacked here. */
  readonly readable: boolean;
  /** Hex digests by lower-case algorithm name. */
  readonly hashes: Readonly<Record<string, string>>;
  readonly requiresPython: string | undefined;
  /** Reason (may be empty) when the file was withdrawn (PEP 592). */
  readonly yanked: string | undefined;
}

/** A link as an index page gives it, before its name is understood. */
export type DistributionLink = Pick<DistributionFile, "filename" | "url" | "hashes" | "requiresPython" | "yanked">;

/** Project names compare equal in this form. Source: PEP 503, "Normalized Names". */
export function normalizeProjectName(name: string): string {
  return name.replace(/[-_.]+/g, "-").toLowerCase();
}

/**
 * Understands a link, or returns undefined for other projects and for installers, eggs and signatures.
 * Source: the binary distribution format (PEP 427) and source distribution file name (PEP 625) standards.
 */
export function readDistributionLink(link: DistributionLink, normalizedName: string): DistributionFile | undefined {
  const suffix = archiveSuffixOf(link.filename);
  if (suffix === undefined || /[\\/\0]/.test(link.filename)) return undefined;
  const stem = link.filename.slice(0, -suffix.length);
  return suffix === ".whl" ? readWheel(link, stem, normalizedName) : readSdist(link, stem, normalizedName);
}

function readWheel(link: DistributionLink, stem: string, normalizedName: string): DistributionFile | undefined {
  const parts = stem.split("-");
  if (parts.length < 5 || parts.length > 6 || normalizeProjectName(parts[0] ?? "") !== normalizedName) return undefined;
  const version = parseReleaseVersion((parts[1] ?? "").replaceAll("_", "-"));
  if (!version) return undefined;
  const [python = "", abi = "", platform = ""] = parts.slice(-3);
  const pure = abi === "none" && platform === "any" && python.split(".").some((tag) => /^(py|cp)3/.test(tag));
  return { ...link, kind: "wheel", version, pure, readable: true };
}

/** Old source archives are named "a-b-1.0": the version starts where the rest is the project's name. */
function readSdist(link: DistributionLink, stem: string, normalizedName: string): DistributionFile | undefined {
  for (let dash = stem.indexOf("-"); dash > 0; dash = stem.indexOf("-", dash + 1)) {
    const version = normalizeProjectName(stem.slice(0, dash)) === normalizedName ? parseReleaseVersion(stem.slice(dash + 1)) : undefined;
    if (version) return { ...link, kind: "sdist", version, pure: false, readable: archiveFormatOf(link.filename) !== undefined };
  }
  return undefined;
}
