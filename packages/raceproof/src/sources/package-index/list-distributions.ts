// Enters: a project's name and where pip looks for packages. Leaves: every archive of the project found there.
// Like pip it merges all places; which archive to take is decided elsewhere.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Notification } from "../../vocabulary/index.ts";
import { redactCredentials } from "../redact-credentials.ts";
import { normalizeProjectName, readDistributionLink, type DistributionFile, type DistributionLink } from "./distribution-file.ts";
import { ConnectionFailure, type IndexConnection } from "./index-connection.ts";
import type { PipConfiguration } from "./pip-configuration.ts";
import { lastSegment, PAGE_ACCEPT, parseProjectPage } from "./project-page.ts";

export interface Listing {
  readonly files: readonly DistributionFile[];
  /** Places that were asked and answered, without credentials. */
  readonly answered: readonly string[];
  /** Places that could not be asked. */
  readonly failures: readonly ConnectionFailure[];
}

const LARGEST_PAGE_BYTES = 64 * 1024 * 1024;

/**
 * Lists a project's archives in the order pip looks: find-links first, then the indexes. A place that fails is a failure in
 * the listing, not an exception, unless the user must change a setting.
 * @throws UserError for an insecure address or an unreadable certificate.
 */
export async function listDistributions(
  name: string,
  configuration: Pick<PipConfiguration, "indexes" | "findLinks">,
  connection: IndexConnection,
  onNotification: (notification: Notification) => void,
): Promise<Listing> {
  const normalized = normalizeProjectName(name);
  const answered: string[] = [];
  const failures: ConnectionFailure[] = [];
  const links: DistributionLink[] = [];
  const places = [
    ...configuration.findLinks.map((link) => ({ place: link, read: () => readFoundLinks(link, connection) })),
    ...configuration.indexes.map((index) => ({ place: index, read: () => readProjectPage(index, normalized, connection) })),
  ];
  for (const { place, read } of places) {
    const shown = redactCredentials(place);
    try {
      const found = await read();
      if (found === undefined) onNotification({ level: "warning", message: `pip's configuration names ${shown}, which does not exist` });
      else links.push(...found);
      answered.push(shown);
    } catch (error) {
      if (!(error instanceof ConnectionFailure)) throw error;
      if (error.status === 404 || error.status === 410) answered.push(shown);
      else failures.push(error);
    }
  }
  const files = links.flatMap((link) => readDistributionLink(link, normalized) ?? []);
  return { files: uniqueByUrl(files), answered, failures };
}

function uniqueByUrl(files: readonly DistributionFile[]): DistributionFile[] {
  return [...new Map(files.toReversed().map((file) => [file.url, file])).values()].reverse();
}

async function readProjectPage(index: string, normalized: string, connection: IndexConnection): Promise<DistributionLink[] | undefined> {
  const local = localPathOf(index);
  if (local === undefined) return readRemotePage(`${index.replace(/\/+$/, "")}/${normalized}/`, connection);
  if (!statSync(local, { throwIfNoEntry: false })?.isDirectory()) return undefined;
  const page = join(local, normalized, "index.html");
  return statSync(page, { throwIfNoEntry: false })?.isFile() ? readLocalPage(page) : [];
}

/** A find-links place: a folder of archives, one archive, or a page with links. Undefined when it does not exist. */
async function readFoundLinks(place: string, connection: IndexConnection): Promise<DistributionLink[] | undefined> {
  const local = localPathOf(place);
  if (local !== undefined) {
    const status = statSync(local, { throwIfNoEntry: false });
    if (!status) return undefined;
    const paths = status.isDirectory()
      ? readdirSync(local)
          .toSorted()
          .map((entry) => join(local, entry))
      : [local];
    return paths.flatMap((path) => (/\.html?$/i.test(path) ? readLocalPage(path) : [linkTo(pathToFileURL(path))]));
  }
  const url = new URL(place);
  return /\.(whl|zip|tgz|tar\.\w+)$/i.test(url.pathname) ? [linkTo(url)] : readRemotePage(place, connection);
}

function linkTo(url: URL): DistributionLink {
  return { filename: lastSegment(url), url: url.href, hashes: {}, requiresPython: undefined, yanked: undefined };
}

/** Path of a place on this machine; undefined for addresses on the network. */
function localPathOf(place: string): string | undefined {
  if (/^file:/i.test(place)) return fileURLToPath(place);
  return /^https?:\/\//i.test(place) && URL.canParse(place) ? undefined : resolve(place);
}

function readLocalPage(path: string): DistributionLink[] {
  return parseProjectPage(readFileSync(path, "utf8"), pathToFileURL(path).href, "text/html");
}

async function readRemotePage(url: string, connection: IndexConnection): Promise<DistributionLink[]> {
  return connection.get(url, PAGE_ACCEPT, async (answer) => {
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of answer.body) {
      size += chunk.length;
      if (size > LARGEST_PAGE_BYTES) throw pageFailure(url, "the page is endless");
      chunks.push(chunk);
    }
    const contentType = String(answer.headers["content-type"] ?? "text/html");
    try {
      return parseProjectPage(Buffer.concat(chunks).toString("utf8"), answer.url.href, contentType);
    } catch (error) {
      throw pageFailure(url, (error as Error).message);
    }
  });
}

function pageFailure(url: string, reason: string): ConnectionFailure {
  return new ConnectionFailure(`${redactCredentials(url)} is not a readable index page: ${reason}`, { status: undefined, retriable: false });
}
