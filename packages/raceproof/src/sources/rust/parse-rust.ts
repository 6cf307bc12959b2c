// The door of the Rust front end. What enters: the bytes of Rust files. What leaves: a tree per file, and how much of each was understood.
// It does not throw for what files contain. Macros whose text parses neither as arguments nor as items stay Macro nodes and are counted.
import { isAscii } from "node:buffer";
import type { NameTable, SyntaxTree } from "../syntax-tree.ts";
import { openEngine } from "../tree-sitter/engine.ts";
import type { OpenGrammar } from "../tree-sitter/engine.ts";
import { RustFlattening, rustTables } from "./flatten-rust.ts";
import type { ErrorRange, RustTables } from "./flatten-rust.ts";
import { RustKind, RustRole } from "./kinds.ts";
import { scanRust } from "./macro-candidates.ts";
import type { MacroCandidate, RustScan } from "./macro-candidates.ts";
import { isTooShort, maskMacros } from "./mask-macros.ts";

export interface RustSourceBytes {
  /** Relative to the subject's root, forward slashes. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

export interface RustUnit {
  readonly path: string;
  readonly tree: SyntaxTree;
  readonly errorBytes: number;
  readonly macros: number;
  /** Macros whose text is not read. */
  readonly macrosUnread: number;
}

export interface RustFrontEnd {
  parse(file: RustSourceBytes, names: NameTable): RustUnit;
}

export function isRustSource(path: string): boolean {
  return path.endsWith(".rs");
}

/** Macros that fail are left out in turn; a text that still does not parse then is parsed without any. */
const mostAttempts = 5;

/** Loads the grammar; once per process is enough. */
export async function openRustFrontEnd(): Promise<RustFrontEnd> {
  const opened = await openEngine("rust");
  const tables = rustTables(opened.grammar);
  return { parse: (file, names) => parseUnit(file, { opened, tables, names }) };
}

interface Tools {
  readonly opened: OpenGrammar;
  readonly tables: RustTables;
  readonly names: NameTable;
}

interface Attempt {
  readonly flattening: RustFlattening;
  readonly left: ReadonlySet<MacroCandidate>;
  readonly errorBytes: number;
}

function parseUnit({ path, bytes }: RustSourceBytes, tools: Tools): RustUnit {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
  const scan = scanRust(text);
  const attempt = bestAttempt(text, bytes, scan, tools);
  const { flattening, left, errorBytes } = attempt;
  const { size, nodes, errors, comments } = flattening;
  markMacros(flattening, scan, left, tools.names);
  const tree: SyntaxTree = {
    language: "rust",
    source: bytes,
    ascii: isAscii(bytes) ? text : undefined,
    size,
    ...nodes,
    names: tools.names,
    lineStarts: lineStartsIn(bytes),
    comments: Uint32Array.from(comments),
    problems: errors.map(({ start }) => ({ message: "does not parse", offset: start })),
    links: undefined,
  };
  const unread = scan.macros.filter((candidate) => left.has(candidate)).length;
  return { path, tree, errorBytes, macros: scan.macros.length, macrosUnread: unread };
}

function bestAttempt(text: string, bytes: Uint8Array, scan: RustScan, tools: Tools): Attempt {
  const left = new Set<MacroCandidate>(scan.macros.filter(isTooShort));
  for (let attempts = 1; attempts < mostAttempts; attempts++) {
    const attempt = parseAttempt(text, bytes, { scan, left }, tools);
    if (attempt.errorBytes === 0 || !leaveOut(scan.macros, attempt.flattening.errors, left)) return attempt;
  }
  return parseAttempt(text, bytes, { scan, left: new Set(scan.macros) }, tools);
}

function parseAttempt(
  text: string,
  bytes: Uint8Array,
  { scan, left }: { readonly scan: RustScan; readonly left: ReadonlySet<MacroCandidate> },
  { opened, tables, names }: Tools,
): Attempt {
  const tree = opened.parser.parse(maskMacros(text, scan, left));
  if (tree === null) throw new Error("the grammar has no language");
  try {
    const flattening = new RustFlattening({ source: bytes, tables, engine: opened.engine, names });
    flattening.run(tree);
    return { flattening, left: new Set(left), errorBytes: bytesOf(flattening.errors) };
  } finally {
    tree.delete();
  }
}

function bytesOf(errors: readonly ErrorRange[]): number {
  let total = 0;
  let covered = 0;
  for (const { start, end } of errors.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    if (start >= covered) total += Math.max(1, end - start);
    else if (end > covered) total += end - covered;
    covered = Math.max(covered, end);
  }
  return total;
}

/** Macros at the errors will be left as they are: the innermost around where an error starts, and those inside it. @returns whether there are any */
function leaveOut(macros: readonly MacroCandidate[], errors: readonly ErrorRange[], left: Set<MacroCandidate>): boolean {
  const before = left.size;
  for (const { start, end } of errors) {
    let innermost: MacroCandidate | undefined;
    for (const macro of macros) {
      if (left.has(macro)) continue;
      if (macro.start >= start && macro.close < end) left.add(macro);
      else if (macro.start <= start && macro.close + 1 >= start && (innermost === undefined || macro.start > innermost.start)) innermost = macro;
    }
    if (innermost !== undefined) left.add(innermost);
  }
  return left.size > before;
}

/** Calls that were macros get detail 1, modules that were one the macro's name. */
function markMacros({ nodes, size }: RustFlattening, { macros }: RustScan, left: ReadonlySet<MacroCandidate>, names: NameTable): void {
  const masked = macros.filter((candidate) => !left.has(candidate));
  const calls = new Set(masked.filter(({ delimiter }) => delimiter !== "{").map(({ bang }) => bang));
  const items = new Map(masked.map(({ start, name }) => [start, name]));
  for (let node = 0; node < size; node++) {
    if (nodes.kind[node] === RustKind.Module) {
      const name = items.get(nodes.start[node]!);
      if (name === undefined) continue;
      nodes.name[node] = names.intern(name);
      nodes.detail[node] = 1;
    } else if (nodes.role[node] === RustRole.function && calls.has(nodes.end[node]!)) {
      // In post-order the arguments follow the function, and the call them.
      let call = node + 1;
      while (call < size && !(nodes.kind[call] === RustKind.Call && nodes.first[call]! <= node)) call++;
      nodes.detail[call] = 1;
    }
  }
}

function lineStartsIn(source: Uint8Array): Uint32Array {
  const starts = [0];
  for (let at = source.indexOf(10); at >= 0; at = source.indexOf(10, at + 1)) starts.push(at + 1);
  return Uint32Array.from(starts);
}
