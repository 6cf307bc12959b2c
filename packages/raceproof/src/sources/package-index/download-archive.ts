// Enters: a chosen archive of a project. Leaves: the archive in the cache, with the bytes its index promised.
// Bytes that do not match are deleted before anything can read them.
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { UserError } from "../../vocabulary/index.ts";
import { redactCredentials } from "../redact-credentials.ts";
import { explainDiskErrors, findArchive, keepArchive, partialPath, type SubjectCache } from "../subject-cache.ts";
import type { DistributionFile } from "./distribution-file.ts";
import type { IndexConnection } from "./index-connection.ts";

/** An archive on disk. */
export interface KeptArchive {
  readonly path: string;
  readonly sha256: string;
  /** False when the index promised no digest that could be checked. */
  readonly verified: boolean;
}

const LARGEST_ARCHIVE_BYTES = 1024 * 1024 * 1024;
// The algorithms pip accepts, strongest first.
const ALGORITHMS: readonly string[] = ["sha512", "sha384", "sha256", "sha224", "sha1", "md5"];

/**
 * Takes the archive from the cache when its sha256 is known and there, else downloads or copies it.
 * @throws UserError when the bytes differ from the promised digest (nothing is kept), or for a full disk;
 *   ConnectionFailure when the server cannot be reached.
 */
export async function downloadArchive(file: DistributionFile, cache: SubjectCache, connection: IndexConnection): Promise<KeptArchive> {
  const promised = file.hashes["sha256"];
  const known = promised === undefined ? undefined : await findArchive(cache, promised, file.filename);
  if (known !== undefined && promised !== undefined) return { path: known, sha256: promised, verified: true };
  const partial = partialPath(cache, file.filename);
  try {
    return await explainDiskErrors(cache, async () => {
      const digests = await receive(file, partial, connection);
      const verified = checkDigest(file, digests);
      const sha256 = digests.get("sha256") ?? "";
      return { path: await keepArchive(cache, partial, sha256, file.filename), sha256, verified };
    });
  } finally {
    await rm(partial, { force: true });
  }
}

async function receive(file: DistributionFile, partial: string, connection: IndexConnection): Promise<ReadonlyMap<string, string>> {
  if (file.url.startsWith("file:")) return writeChunks(createReadStream(fileURLToPath(file.url)), file, partial);
  return connection.get(file.url, "*/*", (answer) => writeChunks(answer.body, file, partial));
}

/** Writes from the start of the file each time: a retry must not append to what a broken connection left. */
async function writeChunks(chunks: AsyncIterable<Uint8Array>, file: DistributionFile, partial: string): Promise<ReadonlyMap<string, string>> {
  const algorithm = algorithmOf(file);
  const hashes = new Map([...new Set(["sha256", ...(algorithm === undefined ? [] : [algorithm])])].map((name) => [name, createHash(name)]));
  const handle = await open(partial, "w");
  let size = 0;
  try {
    for await (const chunk of chunks) {
      size += chunk.length;
      if (size > LARGEST_ARCHIVE_BYTES) throw new UserError(`${file.filename} is larger than 1 GiB`, "Unpack it yourself and name the folder.");
      for (const hash of hashes.values()) hash.update(chunk);
      await handle.writeFile(chunk);
    }
  } finally {
    await handle.close();
  }
  return new Map([...hashes].map(([name, hash]) => [name, hash.digest("hex")]));
}

function algorithmOf(file: DistributionFile): string | undefined {
  return ALGORITHMS.find((algorithm) => file.hashes[algorithm] !== undefined);
}

function checkDigest(file: DistributionFile, digests: ReadonlyMap<string, string>): boolean {
  const algorithm = algorithmOf(file);
  if (algorithm === undefined) return false;
  if (digests.get(algorithm) === file.hashes[algorithm]) return true;
  throw new UserError(
    `${file.filename} from ${redactCredentials(new URL(file.url).host || file.url)} does not have the ${algorithm} that the index promises; nothing was kept`,
    "Try again; if it stays so, the index or something on the way changes files.",
  );
}
