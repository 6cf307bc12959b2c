// Enters: a subject. Leaves: the bytes of its files, one at a time, in its own order.
// It does not decode or parse; what cannot be read is reported and passed over.
import { open } from "node:fs/promises";
import { join } from "node:path";
import type { Notification, Subject } from "../vocabulary/index.ts";

export interface SubjectFile {
  /** Relative to the subject's root, forward slashes. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

const LARGEST_FILE_BYTES = 64 * 1024 * 1024;

/** Reads every file of the subject; an unreadable or absurdly large one becomes a notification. */
export async function* readSubjectFiles(
  subject: Pick<Subject, "root" | "files">,
  onNotification: (notification: Notification) => void,
): AsyncGenerator<SubjectFile, void, undefined> {
  for (const path of subject.files) {
    try {
      yield { path, bytes: await readWhole(join(subject.root, path)) };
    } catch (error) {
      const reason = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
      onNotification({ level: "error", message: `the file cannot be read: ${reason}`, file: path });
    }
  }
}

async function readWhole(path: string): Promise<Uint8Array> {
  const handle = await open(path, "r");
  try {
    const { size } = await handle.stat();
    if (size > LARGEST_FILE_BYTES) throw new Error(`larger than ${LARGEST_FILE_BYTES / 1024 / 1024} MiB`);
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}
