// Which file of the subject an `#include` names.
// What enters: the paths of the subject's files. What leaves: a path, or undefined for headers from elsewhere.
// Compiler flags are not known: a name that is not beside the includer is searched in the whole subject, nearest folders first.
import { posix } from "node:path";

export class IncludeResolver {
  private readonly paths: ReadonlySet<string>;
  private readonly pathsByBase: Map<string, string[]> = new Map();
  private readonly known: Map<string, string | undefined> = new Map();

  constructor(paths: readonly string[]) {
    this.paths = new Set(paths);
    for (const path of paths) {
      const base = posix.basename(path);
      const others = this.pathsByBase.get(base);
      if (others === undefined) this.pathsByBase.set(base, [path]);
      else others.push(path);
    }
  }

  /** @param name as written between the quotes or angle brackets */
  resolve(name: string, includer: string): string | undefined {
    const folder = posix.dirname(includer);
    const beside = posix.normalize(folder === "." ? name : `${folder}/${name}`);
    if (this.paths.has(beside)) return beside;
    const key = `${folder}\0${name}`;
    if (!this.known.has(key)) this.known.set(key, this.search(posix.normalize(name).replace(/^(?:\.\.\/)+/, ""), folder));
    return this.known.get(key);
  }

  private search(name: string, folder: string): string | undefined {
    const candidates = (this.pathsByBase.get(posix.basename(name)) ?? []).filter((path) => path === name || path.endsWith(`/${name}`));
    let best: string | undefined;
    for (const path of candidates) if (best === undefined || isBetter(path, best, folder)) best = path;
    return best;
  }
}

/** Nearer to the includer; else less deep, because that is where include folders are; else first by name. */
function isBetter(path: string, than: string, folder: string): boolean {
  const nearer = sharedFolders(path, folder) - sharedFolders(than, folder);
  if (nearer !== 0) return nearer > 0;
  const deeper = path.split("/").length - than.split("/").length;
  return deeper === 0 ? path < than : deeper < 0;
}

function sharedFolders(path: string, folder: string): number {
  const left = posix.dirname(path).split("/");
  const right = folder.split("/");
  let shared = 0;
  while (shared < left.length && left[shared] === right[shared]) shared++;
  return shared;
}
