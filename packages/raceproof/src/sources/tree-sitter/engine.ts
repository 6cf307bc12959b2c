// The engine of the WebAssembly grammars, started once: a parser for one language and the cursor to walk what it parsed.
// What enters: the shipped .wasm files. What leaves: parser, grammar and cursor. It knows no node of any language.
import { fileURLToPath } from "node:url";
import type { Language, Parser, Tree } from "web-tree-sitter";

/**
 * The engine's own functions on the one cursor it keeps in its memory, all of which take the address of the tree. Its public cursor copies
 * that memory to and fro at every step. Pinned to one version of the engine.
 */
export interface CursorFunctions {
  readonly findRoot: EngineFunction;
  readonly openCursor: EngineFunction;
  readonly closeCursor: EngineFunction;
  readonly goDown: EngineFunction;
  readonly goOn: EngineFunction;
  readonly goUp: EngineFunction;
  readonly symbol: EngineFunction;
  readonly field: EngineFunction;
  readonly start: EngineFunction;
  readonly end: EngineFunction;
}

type EngineFunction = (tree: number) => number;

const engineNames: { readonly [K in keyof CursorFunctions]: string } = {
  findRoot: "_ts_tree_root_node_wasm",
  openCursor: "_ts_tree_cursor_new_wasm",
  closeCursor: "_ts_tree_cursor_delete_wasm",
  goDown: "_ts_tree_cursor_goto_first_child_wasm",
  goOn: "_ts_tree_cursor_goto_next_sibling_wasm",
  goUp: "_ts_tree_cursor_goto_parent_wasm",
  symbol: "_ts_tree_cursor_current_node_type_id_wasm",
  field: "_ts_tree_cursor_current_field_id_wasm",
  start: "_ts_tree_cursor_start_index_wasm",
  end: "_ts_tree_cursor_end_index_wasm",
};

const grammarsFolder = new URL("../../../grammars/", import.meta.url);
let engine: Promise<Engine> | undefined;

interface Engine {
  readonly library: typeof import("web-tree-sitter");
  readonly functions: CursorFunctions;
}

export interface OpenGrammar {
  readonly parser: Parser;
  readonly grammar: Language;
  readonly engine: CursorFunctions;
}

/** @param language name of a shipped grammar */
export async function openEngine(language: string): Promise<OpenGrammar> {
  engine ??= startEngine();
  const { functions, library } = await engine;
  const grammar = await library.Language.load(fileURLToPath(new URL(`tree-sitter-${language}.wasm`, grammarsFolder)));
  const parser = new library.Parser();
  parser.setLanguage(grammar);
  return { parser, grammar, engine: functions };
}

/** Loaded only for subjects that have such files. */
async function startEngine(): Promise<Engine> {
  const library = await import("web-tree-sitter");
  // The engine puts its functions on the options it is given.
  const module: Record<string, unknown> = {};
  await library.Parser.init(module);
  const functions = Object.fromEntries(Object.entries(engineNames).map(([name, exported]) => [name, module[exported]]));
  return { library, functions: functions as unknown as CursorFunctions };
}

/** Where the engine keeps a tree. */
export function addressOf(tree: Tree): number {
  return (tree as unknown as { readonly 0: number })[0];
}
