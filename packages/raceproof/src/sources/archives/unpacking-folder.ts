// Enters: names and bytes of archive entries, none of them trusted. Leaves: plain files and folders below one folder.
// It never creates a link, a device or an executable, so no entry can redirect a later one.
import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import type { Notification } from "../../vocabulary/index.ts";
import { refuseArchive, UnpackingMeter, type UnpackingLimits } from "./unpacking-limits.ts";

/** What an unpacker needs to know about the archive it reads. */
export interface UnpackingTask {
  /** How messages name the archive. */
  readonly archive: string;
  /** An existing, empty folder. */
  readonly folder: string;
  readonly limits: UnpackingLimits;
  /** What to do with a link to somewhere outside the archive: links are never created, so this is about trust, not safety. */
  readonly outsideLinks: "refuse" | "skip";
  readonly onNotification: (notification: Notification) => void;
}

/** Writes the entries of one archive; one file is open at a time. */
export class UnpackingFolder {
  readonly meter: UnpackingMeter;
  readonly #task: UnpackingTask;
  readonly #written: Set<string> = new Set();
  #open: number | undefined;

  constructor(task: UnpackingTask) {
    this.#task = task;
    this.meter = new UnpackingMeter(task.archive, task.limits);
  }

  /** @throws UserError when the name leaves the folder or the name is already a file. */
  makeFolder(name: string): void {
    const path = this.#pathOf(name);
    this.#guard(name, () => mkdirSync(path, { recursive: true }));
  }

  /** Starts a file; `writeChunk` and `closeFile` follow. A second entry of the same name replaces the first, as tar does. */
  openFile(name: string): void {
    const path = this.#pathOf(name);
    if (this.#written.has(path)) this.note("warning", `contains ${printable(name)} more than once; the last one counts`);
    this.#written.add(path);
    this.#guard(name, () => {
      mkdirSync(dirname(path), { recursive: true });
      this.#open = openSync(path, "w", 0o644);
    });
  }

  writeChunk(chunk: Uint8Array): void {
    this.meter.countFileBytes(chunk.length);
    if (this.#open === undefined) throw new Error("writeChunk before openFile");
    for (let from = 0; from < chunk.length;) from += writeSync(this.#open, chunk, from);
  }

  /** Closes the open file, if any; harmless to call twice. */
  closeFile(): void {
    if (this.#open !== undefined) closeSync(this.#open);
    this.#open = undefined;
  }

  /** Leaves a link out, or refuses the archive when the link leads outside and the task says so. `base` is what the target is relative to. */
  skipLink(name: string, target: string, base: "entry" | "archive"): void {
    this.#pathOf(name);
    const start = base === "entry" ? posix.dirname(slashed(name)) : ".";
    const outside = isRooted(slashed(target)) || posix.join(start, slashed(target)).split("/").includes("..");
    if (outside && this.#task.outsideLinks === "refuse") {
      throw refuseArchive(this.#task.archive, `the link ${printable(name)} leads outside, to ${printable(target)}`);
    }
    this.note("note", `contains the link ${printable(name)} to ${printable(target)}; links are left out`);
  }

  refuse(reason: string): never {
    throw refuseArchive(this.#task.archive, reason);
  }

  note(level: Notification["level"], message: string): void {
    this.#task.onNotification({ level, message: `${this.#task.archive} ${message}` });
  }

  #pathOf(name: string): string {
    const path = slashed(name);
    if (name.includes("\0")) this.refuse(`the entry ${printable(name)} has a NUL in its name`);
    if (isRooted(path)) this.refuse(`the entry ${printable(name)} has an absolute path`);
    if (path.split("/").includes("..")) this.refuse(`the entry ${printable(name)} leaves the folder`);
    return join(this.#task.folder, path);
  }

  #guard(name: string, write: () => void): void {
    try {
      write();
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? "";
      const impossible = ["EEXIST", "ENOTDIR", "EISDIR", "ENAMETOOLONG", "EINVAL", "ENOENT"].includes(code);
      if (impossible) this.refuse(`the entry ${printable(name)} cannot be a file or folder here (${code})`);
      throw error;
    }
  }
}

/** A backslash separates folders on some systems, so it does everywhere. */
function slashed(name: string): string {
  return name.replaceAll("\\", "/");
}

function isRooted(path: string): boolean {
  return path.startsWith("/") || /^[A-Za-z]:/.test(path);
}

const LONGEST_PRINTED = 120;

/** A name as a message may show it: escaped, so that it cannot drive the terminal, and not endless. */
function printable(name: string): string {
  return JSON.stringify(name.length > LONGEST_PRINTED ? `${name.slice(0, LONGEST_PRINTED)}…` : name).replaceAll("\u007f", "\\u007f");
}
