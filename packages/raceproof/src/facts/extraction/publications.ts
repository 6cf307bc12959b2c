// A function's accesses and calls in, the points out where an object it makes, builds or was given becomes visible to others.
// Calls of the program's own functions are left open ("handings"): linking knows which of them store what they are given.
// Misses: objects stored by code outside the program, in places nothing is known of, or through containers that were local first.
import { childrenOf, childrenWithRole, childWithRole, nameOf, parentOf, PythonKind as K, PythonRole as R } from "../../sources/index.ts";
import type { SyntaxTree } from "../../sources/index.ts";
import { argumentMutators, containerMethods, registrationMethods, registrations, threadStartMethods, threadStarts } from "../../models/index.ts";
import type { ContainerKind, Location, PublicationFact } from "../../vocabulary/index.ts";
import type { FunctionDeclaration } from "../declarations/declarations.ts";
import { receiverNameOf } from "../declarations/declarations.ts";
import { shortTextOf, spanOf } from "../declarations/source-text.ts";
import { extendsExternal } from "../evaluation/class-hierarchy.ts";
import type { Evaluator } from "../evaluation/evaluator.ts";
import { containerKindOf } from "../evaluation/static-value.ts";
import type { ExtractedAccess, ExtractedHanding, ExtractedPublication } from "../module-facts.ts";
import { isConstructor } from "./access-sharing.ts";
import type { RawAccess, RawCall, RawFunction } from "./raw-facts.ts";

export interface FoundPublications {
  readonly publications: readonly ExtractedPublication[];
  readonly handings: readonly ExtractedHanding[];
}

/** `described` are the function's accesses as plain data, in the same order. */
export function publicationsOf(evaluator: Evaluator, raw: RawFunction, described: readonly ExtractedAccess[]): FoundPublications {
  const { role } = raw.declaration;
  if (role === "module" || role === "class-body") return { publications: [], handings: [] };
  const search = new PublicationSearch(evaluator, raw);
  raw.accesses.forEach((access, index) => search.noteStore(access, (described[index] as ExtractedAccess).location));
  for (const call of raw.calls) search.noteCall(call);
  search.noteHeldByThread();
  const { publications, handings } = search;
  return { publications: publications.length < 2 ? publications : publications.toSorted((a, b) => a.order - b.order), handings };
}

type GivenName = Pick<ExtractedHanding, "name" | "position" | "keyword" | "fresh">;

class PublicationSearch {
  readonly publications: ExtractedPublication[] = [];
  readonly handings: ExtractedHanding[] = [];
  private readonly evaluator: Evaluator;
  private readonly raw: RawFunction;
  private readonly fn: FunctionDeclaration;
  private readonly tree: SyntaxTree;

  constructor(evaluator: Evaluator, raw: RawFunction) {
    this.evaluator = evaluator;
    this.raw = raw;
    this.fn = raw.declaration;
    this.tree = raw.declaration.module.tree;
  }

  noteStore(access: RawAccess, into: Location): void {
    const { usage, sharing, statement } = access;
    if (sharing !== "shared") return;
    if (usage.kind === "call") {
      if (addsElements(usage.operation)) for (const argument of childrenWithRole(this.tree, usage.node, R.args)) this.noteValue(argument, "stored", into);
    } else if (usage.kind === "write" && (usage.operation === "=" || usage.operation === "[]=") && this.tree.kind[statement] === K.Assign) {
      this.noteValue(childWithRole(this.tree, statement, R.value), "stored", into);
    }
  }

  /** The value itself, or what a display written there holds. */
  private noteValue(node: number, how: PublicationFact["how"], into: Location | undefined): void {
    if (node < 0) return;
    if (this.tree.kind[node] === K.Name) this.publish(node, how, into);
    else if (displays.has(this.tree.kind[node] as number))
      for (const child of childrenOf(this.tree, node)) if (this.tree.kind[child] === K.Name) this.publish(child, how, into);
  }

  private publish(name: number, how: PublicationFact["how"], into: Location | undefined, at = name): void {
    const text = nameOf(this.tree, name);
    if (!this.isTracked(text)) return;
    const { module } = this.fn;
    this.publications.push({ span: spanOf(module, at), order: this.tree.start[at] as number, name: text, type: this.typeOf(text), how, into });
  }

