// Enters: a package's name and perhaps version. Leaves: its archive in the cache, verified, with what the index says of it.
// When no place can be reached, a pinned release that was fetched before is taken from the cache.
import { readFile, rename, writeFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { UserError, type Notification } from "../../vocabulary/index.ts";
import { findArchive, partialPath, type SubjectCache } from "../subject-cache.ts";
import { chooseDistribution } from "./choose-distribution.ts";
import { normalizeProjectName, type DistributionFile } from "./distribution-file.ts";
import { downloadArchive } from "./download-archive.ts";
import { ConnectionFailure, IndexConnection } from "./index-connection.ts";
import { listDistributions, type Listing } from "./list-distributions.ts";
import { readPipConfiguration } from "./pip-configuration.ts";
import type { EnvironmentVariables } from "./pip-configuration-files.ts";

export interface ReleaseRequest {
  readonly name: string;
  readonly version: string | undefined;
}

export interface ReleaseContext {
  readonly cache: SubjectCache;
  readonly environment: EnvironmentVariables;
  readonly python?: string | undefined;
  readonly onProgress: (message: string) => void;
  readonly onNotification: (notification: Notification) => void;
}

export interface FetchedRelease {
  readonly path: string;
  readonly sha256: string;
  readonly version: string;
  readonly requiresPython: string | undefined;
}

/**
 * Fetches a release from the places pip is configured for.
 * @throws UserError for an unknown package or version, no network, or an archive that is not what the index promises.
 */
export async function fetchRelease(request: ReleaseRequest, context: ReleaseContext): Promise<FetchedRelease> {
  const configuration = readPipConfiguration(context.environment, context.python, context.onNotification);
  const connection = new IndexConnection(configuration, context.environment);
  try {
    const listing = await listDistributions(request.name, configuration, connection, context.onNotification);
    if (listing.files.length === 0 && listing.failures.length > 0) return await releaseOffline(request, listing.failures, context);
    const file = chooseFrom(listing, request, context);
    const archive = await downloadArchive(file, context.cache, connection);
    if (!archive.verified) context.onNotification({ level: "warning", message: `the index promises no digest for ${file.filename}; it is not verified` });
    const release = { path: archive.path, sha256: archive.sha256, version: file.version.text, requiresPython: file.requiresPython };
    await remember(request.name, file.filename, release, context.cache);
    return release;
  } catch (error) {
    throw error instanceof ConnectionFailure ? unreachable([error]) : error;
  } finally {
    await connection.close();
  }
}

function chooseFrom(listing: Listing, { name, version }: ReleaseRequest, context: ReleaseContext): DistributionFile {
  for (const failure of listing.failures) context.onNotification({ level: "warning", message: `a package index was left out: ${failure.message}` });
  if (listing.files.length === 0) {
    const places = listing.answered.length === 0 ? "because pip's configuration names no index (no-index)" : `on ${listing.answered.join(", ")}`;
    throw new UserError(`no package named "${name}" was found ${places}`, "Check the spelling and pip's index settings, or name a folder.");
  }
  const file = chooseDistribution(listing.files, name, version);
  if (file.yanked !== undefined) {
    context.onNotification({ level: "warning", message: `${name} ${file.version.text} was withdrawn by its authors${file.yanked && `: ${file.yanked}`}` });
  }
  context.onProgress(`fetching ${file.filename}`);
  return file;
}

function unreachable(failures: readonly ConnectionFailure[]): UserError {
  const reasons = failures.map((failure) => failure.message).join("; ");
  const isRefused = failures.some(({ status }) => status === 401 || status === 403);
  const isCertificate = /certificate|self-signed/i.test(reasons);
  const advice = isRefused
    ? "Put credentials into the index URL or the netrc file."
    : isCertificate
      ? "Set pip's cert setting (PIP_CERT) to the certificate authority of your network."
      : "Check the network and pip's index and proxy settings, or name a local folder.";
  return new UserError(`the package index gave no answer: ${reasons}`, advice);
}

interface RememberedRelease {
  readonly filename: string;
  readonly sha256: string;
  readonly version: string;
  readonly requiresPython?: string;
}

function memoryPath(cache: SubjectCache, name: string, version: string): string {
  return join(cache.folder, "releases", `${normalizeProjectName(name)}-${encodeURIComponent(version)}.json`);
}

/** Notes which archive a release is, for days without network. Failing to note it is no reason to fail. */
async function remember(name: string, filename: string, release: FetchedRelease, cache: SubjectCache): Promise<void> {
  const { sha256, version, requiresPython } = release;
  const partial = partialPath(cache, "release.json");
  try {
    await mkdir(join(cache.folder, "releases"), { recursive: true });
    await writeFile(partial, JSON.stringify({ filename, sha256, version, requiresPython }));
    await rename(partial, memoryPath(cache, name, version));
  } catch {
    return;
  }
}

async function releaseOffline(request: ReleaseRequest, failures: readonly ConnectionFailure[], context: ReleaseContext): Promise<FetchedRelease> {
  const known = request.version === undefined ? undefined : await recall(request.name, request.version, context.cache);
  const path = known && (await findArchive(context.cache, known.sha256, known.filename));
  if (!known || path === undefined) throw unreachable(failures);
  context.onNotification({ level: "warning", message: `no package index could be reached; ${known.filename} comes from the cache` });
  return { path, sha256: known.sha256, version: known.version, requiresPython: known.requiresPython };
}

async function recall(name: string, version: string, cache: SubjectCache): Promise<RememberedRelease | undefined> {
  try {
    const known = JSON.parse(await readFile(memoryPath(cache, name, version), "utf8")) as RememberedRelease;
    const usable = /^[0-9a-f]{64}$/.test(known.sha256) && typeof known.filename === "string" && !/[\\/]/.test(known.filename);
    return usable ? known : undefined;
  } catch {
    return undefined;
  }
}
