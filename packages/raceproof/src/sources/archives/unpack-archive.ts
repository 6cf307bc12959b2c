// Enters: an archive file and an empty folder. Leaves: the unpacked files, or a UserError and nothing promised about the folder.
// It does not look at what the files mean, and runs none of them.
import { createReadStream } from "node:fs";
import { UserError } from "../../vocabulary/index.ts";
import { archiveFormatOf } from "./archive-format.ts";
import { unpackGzippedTar, unpackTar } from "./unpack-tar.ts";
import { unpackZip } from "./unpack-zip.ts";
import type { UnpackingTask } from "./unpacking-folder.ts";

/**
 * Unpacks a .whl, .zip, .tar.gz, .tgz or .tar file; the format goes by the file's name.
 * @throws UserError for other formats and for damaged or hostile archives.
 */
export async function unpackArchive(path: string, task: UnpackingTask): Promise<void> {
  const format = archiveFormatOf(path);
  switch (format) {
    case "zip":
      return unpackZip(path, task);
    case "tar.gz":
      return unpackGzippedTar(path, task);
    case "tar":
      return unpackTar(createReadStream(path), task);
    case undefined:
      throw new UserError(`${task.archive} has a format that cannot be read`, "Use a wheel, a .zip or a .tar.gz; or unpack it and name the folder.");
    default:
      return format satisfies never;
  }
}
