// The one syntax-tree form every parser produces and every reader reads: flat, parallel typed arrays in post-order.
// What enters: nothing (types and cursors only). What leaves: SyntaxTree plus the accessors readers use.
// It does not know which engine filled the arrays, nor what any node means for threads.

/** Interned identifiers, shared by the trees of one program. Id 0 means "no name". */
export interface NameTable {
  /** Text of an interned id ("" for 0). */
  text(id: number): string;
  /** Id of a text, interning it when new. */
  intern(text: string): number;
}

/** A place where the parser could not understand the source; the nodes around it are still there. */
export interface SyntaxProblem {
  readonly message: string;
  /** UTF-8 byte offset. */
  readonly offset: number;
}

/**
 * A parsed file. Node ids are 0..size-1 in post-order: children come before their parent, the root is size-1, and the
 * descendants of node n are exactly first[n]..n-1 (a leaf has first[n] === n).
 * Offsets are UTF-8 byte offsets into `source`, equal to CPython's (lineno, col_offset) pairs through `lineStarts`.
 */
export interface SyntaxTree {
  readonly language: "python" | "c" | "cpp" | "rust";
  readonly source: Uint8Array;
  /** The whole source where it is ASCII and offsets count its characters: a text cut out of it costs nothing. */
  readonly ascii: string | undefined;
  readonly size: number;
  /** Index into the language's kind table (PythonKind). */
  readonly kind: Uint8Array;
  /** Role of the node in its parent (PythonRole: CPython's `ast` field name). 0 for the root. */
  readonly role: Uint8Array;
  /** Operator, expression context, constant type or import level, by kind; see the language's kind table. */
  readonly detail: Uint8Array;
  readonly start: Uint32Array;
  readonly end: Uint32Array;
  readonly first: Uint32Array;
  readonly name: Uint32Array;
  readonly names: NameTable;
  /** Byte offset of the start of each line; line 1 is lineStarts[0]. */
  readonly lineStarts: Uint32Array;
  /** Byte offset of the "#" of each comment, ascending; a "#" inside a string is none. */
  readonly comments: Uint32Array;
  readonly problems: readonly SyntaxProblem[];
  /** Offsets of the definitions of functions that the language's users cannot call (`cdef` in Cython). */
  readonly hidden?: ReadonlySet<number>;
  /** Filled on first use by `linksOf`. */
  links: TreeLinks | undefined;
}

/** Pre-order navigation, derived once per tree: -1 means none. */
export interface TreeLinks {
  readonly parent: Int32Array;
  readonly firstChild: Int32Array;
  readonly nextSibling: Int32Array;
}

export function linksOf(tree: SyntaxTree): TreeLinks {
  if (tree.links) return tree.links;
  const { size, first } = tree;
  const parent = new Int32Array(size).fill(-1);
  const firstChild = new Int32Array(size).fill(-1);
  const nextSibling = new Int32Array(size).fill(-1);
  for (let node = 0; node < size; node++) {
    const lowest = first[node] as number;
    let child = node - 1;
    let later = -1;
    // In post-order the last child is node-1 and the one before it ends where that one's descendants begin.
    while (child >= lowest) {
      parent[child] = node;
      nextSibling[child] = later;
      later = child;
      child = (first[child] as number) - 1;
    }
    firstChild[node] = later;
  }
  tree.links = { parent, firstChild, nextSibling };
  return tree.links;
}

/** The last child, or -1: with `childBefore` a walk over the children from the last to the first that makes no list. */
export function lastChildOf({ first }: SyntaxTree, node: number): number {
  return first[node] === node ? -1 : node - 1;
}

/** The child of `parent` before this one, or -1: it ends where this one's descendants begin. */
export function childBefore({ first }: SyntaxTree, parent: number, child: number): number {
  const before = (first[child] as number) - 1;
  return before >= (first[parent] as number) ? before : -1;
}

/** Children in source order. */
export function childrenOf(tree: SyntaxTree, node: number): number[] {
  const { firstChild, nextSibling } = linksOf(tree);
  const out: number[] = [];
  for (let child = firstChild[node] as number; child >= 0; child = nextSibling[child] as number) out.push(child);
  return out;
}

/** Children that have one role, in source order. */
export function childrenWithRole(tree: SyntaxTree, node: number, role: number): readonly number[] {
  const { firstChild, nextSibling } = linksOf(tree);
  // Most nodes have none or one: a list made for exactly that takes a tenth of the memory of one that has begun to grow.
  let out: number[] | undefined;
  for (let child = firstChild[node] as number; child >= 0; child = nextSibling[child] as number) {
    if (tree.role[child] !== role) continue;
    if (out) out.push(child);
    else out = [child];
  }
  return out ?? noNodes;
}

const noNodes: readonly number[] = [];

/** First child with a role, or -1. */
export function childWithRole(tree: SyntaxTree, node: number, role: number): number {
  const { firstChild, nextSibling } = linksOf(tree);
  for (let child = firstChild[node] as number; child >= 0; child = nextSibling[child] as number) {
    if (tree.role[child] === role) return child;
  }
  return -1;
}

export function parentOf(tree: SyntaxTree, node: number): number {
  return linksOf(tree).parent[node] ?? -1;
}

export function nameOf(tree: SyntaxTree, node: number): string {
  return tree.names.text(tree.name[node] ?? 0);
}

const decoder = new TextDecoder();

/** Source text of a node. */
export function textOf(tree: SyntaxTree, node: number): string {
  return textBetween(tree, tree.start[node] as number, tree.end[node] as number);
}

/** Source text between two byte offsets. */
export function textBetween({ ascii, source }: Pick<SyntaxTree, "ascii" | "source">, start: number, end: number): string {
  return ascii === undefined ? decoder.decode(source.subarray(start, end)) : ascii.slice(start, end);
}

/** 1-based line of a byte offset (binary search over lineStarts). */
export function lineAt(tree: SyntaxTree, offset: number): number {
  const starts = tree.lineStarts;
  let low = 0;
  let high = starts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((starts[middle] as number) <= offset) low = middle;
    else high = middle;
  }
  return low + 1;
}

/** 0-based column of a byte offset, in UTF-8 bytes, as CPython counts it. */
export function columnAt(tree: SyntaxTree, offset: number): number {
  return offset - (tree.lineStarts[lineAt(tree, offset) - 1] ?? 0);
}
