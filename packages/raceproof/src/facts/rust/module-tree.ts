// The modules of a subject's crates: which file or inline `mod` is which module, what each brings in by `use`, which items it declares.
// What enters: parsed files and crates. What leaves: modules by path, and paths resolved through `use`, re-exports and globs.
// Misses: names that only macros declare.
import type { RustReader } from "./rust-reader.ts";

export interface RustModule {
  /** "demo", "demo::inner"; roots besides the library begin with their file: "demo/tests/a.rs". */
  readonly path: string;
  readonly parent: RustModule | undefined;
  readonly crate: number;
  readonly reader: RustReader;
  readonly testOnly: boolean;
  /** Name -> path as written, relative to the module. */
  readonly uses: Map<string, string>;
  /** Paths of `use x::*`. */
  readonly globs: string[];
}

/** Names that come with a glob of PyO3's. */
const preludeOfPyO3 = /^(?:Py(?!thon$)\w*|Python|Bound|Borrowed|IntoPyObject\w*|IntoPy|ToPyObject|FromPyObject|GIL\w+|\w+Methods)$/;

export class RustModules {
  readonly all: RustModule[] = [];
  readonly #byPath = new Map<string, RustModule>();
  readonly #items = new Set<string>();
  /** What names mean in a module, asked for once all modules are known. */
  readonly #meanings = new Map<RustModule, Map<string, string | undefined>>();

  add(module: RustModule): void {
    this.all.push(module);
    this.#byPath.set(module.path, module);
  }

  /** An item is known by its whole path. */
  declare(path: string): void {
    this.#items.add(path);
  }

  /** What a written path means in a module: the whole path of an item of the program, or an outside name as far as `use` tells. */
  resolve(written: string, module: RustModule): string {
    const segments = written.split("::");
    const start = this.#start(segments, module);
    return start === undefined ? this.#outside(written) : this.#follow(start, segments.slice(1));
  }

  /** What the first segment means; undefined: a name from outside. */
  #start([first = ""]: readonly string[], module: RustModule): string | undefined {
    if (first === "crate" || first === "$crate") return rootOf(module).path;
    if (first === "self") return module.path;
    if (first === "super") return (module.parent ?? module).path;
    return this.#meaning(module, first);
  }

  #follow(start: string, segments: readonly string[]): string {
    let path = start;
    for (const [index, segment] of segments.entries()) {
      const module = this.#byPath.get(path);
      if (module === undefined) return [path, ...segments.slice(index)].join("::");
      const own = `${path}::${segment}`;
      // What has more behind it is a module, also where a function of its name is brought in.
      if (index < segments.length - 1 && this.#byPath.has(own)) path = own;
      else path = segment === "super" ? (module.parent ?? module).path : (this.#meaning(module, segment) ?? own);
    }
    return path;
  }

  #meaning(module: RustModule, name: string): string | undefined {
    let known = this.#meanings.get(module);
    if (known === undefined) this.#meanings.set(module, (known = new Map<string, string | undefined>()));
    if (known.has(name)) return known.get(name);
    // Names that lead back to themselves end here.
    known.set(name, undefined);
    const meaning = this.#declaredIn(module, name) ?? this.#throughGlobs(module, name);
    known.set(name, meaning);
    return meaning;
  }

  /** By the module itself, or brought in by name. */
  #declaredIn(module: RustModule, name: string): string | undefined {
    const used = module.uses.get(name);
    if (used !== undefined && used !== name) return this.resolve(used, module);
    const own = `${module.path}::${name}`;
    return this.#items.has(own) || this.#byPath.has(own) ? own : undefined;
  }

  #throughGlobs(module: RustModule, name: string): string | undefined {
    for (const glob of module.globs) {
      const path = this.resolve(glob, module);
      const target = this.#byPath.get(path);
      const found = target === undefined ? undefined : this.#meaning(target, name);
      if (found !== undefined) return found;
      if (/^pyo3(?:::|$)/.test(path) && preludeOfPyO3.test(name)) return `pyo3::${name}`;
    }
    return undefined;
  }

  /** Another crate of the subject, or one from elsewhere. */
  #outside(written: string): string {
    const [first = "", ...rest] = written.replace(/^::/, "").split("::");
    const crate = this.#byPath.get(first);
    return crate !== undefined && crate.parent === undefined && rest.length > 0 ? this.#follow(first, rest) : [first, ...rest].join("::");
  }
}

function rootOf(module: RustModule): RustModule {
  let current = module;
  while (current.parent !== undefined) current = current.parent;
  return current;
}

/** `use a::{b as c, d::*}` in a module. */
export function readUse(reader: RustReader, node: number, module: RustModule): void {
  const text = reader
    .text(node)
    .replaceAll(/\/\/.*|\/\*[\s\S]*?\*\//g, "")
    .replaceAll(/\s+/g, " ");
  const tree = /\buse (.*);?$/.exec(text)?.[1]?.replace(/;\s*$/, "");
  if (tree !== undefined) bringIn(tree.trim(), "", module);
}

function bringIn(tree: string, prefix: string, module: RustModule): void {
  const group = /^(.*?)\{(.*)\}$/.exec(tree);
  if (group !== null) {
    for (const part of splitGroup(group[2] as string)) bringIn(part.trim(), prefix + (group[1] as string).trim(), module);
    return;
  }
  const [path = "", alias] = tree.split(" as ").map((part) => part.trim());
  const whole = path === "self" ? prefix.replace(/::$/, "") : prefix + path;
  const last = whole.split("::").at(-1) as string;
  if (last === "*") module.globs.push(whole.slice(0, -3));
  else module.uses.set(alias ?? last, whole);
}

function splitGroup(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === "{") depth++;
    else if (text[at] === "}") depth--;
    else if (text[at] === "," && depth === 0) {
      parts.push(text.slice(from, at));
      from = at + 1;
    }
  }
  parts.push(text.slice(from));
  return parts.filter((part) => part.trim() !== "");
}
