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
const longestChain = 8;

export class RustModules {
  readonly all: RustModule[] = [];
  readonly #byPath = new Map<string, RustModule>();
  readonly #items = new Set<string>();
  /** Asked for once all modules are known. */
  readonly #resolved = new Map<RustModule, Map<string, string>>();

  add(module: RustModule): void {
    this.all.push(module);
    this.#byPath.set(module.path, module);
  }

  /** An item is known by its whole path. */
  declare(path: string): void {
    this.#items.add(path);
  }

  rootOf(module: RustModule): RustModule {
    let current = module;
    while (current.parent !== undefined) current = current.parent;
    return current;
  }

  /** What a written path means in a module: the whole path of an item of the program, or an outside name as far as `use` tells. */
  resolve(written: string, module: RustModule): string {
    let known = this.#resolved.get(module);
    if (known === undefined) this.#resolved.set(module, (known = new Map()));
    let path = known.get(written);
    if (path === undefined) known.set(written, (path = this.#resolve(written.split("::"), module, 0)));
    return path;
  }

  #resolve(segments: readonly string[], module: RustModule, depth: number): string {
    const [first = "", ...rest] = segments;
    if (depth > longestChain) return segments.join("::");
    if (first === "crate" || first === "$crate") return this.#inside(this.rootOf(module), rest, depth);
    if (first === "self") return this.#inside(module, rest, depth);
    if (first === "super") return this.#inside(module.parent ?? module, rest, depth);
    if (first === "") return rest.join("::");
    return this.#named(module, segments, depth) ?? this.#throughGlobs(module, segments, depth) ?? this.#outside(segments, depth);
  }

  /** A name that the module itself declares or brings in. */
  #named(module: RustModule, segments: readonly string[], depth: number): string | undefined {
    const [first = "", ...rest] = segments;
    const used = module.uses.get(first);
    // `use self::name` or `use name` of a crate with the name of the item would lead here again.
    if (used !== undefined && used !== first) return this.#resolve([...used.split("::"), ...rest], module, depth + 1);
    const own = `${module.path}::${first}`;
    const inner = this.#byPath.get(own);
    if (inner !== undefined) return this.#inside(inner, rest, depth);
    return this.#items.has(own) ? [own, ...rest].join("::") : undefined;
  }

  #throughGlobs(module: RustModule, segments: readonly string[], depth: number): string | undefined {
    for (const glob of module.globs) {
      const path = this.#resolve(glob.split("::"), module, depth + 1);
      const target = this.#byPath.get(path);
      const found = target === undefined || target === module ? undefined : this.#named(target, segments, depth + 1);
      if (found !== undefined) return found;
      if (target === undefined && this.#items.has(`${path}::${segments[0]}`)) return [path, ...segments].join("::");
      if (/^pyo3(?:::|$)/.test(path) && preludeOfPyO3.test(segments[0] ?? "")) return ["pyo3", ...segments].join("::");
    }
    return undefined;
  }

  #inside(module: RustModule, segments: readonly string[], depth: number): string {
    const [first] = segments;
    if (first === undefined) return module.path;
    if (first === "super" || first === "self") return this.#resolve(segments, module, depth + 1);
    return this.#named(module, segments, depth + 1) ?? this.#throughGlobs(module, segments, depth + 1) ?? [module.path, ...segments].join("::");
  }

  /** Another crate of the subject, or one from elsewhere. */
  #outside(segments: readonly string[], depth: number): string {
    const [first = "", ...rest] = segments;
    const crate = this.#byPath.get(first);
    return crate !== undefined && crate.parent === undefined && rest.length > 0 ? this.#inside(crate, rest, depth) : segments.join("::");
  }
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
