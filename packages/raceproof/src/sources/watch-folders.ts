// Enters: folders. Leaves: word that something in them has changed. Which files, and whether it matters, is for the reader to find out.
import { watch } from "node:fs";
import type { FSWatcher } from "node:fs";

/** Editors write a file in several steps, git hundreds of files: word comes when there was nothing new for so long. */
const quietMilliseconds = 40;

/** Sources, settings, baselines, and folders; not the logs and caches that programs write beside them. */
const telling = /\.(py|toml|cfg|ini|json)$|^[^.]+$/;

export class FolderWatch {
  /** Undefined for folders that the system will not watch. */
  private readonly watchers = new Map<string, FSWatcher | undefined>();
  private readonly onProblem: (folder: string, reason: string) => void;
  private hasChanged = false;
  private notify: (() => void) | undefined;

  /** @param onProblem told of folders that the system will not watch */
  constructor(onProblem: (folder: string, reason: string) => void) {
    this.onProblem = onProblem;
  }

  /**
   * Watches these folders, without those below them, and no others.
   * @returns whether one was not watched before: what happened there in the meantime is unknown
   */
  cover(folders: ReadonlySet<string>): boolean {
    for (const [folder, watcher] of this.watchers) {
      if (folders.has(folder)) continue;
      watcher?.close();
      this.watchers.delete(folder);
    }
    const added = [...folders].filter((folder) => !this.watchers.has(folder));
    return added.filter((folder) => this.add(folder)).length > 0;
  }

  /** Resolves when something has changed since the last time. */
  async changed(): Promise<void> {
    if (!this.hasChanged) await new Promise<void>((resolve) => (this.notify = resolve));
    while (this.hasChanged) {
      this.hasChanged = false;
      await new Promise((resolve) => setTimeout(resolve, quietMilliseconds));
    }
  }

  close(): void {
    for (const watcher of this.watchers.values()) watcher?.close();
    this.watchers.clear();
  }

  private add(folder: string): boolean {
    try {
      const watcher = watch(folder, (_, name) => void ((name === null || telling.test(name)) && this.note()));
      watcher.on("error", () => this.drop(folder));
      this.watchers.set(folder, watcher);
      return true;
    } catch (error) {
      const reason = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
      // A folder that has just gone is noticed where it was.
      if (reason === "ENOENT") return false;
      this.watchers.set(folder, undefined);
      this.onProblem(folder, reason);
      return false;
    }
  }

  /** It was removed, or can no longer be watched: the next round covers it anew if it is still there. */
  private drop(folder: string): void {
    this.watchers.get(folder)?.close();
    this.watchers.delete(folder);
    this.note();
  }

  private note(): void {
    this.hasChanged = true;
    this.notify?.();
  }
}
