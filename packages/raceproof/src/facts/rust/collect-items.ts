// All items of a subject's Rust files, with the module each stands in. What enters: parsed files and crates. What leaves: items, not yet resolved.
// Functions and types inside bodies belong to the module around them. Files no crate root leads to are roots of their own.
import { RustKind } from "../../sources/index.ts";
import type { RustAttribute, RustCrate } from "../../vocabulary/index.ts";
import { RustModules, readUse } from "./module-tree.ts";
import type { RustModule } from "./module-tree.ts";
import { attributesBefore, isTestOnly } from "./read-attributes.ts";
import type { RustReader } from "./rust-reader.ts";

export interface RustItem {
  readonly node: number;
  readonly reader: RustReader;
  readonly module: RustModule;
  readonly attributes: readonly RustAttribute[];
  readonly testOnly: boolean;
  /** Of an item in `thread_local!`, `lazy_static!` and the like. */
  readonly macro: string | undefined;
  /** Of a function in an impl or trait: that item. */
  readonly container: RustItem | undefined;
}

export interface RustItems {
  readonly modules: RustModules;
  readonly items: readonly RustItem[];
}

const declaring: ReadonlySet<number> = new Set([
  RustKind.Struct,
  RustKind.Enum,
  RustKind.Union,
  RustKind.Function,
  RustKind.TypeAlias,
  RustKind.Trait,
  RustKind.Static,
  RustKind.Constant,
]);
const kept: ReadonlySet<number> = new Set([...declaring, RustKind.Implementation]);

export function collectItems(readers: readonly RustReader[], crates: readonly RustCrate[]): RustItems {
  const collection = new Collection(readers, crates);
  collection.collectRoots();
  return { modules: collection.modules, items: collection.items };
}

/** Of a module: what people write is far shorter, and generated nesting would use up the stack. */
const longestPath = 600;

interface Place {
  readonly reader: RustReader;
  readonly module: RustModule;
  readonly testOnly: boolean;
  readonly macro: string | undefined;
  readonly container: RustItem | undefined;
}

class Collection {
  readonly modules: RustModules = new RustModules();
  readonly items: RustItem[] = [];
  private readonly files: Map<string, RustReader>;
  private readonly crates: readonly RustCrate[];
  private readonly seen = new Set<string>();

  constructor(readers: readonly RustReader[], crates: readonly RustCrate[]) {
    this.files = new Map(readers.map((reader) => [reader.path, reader]));
    this.crates = crates;
  }

  /** Libraries first, so that their names are those others use; then whatever nothing has led to. */
  collectRoots(): void {
    for (const [crate, { folder, name, libraryPath }] of this.crates.entries()) {
      const root = this.files.get(libraryPath ?? `${folder === "" ? "" : `${folder}/`}src/lib.rs`);
      if (root !== undefined && !this.seen.has(root.path))
        this.collectFile(root, { path: name.replaceAll("-", "_"), parent: undefined, crate, testOnly: false });
    }
    const rootsFirst = (path: string): number => (/(?:^|\/)(?:lib|main)\.rs$/.test(path) ? 0 : 1);
    for (const path of [...this.files.keys()].toSorted((a, b) => rootsFirst(a) - rootsFirst(b) || a.length - b.length)) {
      if (this.seen.has(path)) continue;
      this.collectFile(this.files.get(path) as RustReader, { path, parent: undefined, crate: this.crateOf(path), testOnly: isTestFile(path) });
    }
  }

  /** The crate with the innermost folder around a file. */
  private crateOf(path: string): number {
    let best = this.crates.length - 1;
    let length = -1;
    for (const [crate, { folder, manifest }] of this.crates.entries()) {
      if (manifest !== undefined && (folder === "" || path.startsWith(`${folder}/`)) && folder.length > length) {
        best = crate;
        length = folder.length;
      }
    }
    return best;
  }

  private collectFile(reader: RustReader, module: Pick<RustModule, "path" | "parent" | "crate" | "testOnly">): void {
    this.seen.add(reader.path);
    const made = { ...module, reader, uses: new Map(), globs: [] };
    this.modules.add(made);
    this.collectList(reader.children(reader.root), { reader, module: made, testOnly: module.testOnly, macro: undefined, container: undefined });
  }

  private collectList(nodes: readonly number[], place: Place): void {
    for (const index of nodes.keys()) this.collectOne(nodes, index, place);
  }

