// Enters: a zip file (a wheel or a source archive). Leaves: its files in a folder.
// yauzl reads the directory and checks sizes; what entries may be called and contain is decided here.
import { stat } from "node:fs/promises";
import { crc32 } from "node:zlib";
import type { Entry, ZipFile } from "yauzl";
import { UnpackingFolder, type UnpackingTask } from "./unpacking-folder.ts";

const KIND_MASK = 0o170000;
const SYMBOLIC_LINK = 0o120000;
const REGULAR_FILE = 0o100000;
const LONGEST_LINK_TARGET = 4096;

/**
 * Unpacks a zip file.
 * @throws UserError when the archive is damaged, encrypted, hostile or a bomb; the folder then holds leftovers the caller deletes.
 */
export async function unpackZip(path: string, task: UnpackingTask): Promise<void> {
  const folder = new UnpackingFolder(task);
  const packed = (await stat(path)).size;
  const { openPromise } = await import("yauzl");
  // Names are decoded by yauzl but judged here: its own check cannot say which archive is at fault.
  const zip = await openPromise(path, { autoClose: false, validateEntrySizes: true }).catch((error: Error) => folder.refuse(notIntact(error)));
  try {
    for await (const entry of zip.eachEntry()) await unpackEntry(zip, entry, { folder, packed });
  } catch (error) {
    throw isFormatError(error) ? folder.refuse(notIntact(error)) : error;
  } finally {
    folder.closeFile();
    zip.close();
  }
}

interface Destination {
  readonly folder: UnpackingFolder;
  /** Bytes of the whole archive file: overlapping entries cannot pretend to more. */
  readonly packed: number;
}

async function unpackEntry(zip: ZipFile, entry: Entry, { folder, packed }: Destination): Promise<void> {
  folder.meter.countEntry();
  if (entry.isEncrypted()) folder.refuse(`the entry ${JSON.stringify(entry.fileName)} is encrypted`);
  if (entry.fileName.endsWith("/")) return folder.makeFolder(entry.fileName);
  const kind = (entry.externalFileAttributes >>> 16) & KIND_MASK;
  if (kind === SYMBOLIC_LINK) return folder.skipLink(entry.fileName, await readLinkTarget(zip, entry, folder), "entry");
  if (kind !== 0 && kind !== REGULAR_FILE) folder.refuse(`the entry ${JSON.stringify(entry.fileName)} is a device, not a file`);
  folder.openFile(entry.fileName);
  let checksum = 0;
  for await (const chunk of (await zip.openReadStreamPromise(entry)) as AsyncIterable<Uint8Array>) {
    folder.meter.countTotalBytes(chunk.length, packed);
    folder.writeChunk(chunk);
    checksum = crc32(chunk, checksum);
  }
  folder.closeFile();
  if (checksum !== entry.crc32) folder.refuse(`the entry ${JSON.stringify(entry.fileName)} is damaged`);
}

async function readLinkTarget(zip: ZipFile, entry: Entry, folder: UnpackingFolder): Promise<string> {
  if (entry.uncompressedSize > LONGEST_LINK_TARGET) folder.refuse(`the link ${JSON.stringify(entry.fileName)} has an endless target`);
  const chunks: Uint8Array[] = [];
  for await (const chunk of (await zip.openReadStreamPromise(entry)) as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

function notIntact(error: Error): string {
  return `it is not an intact zip archive (${error.message})`;
}

/** yauzl and zlib report damage with plain errors; those of the file system carry a system call. */
function isFormatError(error: unknown): error is Error {
  return error instanceof Error && error.name !== "UserError" && (error as NodeJS.ErrnoException).syscall === undefined;
}
