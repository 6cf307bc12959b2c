// Enters: what a person typed to name a subject. Leaves: a Specification, one of six kinds, or a UserError that says what to type.
// It looks at the disk only to learn whether a path exists; it fetches nothing.
import { statSync } from "node:fs";
import { basename, resolve } from "node:path";
import { UserError } from "../vocabulary/index.ts";
import { isArchiveName } from "./archives/archive-format.ts";
import { parseReleaseVersion } from "./package-index/release-version.ts";
import { redactCredentials } from "./redact-credentials.ts";

/** What to fetch. `text` is what the user typed; paths are absolute. */
export type Specification =
  | { readonly kind: "folder"; readonly text: string; readonly path: string }
  | { readonly kind: "file"; readonly text: string; readonly path: string }
  | { readonly kind: "archive"; readonly text: string; readonly path: string }
  | { readonly kind: "release"; readonly text: string; readonly name: string; readonly version: string | undefined }
  | GitUrlSpecification
  | { readonly kind: "git-folder"; readonly text: string; readonly path: string; readonly revision: string; readonly subdirectory?: string };

export interface GitUrlSpecification {
  readonly kind: "git-url";
  readonly text: string;
  readonly url: string;
  /** Branch, tag, commit or expression; undefined means the remote's default branch. */
  readonly revision: string | undefined;
  /** Folder inside the repository that holds the project, from "#subdirectory=". */
  readonly subdirectory: string | undefined;
}

const FORMS = "Name a folder, a .py file, a package (name or name==version), git+URL@revision, or a local repository PATH@revision.";
const RELEASE = /^([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[[^\]]*\])?\s*(?:==\s*(\S+))?$/;
const GIT_SCHEMES: ReadonlySet<string> = new Set(["https:", "http:", "ssh:", "git:", "file:"]);

/**
 * Reads a specification. An existing path wins over a package of the same name; `==` is the only version operator, because an
 * audit is of one release. Extras ("name[extra]") are accepted and ignored: they select requirements, not code.
 * @throws UserError for anything that is none of the forms, or a path that does not exist.
 */
export function parseSpecification(text: string, cwd: string): Specification {
  const trimmed = text.trim();
  if (trimmed === "" || trimmed.includes("\0")) throw new UserError("no subject is named", FORMS);
  if (/^git\+/i.test(trimmed)) return parseGitUrl(trimmed);
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed)) {
    throw new UserError(`"${redactCredentials(trimmed)}" is a bare URL`, "Write git+URL@revision for a repository, or download the archive and name the file.");
  }
  return parseExistingPath(trimmed, cwd) ?? parseGitFolder(trimmed, cwd) ?? parseRelease(trimmed, cwd);
}

function parseExistingPath(text: string, cwd: string): Specification | undefined {
  const path = resolve(cwd, text);
  const status = statSync(path, { throwIfNoEntry: false });
  if (!status) return undefined;
  if (status.isDirectory()) return { kind: "folder", text, path };
  if (status.isFile() && path.endsWith(".py")) return { kind: "file", text, path };
  if (status.isFile() && isArchiveName(basename(path))) return { kind: "archive", text, path };
  throw new UserError(`"${text}" is not a Python file`, "Name a .py file, a folder, a wheel or a source archive (.whl, .zip, .tar.gz).");
}

/** The rightmost "@" whose left side is a folder: revisions such as HEAD@{1} contain "@" themselves. */
function parseGitFolder(text: string, cwd: string): Specification | undefined {
  for (let at = text.lastIndexOf("@"); at > 0; at = text.lastIndexOf("@", at - 1)) {
    const path = resolve(cwd, text.slice(0, at));
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) continue;
    return { kind: "git-folder", text, path, revision: checkedRevision(text.slice(at + 1), text) };
  }
  return undefined;
}

function parseRelease(text: string, cwd: string): Specification {
  const looksLikePath = /[\\/]/.test(text) || text.startsWith(".") || /\.(py|whl|zip|tgz|tar\.\w+)$/.test(text);
  if (looksLikePath) {
    throw new UserError(`no such file or folder: ${resolve(cwd, text)}`, "Check the path; relative paths start at the current folder.");
  }
  const match = RELEASE.exec(text);
  if (match?.[1] !== undefined) {
    const version = match[2];
    if (version === undefined || parseReleaseVersion(version)) return { kind: "release", text, name: match[1], version };
    throw new UserError(`"${version}" is not a version`, "Write an exact version such as name==1.2.3.");
  }
  if (/[<>=!~;,]/.test(text)) throw new UserError(`"${text}" is not one release`, "Only == with an exact version is understood: name==1.2.3.");
  throw new UserError(`"${text}" names nothing that can be audited`, FORMS);
}

function parseGitUrl(text: string): GitUrlSpecification {
  const url = URL.canParse(text.slice("git+".length)) ? new URL(text.slice("git+".length)) : undefined;
  if (!url || !GIT_SCHEMES.has(url.protocol)) {
    throw new UserError(
      `"${redactCredentials(text)}" is not a repository URL`,
      "Write git+https://…, git+ssh://…, git+git://… or git+file://…, with @revision at the end.",
    );
  }
  const subdirectory = new URLSearchParams(url.hash.slice(1)).get("subdirectory") ?? undefined;
  if (subdirectory !== undefined && /^[\\/]|(^|[\\/])\.\.([\\/]|$)/.test(subdirectory)) {
    throw new UserError(`"${subdirectory}" leaves the repository`, "Give #subdirectory= as a path inside the repository.");
  }
  const at = url.pathname.lastIndexOf("@");
  const revision = at < 0 ? undefined : checkedRevision(percentDecoded(url.pathname.slice(at + 1)), text);
  if (at >= 0) url.pathname = url.pathname.slice(0, at);
  url.hash = "";
  return { kind: "git-url", text: redactCredentials(text), url: url.href, revision, subdirectory };
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function checkedRevision(revision: string, text: string): string {
  // A leading dash would be an option to git; control characters and spaces are never part of a revision.
  if (revision !== "" && !revision.startsWith("-") && !/[\s\p{Cc}]/u.test(revision)) return revision;
  throw new UserError(`"${redactCredentials(text)}" has no usable revision after the @`, "Write a branch, a tag or a commit after the @.");
}
