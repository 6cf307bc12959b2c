// Enters: counts of what an archive has produced so far. Leaves: nothing, or a refusal when the archive is a bomb.
// Limits are checked while streaming: declared sizes are the attacker's words.
import { UserError } from "../../vocabulary/index.ts";

export interface UnpackingLimits {
  /** Entries of any kind. */
  readonly entries: number;
  /** Bytes of one unpacked file. */
  readonly fileBytes: number;
  /** Bytes of everything unpacked. */
  readonly totalBytes: number;
  /** Unpacked to packed bytes, looked at only above `ratioFloorBytes`: small archives of repetitive text are honest. */
  readonly ratio: number;
  readonly ratioFloorBytes: number;
}

const MEBIBYTE = 1024 * 1024;

export const DEFAULT_LIMITS: UnpackingLimits = {
  entries: 100_000,
  fileBytes: 64 * MEBIBYTE,
  totalBytes: 1024 * MEBIBYTE,
  ratio: 200,
  ratioFloorBytes: 50 * MEBIBYTE,
};

/** Refuses an archive: the message names it and why, with control characters escaped, because reasons quote what it contains. */
export function refuseArchive(archive: string, reason: string): UserError {
  const shown = reason.replace(/\p{Cc}/gu, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return new UserError(`${archive} was not unpacked: ${shown}`, "Nothing of it was kept; check where the archive comes from.");
}

/** Counts what one archive produces and throws when a limit is passed. */
export class UnpackingMeter {
  readonly #archive: string;
  readonly #limits: UnpackingLimits;
  #entries = 0;
  #total = 0;
  #file = 0;

  constructor(archive: string, limits: UnpackingLimits) {
    this.#archive = archive;
    this.#limits = limits;
  }

  countEntry(): void {
    this.#entries += 1;
    this.#file = 0;
    if (this.#entries > this.#limits.entries) throw refuseArchive(this.#archive, `it has more than ${this.#limits.entries} entries`);
  }

  /** Counts bytes of the entry that `countEntry` opened last. */
  countFileBytes(bytes: number): void {
    this.#file += bytes;
    if (this.#file > this.#limits.fileBytes) {
      throw refuseArchive(this.#archive, `one file is larger than ${this.#limits.fileBytes / MEBIBYTE} MiB`);
    }
  }

  /** Counts unpacked bytes against the packed bytes they came from (Infinity when there is no compression). */
  countTotalBytes(bytes: number, packed: number): void {
    this.#total += bytes;
    const { totalBytes, ratio, ratioFloorBytes } = this.#limits;
    if (this.#total > totalBytes) throw refuseArchive(this.#archive, `it unpacks to more than ${totalBytes / MEBIBYTE} MiB`);
    if (this.#total > ratioFloorBytes && this.#total > ratio * packed) {
      throw refuseArchive(this.#archive, `it unpacks to more than ${ratio} times its size`);
    }
  }
}