  /** The object under construction, what this function was given, and objects it has just made. */
  private isTracked(name: string): boolean {
    if (name === receiverNameOf(this.fn)) return isConstructor(this.fn) && this.fn.name !== "__init_subclass__";
    const bindings = this.fn.bindings.get(name);
    if (!bindings || this.fn.globals.has(name)) return false;
    const value = this.evaluator.valueOfName(this.fn, name);
    if (bindings.every((binding) => binding.kind === "parameter")) return !scalars.has(containerKindOf(value.shape));
    return value.fresh === true && value.shape.kind === "instance";
  }

  private typeOf(name: string): string | undefined {
    const { shape } = this.evaluator.valueOfName(this.fn, name);
    return shape.kind === "instance" ? shape.of.key : undefined;
  }

  noteCall(call: RawCall): void {
    if (this.tree.kind[call.node] !== K.Call) return;
    if (call.target.functions.length > 0) this.noteHandings(call);
    if (this.isStartOfSelf(call)) return;
    this.noteStartOfOwn(call);
    const start = this.startedAt(call);
    if (start !== undefined) this.noteReachable(call, "thread", start);
    else if (isRegistration(this.tree, call) && call.sharing === "shared") this.noteReachable(call, "registered", call.node);
  }

  private noteHandings({ node, target }: RawCall): void {
    const given = this.namesGiven(node);
    if (given.length === 0) return;
    const span = spanOf(this.fn.module, node);
    const order = this.tree.start[node] as number;
    const targets = target.functions.map(({ key }) => key);
    for (const { name, position, keyword, fresh } of given) {
      this.handings.push({ span, order, targets, name, type: this.typeOf(name), position, keyword, fresh });
    }
  }

  /** Names among the arguments that are of interest, and the one that gets the result. */
  private namesGiven(call: number): readonly GivenName[] {
    const given: GivenName[] = [];
    let position = 0;
    for (const argument of childrenWithRole(this.tree, call, R.args)) {
      if (this.isTrackedNode(argument)) given.push(this.givenAt(argument, position, undefined));
      position++;
    }
    for (const keyword of childrenWithRole(this.tree, call, R.keywords)) {
      const value = childWithRole(this.tree, keyword, R.value);
      if (this.isTrackedNode(value)) given.push(this.givenAt(value, -1, nameOf(this.tree, keyword)));
    }
    const statement = parentOf(this.tree, call);
    const bound = this.tree.kind[statement] === K.Assign ? childWithRole(this.tree, statement, R.targets) : -1;
    if (this.tree.kind[bound] === K.Name) given.push({ name: nameOf(this.tree, bound), position: -1, keyword: undefined, fresh: false });
    return given;
  }

  private givenAt(argument: number, position: number, keyword: string | undefined): GivenName {
    const name = nameOf(this.tree, argument);
    return { name, position, keyword, fresh: this.raw.publication.isUnpublished(name, this.tree.start[argument] as number) };
  }

  private isTrackedNode(node: number): boolean {
    return this.tree.kind[node] === K.Name && this.isTracked(nameOf(this.tree, node));
  }

  /** `self.start()` in the constructor of a thread. */
  private isStartOfSelf({ node, target }: RawCall): boolean {
    const { owner } = this.fn;
    const receiver = receiverNameOf(this.fn);
    if (!owner || receiver === undefined || target.text !== `${receiver}.start` || !extendsExternal(this.evaluator, owner, "threading.Thread")) return false;
    const name = childWithRole(this.tree, childWithRole(this.tree, node, R.func), R.value);
    this.publish(name, "thread", undefined, node);
    return true;
  }

  /** What a thread's constructor keeps of its arguments is given to the thread when that starts itself. */
  noteHeldByThread(): void {
    const start = this.publications.find(({ name, how }) => how === "thread" && isConstructor(this.fn) && name === receiverNameOf(this.fn));
    if (!start) return;
    for (const { usage, statement } of this.raw.accesses) {
      if (usage.kind !== "write" || usage.operation !== "=" || this.tree.kind[statement] !== K.Assign) continue;
      const value = childWithRole(this.tree, statement, R.value);
      const name = this.tree.kind[value] === K.Name ? nameOf(this.tree, value) : "";
      if (name !== start.name && this.isTracked(name)) this.publications.push({ ...start, name, type: this.typeOf(name) });
    }
  }

