// An expression in, the parameters, calls and attributes its value is derived from out: tells whether two operations use the same key,
// and whether a stored value was computed from an earlier read. Flow-insensitive; misses derivation through containers.
import { childWithRole, nameOf, parentOf, PythonKind as K, PythonRole as R } from "../../sources/index.ts";
import type { Binding, FunctionDeclaration } from "../declarations/declarations.ts";
import { receiverNameOf } from "../declarations/declarations.ts";
import { namedAttributeOf } from "../evaluation/named-attributes.ts";
import { shortTextOf } from "../declarations/source-text.ts";
import { DistinctTexts } from "./distinct-texts.ts";

/** Names carry through at most this many assignments. */
const maximumDepth = 6;

const none: readonly string[] = [];

export class Origins {
  private readonly fn: FunctionDeclaration;
  private readonly receiver: string | undefined;
  private readonly sorted = new Map<string, readonly string[]>();
  private readonly memo = new Map<string, readonly string[]>();

  constructor(fn: FunctionDeclaration) {
    this.fn = fn;
    this.receiver = receiverNameOf(fn);
  }

  of(node: number): readonly string[] {
    if (node < 0) return none;
    const { tree } = this.fn.module;
    if (tree.kind[node] === K.Constant) return none;
    return tree.kind[node] === K.Name && !this.isCalled(node) ? this.ofPlainName(nameOf(tree, node)) : this.ofExpression(node);
  }

  private ofPlainName(name: string): readonly string[] {
    let known = this.sorted.get(name);
    if (!known) {
      this.sorted.set(name, (known = sorted(this.ofName(name, 0))));
    }
    return known;
  }

  /** Together, without repetitions. */
  ofAll(nodes: readonly number[]): readonly string[] {
    if (nodes.length === 0) return none;
    if (nodes.length === 1) return this.of(nodes[0] as number);
    const out = new DistinctTexts();
    for (const node of nodes) for (const origin of this.of(node)) out.add(origin);
    return sorted(out.list);
  }

  private ofExpression(node: number): readonly string[] {
    const out = new DistinctTexts();
    this.collect(node, out, 0);
    return sorted(out.list);
  }

  private collect(value: number, out: DistinctTexts, depth: number): void {
    const { tree } = this.fn.module;
    for (let node = tree.first[value] as number; node <= value; node++) {
      const kind = tree.kind[node];
      if (kind === K.Call) this.collectCall(node, out);
      else if (kind === K.Attribute && (node === value || !this.isStep(node))) this.collectAttribute(node, out);
      // A called name is not where the value comes from; the receiver of a called method is.
      else if (kind === K.Name && !this.isCalled(node)) this.collectName(nameOf(tree, node), out, depth);
    }
  }

  private collectCall(node: number, out: DistinctTexts): void {
    const { tree } = this.fn.module;
    out.add(`call@${tree.start[node]}`);
    const named = namedAttributeOf(tree, node);
    if (named?.kind === "read") out.add(named.text);
  }

  private collectName(name: string, out: DistinctTexts, depth: number): void {
    const origins = this.ofName(name, depth);
    // A name in a circle with itself may grow its own list.
    for (let index = 0; index < origins.length; index++) out.add(origins[index] as string);
  }

  /** The whole path (`self.store.limit`), read from an object that a local name holds. */
  private collectAttribute(node: number, out: DistinctTexts): void {
    const { tree } = this.fn.module;
    let root = node;
    while (tree.kind[root] === K.Attribute) root = childWithRole(tree, root, R.value);
    if (tree.kind[root] === K.Name && this.fn.bindings.has(nameOf(tree, root))) out.add(shortTextOf(tree, node));
  }

  /** Part of a longer path, or the name of a method. */
  private isStep(node: number): boolean {
    const { tree } = this.fn.module;
    return tree.kind[parentOf(tree, node)] === K.Attribute || this.isCalled(node);
  }

  private isCalled(node: number): boolean {
    const { tree } = this.fn.module;
    return tree.role[node] === R.func && tree.kind[parentOf(tree, node)] === K.Call;
  }

  private ofName(name: string, depth: number): readonly string[] {
    const known = this.memo.get(name);
    if (known) return known;
    const bindings = this.fn.bindings.get(name);
    if (!bindings || name === this.receiver) return none;
    const out = new DistinctTexts();
    this.memo.set(name, out.list);
    for (const binding of bindings) this.ofBinding(name, binding, out, depth);
    if (out.list.length === 0) out.add(name);
    return out.list;
  }

  private ofBinding(name: string, binding: Binding, out: DistinctTexts, depth: number): void {
    if (binding.kind === "parameter") out.add(name);
    else if (depth > maximumDepth) out.add(name);
    else if (binding.kind === "assign") this.collect(binding.value, out, depth + 1);
    else if (binding.kind === "iteration") this.collect(binding.iterable, out, depth + 1);
    else if (binding.kind === "context") this.collect(binding.manager, out, depth + 1);
  }
}

/** Lists of two or three texts are the rule: putting each in its place needs a third of the memory that sorting them does. */
function sorted(texts: readonly string[]): readonly string[] {
  if (texts.length === 0) return none;
  if (texts.length > longestPutInPlace) return texts.toSorted();
  const out = texts.slice();
  for (let next = 1; next < out.length; next++) {
    const text = out[next] as string;
    let place = next;
    for (; place > 0 && (out[place - 1] as string) > text; place--) out[place] = out[place - 1] as string;
    out[place] = text;
  }
  return out;
}

const longestPutInPlace = 12;
