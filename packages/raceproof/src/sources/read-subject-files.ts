// Enters: a subject. Leaves: the bytes of its files, one at a time, in its own order.
// It does not decode or parse; what cannot be read is reported and passed over.
import { closeSync, fstatSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Notification, Subject } from "../vocabulary/index.ts";

export interface SubjectFile {
  /** Relative to the subject's root, forward slashes. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** In MiB. The largest of 130,000 Python files looked at, generated tables and clients of web services, had 5.8; one of 50 took 2.4 GB of memory. */
const largestFile = 8;

/**
 * Reads every file of the subject; an unreadable or absurdly large one becomes a notification.
 * @param maxFileSize in MiB
 */
export async function* readSubjectFiles(
  subject: Pick<Subject, "root" | "files">,
  onNotification: (notification: Notification) => void,
  maxFileSize: number = largestFile,
): AsyncGenerator<SubjectFile, void, undefined> {
  for (const path of subject.files) {
    try {
      yield { path, bytes: readWhole(join(subject.root, path), maxFileSize) };
    } catch (error) {
      const reason = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
      onNotification({ level: "error", message: `the file cannot be read: ${reason}`, file: path });
    }
  }
}

/** Without giving way: of hundreds of small files, each step of which waits for another thread, nearly all the time went by waiting. */
function readWhole(path: string, maxFileSize: number): Uint8Array {
  const descriptor = openSync(path, "r");
  try {
    const { size } = fstatSync(descriptor);
    if (size > maxFileSize * 1024 * 1024)
      throw new Error(`it has ${(size / 1024 / 1024).toFixed(1)} MiB, more than the ${maxFileSize} of the setting max-file-size; exclude it or allow more`);
    return readFileSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