  /** `self.worker = Worker(self)` ... `self.worker.start()`: the arguments of a thread of the program's own. */
  private noteStartOfOwn({ node, target }: RawCall): void {
    if (!target.text.endsWith(".start") || target.functions.length > 0) return;
    const started = target.text.slice(0, -".start".length);
    const made = this.raw.calls.find((call) => call.node < node && this.isMakingOf(call, started));
    if (!made) return;
    for (const value of this.valuesPassed(made.node)) {
      if (value >= 0 && this.tree.kind[value] === K.Name) this.publish(value, "thread", undefined, node);
    }
  }

  private valuesPassed(call: number): readonly number[] {
    const keywords = childrenWithRole(this.tree, call, R.keywords);
    return [...childrenWithRole(this.tree, call, R.args), ...keywords.map((keyword) => childWithRole(this.tree, keyword, R.value))];
  }

  private isMakingOf({ node }: RawCall, text: string): boolean {
    const parent = parentOf(this.tree, node);
    if (this.tree.kind[node] !== K.Call || this.tree.kind[parent] !== K.Assign) return false;
    if (shortTextOf(this.tree, childWithRole(this.tree, parent, R.targets)) !== text) return false;
    const { shape } = this.evaluator.valueOf(this.fn.module, node);
    return shape.kind === "instance" && extendsExternal(this.evaluator, shape.of, "threading.Thread");
  }

  /** Where the thread begins to run that the call makes: at once, or where `.start()` is called on it; undefined when it makes none. */
  private startedAt({ node, target }: RawCall): number | undefined {
    if (target.functions.length > 0) return undefined;
    const method = nameOf(this.tree, childWithRole(this.tree, node, R.func));
    const row = target.external === undefined ? threadStartMethods.get(method) : threadStarts.get(target.external);
    if (row === undefined || row.runs === "moment" || row.passes === undefined) return undefined;
    if (!startedLater.has(target.external ?? "")) return node;
    const parent = parentOf(this.tree, node);
    if (this.tree.kind[parent] === K.Attribute && nameOf(this.tree, parent) === "start") return parent;
    if (this.tree.kind[parent] !== K.Assign) return undefined;
    const text = `${shortTextOf(this.tree, childWithRole(this.tree, parent, R.targets))}.start`;
    return this.raw.calls.find((call) => call.target.text === text && call.node > node)?.node;
  }

  /** Objects among the arguments, and those whose methods are. */
  private noteReachable({ node }: RawCall, how: PublicationFact["how"], at: number): void {
    for (const argument of this.valuesPassed(node)) {
      const values = displays.has(this.tree.kind[argument] as number) ? childrenOf(this.tree, argument) : [argument];
      for (const value of values) {
        const object = this.tree.kind[value] === K.Attribute ? childWithRole(this.tree, value, R.value) : value;
        const isMethod = object === value || this.evaluator.valueOf(this.fn.module, value).shape.kind === "function";
        if (object >= 0 && isMethod && this.tree.kind[object] === K.Name) this.publish(object, how, undefined, at);
      }
    }
  }
}

const displays: ReadonlySet<number> = new Set([K.List, K.Tuple, K.Set, K.Dict]);
const scalars: ReadonlySet<ContainerKind> = new Set(["integer", "float", "text", "boolean", "none"]);
const startedLater: ReadonlySet<string> = new Set(["threading.Thread", "threading.Timer"]);

function addsElements(operation: string): boolean {
  return containerMethods.get(operation) === "adds" || argumentMutators.get(operation) === "adds";
}

function isRegistration(tree: SyntaxTree, { node, target }: RawCall): boolean {
  if (target.external !== undefined) return registrations.has(target.external);
  return target.functions.length === 0 && registrationMethods.has(nameOf(tree, childWithRole(tree, node, R.func)));
}
