// One pass over the engine's cursor into our flat arrays, in post-order, without an object per node.
// What enters: a parsed tree; what a language makes of a node as it opens and closes. What leaves: the arrays. The engine's tree is not kept.
import type { Tree } from "web-tree-sitter";
import { borrowNodeArrays, copyNodeArrays, returnNodeArrays } from "../python/node-arrays.ts";
import type { NodeArrays } from "../python/node-arrays.ts";
import { addressOf } from "./engine.ts";
import type { CursorFunctions } from "./engine.ts";

/** The engine's symbol of a region that did not parse. */
export const errorSymbol = 0xffff;

interface FlatNode {
  readonly kind: number;
  readonly role: number;
  readonly start: number;
  readonly end: number;
  readonly name: number;
}

export abstract class TreeFlattening {
  size = 0;
  nodes: NodeArrays = borrowNodeArrays();
  protected readonly engine: CursorFunctions;
  /** Open nodes lie on a stack of numbers, one frame each. */
  protected stack: Int32Array;
  /** Index of the open node's frame. */
  protected top = 0;
  private readonly frameWidth: number;
  private capacity: number = this.nodes.kind.length;

  constructor(engine: CursorFunctions, frameWidth: number) {
    this.engine = engine;
    this.frameWidth = frameWidth;
    this.stack = new Int32Array(frameWidth * 256);
  }

  /** @returns whether the node is open now, so that its children are to be seen and `leave` called. */
  protected abstract enter(address: number): boolean;

  protected abstract leave(address: number): void;

  run(tree: Tree): void {
    const address = addressOf(tree);
    this.engine.findRoot(address);
    this.engine.openCursor(address);
    try {
      this.walk(address);
    } finally {
      this.engine.closeCursor(address);
      const borrowed = this.nodes;
      this.nodes = copyNodeArrays(borrowed, this.size, this.size);
      returnNodeArrays(borrowed, this.size);
    }
  }

  private walk(address: number): void {
    const { goDown, goOn, goUp } = this.engine;
    let depth = 0;
    for (;;) {
      if (this.enter(address)) {
        if (goDown(address) !== 0) {
          depth++;
          continue;
        }
        this.leave(address);
      }
      while (goOn(address) === 0) {
        if (depth-- === 0) return;
        goUp(address);
        this.leave(address);
      }
    }
  }

  /** Room for one more frame; `top` is its index. */
  protected raise(): void {
    this.top += this.frameWidth;
    if (this.top + this.frameWidth <= this.stack.length) return;
    const larger = new Int32Array(this.stack.length * 2);
    larger.set(this.stack);
    this.stack = larger;
  }

  protected lower(): void {
    this.top -= this.frameWidth;
  }

  protected add({ kind, role, start, end, name }: FlatNode): number {
    const node = this.size++;
    if (node === this.capacity) {
      this.capacity *= 2;
      this.nodes = copyNodeArrays(this.nodes, node, this.capacity);
    }
    const { nodes } = this;
    nodes.kind[node] = kind;
    nodes.role[node] = role;
    nodes.start[node] = start;
    nodes.end[node] = end;
    nodes.name[node] = name;
    nodes.first[node] = node;
    return node;
  }
}
