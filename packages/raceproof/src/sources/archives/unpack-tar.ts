// Enters: the bytes of a tar archive, compressed with gzip or not at all. Leaves: its files in a folder.
// The tar package's parser reads headers; decompression happens outside it so that every byte is counted here.
import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import type { ReadEntry } from "tar";
import { UnpackingFolder, type UnpackingTask } from "./unpacking-folder.ts";

/**
 * Unpacks a gzip-compressed tar file.
 * @throws UserError when the archive is damaged, hostile or a bomb; the folder then holds leftovers the caller deletes.
 */
export async function unpackGzippedTar(path: string, task: UnpackingTask): Promise<void> {
  const packed = createReadStream(path);
  const unpacked = createGunzip();
  // Not stream.pipeline: it would report its own abortion in the place of a refusal.
  packed.on("error", (error) => unpacked.destroy(error)).pipe(unpacked);
  try {
    await unpackTarChunks(unpacked, task, () => packed.bytesRead);
  } catch (error) {
    throw isGzipFailure(error) ? new UnpackingFolder(task).refuse(`it is not intact gzip (${error.code})`) : error;
  } finally {
    packed.destroy();
  }
}

/** Unpacks an uncompressed tar stream; sizes are limited, the ratio has no meaning. */
export async function unpackTar(chunks: AsyncIterable<Uint8Array>, task: UnpackingTask): Promise<void> {
  await unpackTarChunks(chunks, task, () => Number.POSITIVE_INFINITY);
}

async function unpackTarChunks(chunks: AsyncIterable<Uint8Array>, task: UnpackingTask, packedBytes: () => number): Promise<void> {
  const folder = new UnpackingFolder(task);
  const { Parser } = await import("tar");
  const parser = new Parser({ strict: true, zstd: false, onReadEntry: (entry) => receiveEntry(entry, folder) });
  let failure: Error | undefined;
  parser.on("error", (error: Error) => (failure ??= error));
  parser.on("ignoredEntry", (entry: ReadEntry) => {
    folder.meter.countEntry();
    if (!entry.meta) folder.note("warning", `contains ${JSON.stringify(entry.path)}, an entry of a kind that is left out`);
  });
  let first = true;
  try {
    for await (const chunk of chunks) {
      // The parser would unpack a second layer of compression on its own, past the meter.
      if (first && chunk[0] === 0x1f && chunk[1] === 0x8b) folder.refuse("it is compressed twice");
      first = false;
      folder.meter.countTotalBytes(chunk.length, packedBytes());
      parser.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
      if (failure) break;
    }
    if (!failure) parser.end();
  } finally {
    folder.closeFile();
  }
  if (failure) folder.refuse(`it is not an intact tar archive (${failure.message})`);
}

function receiveEntry(entry: ReadEntry, folder: UnpackingFolder): void {
  folder.meter.countEntry();
  switch (entry.type) {
    case "File":
    case "OldFile":
    case "ContiguousFile":
      folder.openFile(entry.path);
      entry.on("data", (chunk: Uint8Array) => folder.writeChunk(chunk));
      entry.on("end", () => folder.closeFile());
      return;
    case "Directory":
    case "GNUDumpDir":
      folder.makeFolder(entry.path);
      break;
    case "SymbolicLink":
      folder.skipLink(entry.path, entry.linkpath ?? "", "entry");
      break;
    case "Link":
      folder.skipLink(entry.path, entry.linkpath ?? "", "archive");
      break;
    default:
      folder.refuse(`the entry ${JSON.stringify(entry.path)} is a ${entry.type}, not a file`);
  }
  entry.resume();
}

function isGzipFailure(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && /^Z_|^ERR_BUFFER/.test((error as NodeJS.ErrnoException).code ?? "");
}
