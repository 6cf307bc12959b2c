// Enters: a specification. Leaves: a Subject on disk, ready to be read and imported; its code has not run.
// This is the only file that knows all the ways a subject can arrive.
import { access, constants } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { UserError, type Notification, type Subject } from "../vocabulary/index.ts";
import { discoverFile, discoverFolder, type DiscoveredSubject, type DiscoveryOptions } from "./discovery/discover-subject-files.ts";
import { unpackLocalRevision, unpackRemoteRevision } from "./git-repository.ts";
import { fetchRelease } from "./package-index/fetch-release.ts";
import type { EnvironmentVariables } from "./package-index/pip-configuration-files.ts";
import type { Specification } from "./specification.ts";
import { defaultCacheFolder, openSubjectCache } from "./subject-cache.ts";
import { unpackedArchive } from "./unpacked-archive.ts";
import { digestFile } from "./tree-digest.ts";

export interface FetchOptions {
  /** Where archives and trees are kept; RACEPROOF_CACHE or the user's cache folder when undefined. */
  readonly cacheFolder?: string | undefined;
  /** Audit tests, documentation and examples too. */
  readonly includeTests?: boolean | undefined;
  /** Interpreter whose site configuration of pip counts, as an absolute path; it is not started. */
  readonly python?: string | undefined;
  /** One line per step, for a person who waits. */
  readonly onProgress?: ((message: string) => void) | undefined;
  /** What was skipped, ignored or could not be verified. */
  readonly onNotification?: ((notification: Notification) => void) | undefined;
  /** Variables to read settings from; the process's own when undefined. */
  readonly environment?: EnvironmentVariables | undefined;
}

/** The options with nothing left open. */
type Settings = { readonly [Name in Exclude<keyof FetchOptions, "python">]-?: NonNullable<FetchOptions[Name]> } & Pick<FetchOptions, "python">;

/**
 * Fetches a subject: from disk as it is, from the package index pip is configured for, or from a git revision.
 * @throws UserError for everything the user can solve: unknown package, version or revision, no network, an archive that is
 *   damaged or hostile, a full disk, a folder without Python files.
 */
export async function fetchSubject(specification: Specification, options: FetchOptions = {}): Promise<Subject> {
  const environment = options.environment ?? process.env;
  const settings = {
    cacheFolder: resolve(options.cacheFolder ?? defaultCacheFolder(environment)),
    includeTests: options.includeTests ?? false,
    python: options.python,
    onProgress: options.onProgress ?? (() => undefined),
    onNotification: options.onNotification ?? (() => undefined),
    environment,
  };
  const subject = await discover(specification, settings);
  if (subject.files.length + subject.nativeFiles.length === 0) throw nothingToAudit(specification, subject);
  return { specification: specification.text, ...subject };
}

async function discover(specification: Specification, settings: Settings): Promise<DiscoveredSubject> {
  switch (specification.kind) {
    case "folder":
      return discoverFolder(specification.path, discoveryOptions(settings, basename(specification.path)));
    case "file":
      return discoverReadableFile(specification.path, settings);
    case "archive":
      return discoverArchive(specification.path, settings);
    case "release":
      return discoverRelease(specification, settings);
    case "git-url":
    case "git-folder":
      return discoverRevision(specification, settings);
    default:
      return specification satisfies never;
  }
}

function discoveryOptions({ includeTests, onNotification }: Settings, nameHint: string): DiscoveryOptions {
  return { includeTests, onNotification, nameHint };
}

async function discoverReadableFile(path: string, settings: Settings): Promise<DiscoveredSubject> {
  await checkReadable(path);
  return discoverFile(path, discoveryOptions(settings, basename(path, ".py")));
}

async function checkReadable(path: string): Promise<void> {
  await access(path, constants.R_OK).catch((error: NodeJS.ErrnoException) => {
    throw new UserError(`${path} cannot be read (${error.code ?? error.message})`, "Check the file's permissions.");
  });
}

async function discoverArchive(path: string, settings: Settings): Promise<DiscoveredSubject> {
  await checkReadable(path);
  const cache = await openSubjectCache(settings.cacheFolder);
  const archive = { path, sha256: await digestFile(path, "sha256") };
  const root = await unpackedArchive(archive, cache, settings.onNotification);
  return discoverFolder(root, discoveryOptions(settings, basename(path).split("-")[0] ?? basename(path)));
}

async function discoverRelease(specification: Extract<Specification, { kind: "release" }>, settings: Settings): Promise<DiscoveredSubject> {
  const cache = await openSubjectCache(settings.cacheFolder);
  const release = await fetchRelease(specification, { ...settings, cache });
  const root = await unpackedArchive(release, cache, settings.onNotification);
  const subject = await discoverFolder(root, discoveryOptions(settings, specification.name));
  return { ...subject, version: release.version, requiresPython: subject.requiresPython ?? release.requiresPython };
}

async function discoverRevision(specification: Extract<Specification, { kind: "git-url" | "git-folder" }>, settings: Settings): Promise<DiscoveredSubject> {
  const context = { ...settings, cache: await openSubjectCache(settings.cacheFolder) };
  if (specification.kind === "git-folder") {
    const root = await unpackLocalRevision(specification, context);
    return discoverFolder(root, discoveryOptions(settings, basename(specification.path)));
  }
  const root = await unpackRemoteRevision(specification, context);
  return discoverFolder(root, discoveryOptions(settings, basename(new URL(specification.url).pathname).replace(/\.git$/, "")));
}

function nothingToAudit(specification: Specification, subject: DiscoveredSubject): UserError {
  const { excluded } = subject;
  if (excluded.length === 0)
    return new UserError(
      `${specification.text} has no files in Python, Cython, C, C++ or Rust; stubs and notebooks are not audited`,
      "Name a folder, package or revision with sources.",
    );
  return new UserError(
    `${specification.text} has nothing to audit: its ${excluded.length} Python files are tests, examples, vendored or build files`,
    `Include tests, or name a file such as ${excluded[0]}.`,
  );
}