  private collectOne(siblings: readonly number[], index: number, place: Place): void {
    const { reader } = place;
    const node = siblings[index] as number;
    const kind = reader.kind(node);
    if (kind === RustKind.Use) readUse(reader, node, place.module);
    else if (kind === RustKind.Module) this.collectModule(node, attributesBefore(reader, siblings, index), place);
    else if (kept.has(kind)) this.collectItem(node, attributesBefore(reader, siblings, index), place);
    else if (kind !== RustKind.Attribute) this.collectInside(node, place);
  }

  /** Items may stand in any block. */
  private collectInside(node: number, place: Place): void {
    const { tree } = place.reader;
    const found: number[] = [];
    const first = node < 0 ? 0 : (tree.first[node] as number);
    for (let inner = node - 1; inner >= first; inner--) {
      const kind = tree.kind[inner] as number;
      if (kept.has(kind) || kind === RustKind.Use || kind === RustKind.Module) {
        found.push(inner);
        inner = tree.first[inner] as number;
      }
    }
    for (const inner of found.toReversed()) {
      const siblings = place.reader.children(place.reader.parent(inner));
      this.collectOne(siblings, siblings.indexOf(inner), place);
    }
  }

  private collectItem(node: number, attributes: readonly RustAttribute[], place: Place): void {
    const { reader, module, container, macro } = place;
    const testOnly = place.testOnly || isTestOnly(attributes);
    const item: RustItem = { node, reader, module, attributes, testOnly, macro, container };
    this.items.push(item);
    if (declaring.has(reader.kind(node)) && container === undefined) this.modules.declare(`${module.path}::${reader.name(node)}`);
    const body = reader.child(node, "body");
    if (reader.is(node, "Implementation", "Trait")) this.collectList(reader.children(body), { ...place, testOnly, container: item });
    else if (reader.is(node, "Function")) this.collectInside(body, { ...place, testOnly, container: undefined });
  }

  private collectModule(node: number, attributes: readonly RustAttribute[], place: Place): void {
    const { reader, module } = place;
    if (module.path.length > longestPath) return;
    const name = reader.name(node);
    const testOnly = place.testOnly || isTestOnly(attributes);
    const body = reader.child(node, "body");
    if (reader.detail(node) === 1) return this.collectList(reader.children(body), { ...place, macro: name });
    const path = `${module.path}::${name}`;
    if (body < 0) {
      const file = this.fileOf(module, name, attributes);
      if (file !== undefined && !this.seen.has(file.path)) this.collectFile(file, { path, parent: module, crate: module.crate, testOnly });
      return;
    }
    const inner: RustModule = { path, parent: module, crate: module.crate, reader, testOnly, uses: new Map(), globs: [] };
    this.modules.add(inner);
    this.items.push({ node, reader, module: inner, attributes, testOnly, macro: undefined, container: undefined });
    this.collectList(reader.children(body), { reader, module: inner, testOnly, macro: undefined, container: undefined });
  }

  /** `mod name;`: beside the file, or in the folder named after its module; `#[path]` wins. */
  private fileOf(module: RustModule, name: string, attributes: readonly RustAttribute[]): RustReader | undefined {
    const own = module.reader.path;
    const folder = own.includes("/") ? own.slice(0, own.lastIndexOf("/") + 1) : "";
    const given = attributes.find((attribute) => attribute.name === "path")?.arguments.get("");
    if (given !== undefined) return this.files.get(joinPath(folder, given.replaceAll('"', "")));
    const stem = own.slice(folder.length).replace(/\.rs$/, "");
    const isFolderFile = stem === "mod" || stem === "lib" || stem === "main" || module.parent === undefined;
    const inline = inlineSteps(module);
    const base = `${isFolderFile ? folder : `${folder}${stem}/`}${inline}`;
    return this.files.get(`${base}${name}.rs`) ?? this.files.get(`${base}${name}/mod.rs`);
  }
}

/** Names of the inline modules between a file and a module in it: they are folders. */
function inlineSteps(module: RustModule): string {
  let steps = "";
  for (let current = module; current.parent !== undefined && current.parent.reader === current.reader; current = current.parent)
    steps = `${current.path.slice(current.parent.path.length + 2)}/${steps}`;
  return steps;
}

function joinPath(folder: string, path: string): string {
  const parts = folder.split("/").filter((part) => part !== "");
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== ".") parts.push(part);
  }
  return parts.join("/");
}

function isTestFile(path: string): boolean {
  return /(?:^|\/)(?:tests?|benches)(?:\/|\.rs$)/.test(path);
}
