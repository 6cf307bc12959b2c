// A function declaration in, its accesses, calls and branches out, each with locks held, handlers around it and sharing.
// Misses: accesses through getattr with computed names, exec and eval.
import { childWithRole, ExpressionContext, nameOf, parentOf, PythonKind as K, PythonRole as R } from "../../sources/index.ts";
import type { SyntaxTree } from "../../sources/index.ts";
import type { Lockset, Sharing } from "../../vocabulary/index.ts";
import { sharingOf } from "./access-sharing.ts";
import { elementsOfObject, redefines } from "../evaluation/container-objects.ts";
import { acquisitionOfCall, acquisitionsOfWith } from "./acquisitions.ts";
import { DistinctTexts } from "./distinct-texts.ts";
import { branchOf } from "./control-flow.ts";
import type { NeverReturns } from "./control-flow.ts";
import type { FunctionDeclaration } from "../declarations/declarations.ts";
import type { Evaluator } from "../evaluation/evaluator.ts";
import { argumentsOf, functionsPassed, operandsOf } from "./passed-arguments.ts";
import { entryByName, accessByName } from "./named-accesses.ts";
import type { NamedAccess } from "./named-accesses.ts";
import { Origins } from "./origins.ts";
import { foreignPlaceOf } from "../evaluation/process-places.ts";
import { Publication } from "./publication.ts";
import type { RawAccess, RawFunction, Surroundings } from "./raw-facts.ts";
import { calleeOf, hiddenCallsOf } from "./resolve-call.ts";
import type { CallTarget } from "./resolve-call.ts";
import { rootNameOf } from "./root-name.ts";
import { shortTextOf, spanOf } from "../declarations/source-text.ts";
import { containerKindOf, hasLength, mayHoldElements } from "../evaluation/static-value.ts";
import type { Place, StaticValue } from "../evaluation/static-value.ts";
import { classifyStored, storedValueIn } from "./stored-values.ts";
import { givesView, usageOf } from "./usage.ts";
import type { Usage } from "./usage.ts";
import { walkFunction } from "./walk-function.ts";

export interface ExtractionOptions {
  readonly neverReturns: NeverReturns;
  /** Locks that the function's decorators hold around it. */
  readonly heldOnEntry: Lockset;
}

export function extractFunction(evaluator: Evaluator, declaration: FunctionDeclaration, options: ExtractionOptions): RawFunction {
  const extractor = new Extractor(evaluator, declaration, options.neverReturns);
  const { result } = extractor;
  result.lockSpans = walkFunction(evaluator, declaration, options.heldOnEntry, (node, around) => extractor.inspect(node, around));
  return result;
}

const noTexts: readonly string[] = [];

interface FoundAccess {
  readonly usage: Usage | undefined;
  readonly place: Place;
  readonly value: StaticValue;
}

class Extractor {
  readonly result: RawFunction;
  private readonly evaluator: Evaluator;
  private readonly fn: FunctionDeclaration;
  private readonly tree: SyntaxTree;
  private readonly neverReturns: NeverReturns;
  private readonly publication: Publication;
  private readonly origins: Origins;

  constructor(evaluator: Evaluator, fn: FunctionDeclaration, neverReturns: NeverReturns) {
    this.evaluator = evaluator;
    this.fn = fn;
    this.tree = fn.module.tree;
    this.neverReturns = neverReturns;
    this.publication = new Publication(evaluator, fn);
    this.origins = new Origins(fn);
    const found = { accesses: [], calls: [], tests: [], acquisitions: [], suspensions: [], unresolvedAccesses: 0, lockSpans: 0 };
    this.result = { declaration: fn, ...found, returned: this.originsReturned(), raises: false, publication: this.publication };
  }

  private originsReturned(): readonly string[] {
    if (this.fn.returns.length === 0) return noTexts;
    const returned = new DistinctTexts();
    for (const value of this.fn.returns) for (const origin of this.origins.of(value)) returned.add(origin);
    return returned.list;
  }

  inspect(node: number, around: Surroundings): void {
    switch (this.tree.kind[node]) {
      case K.Attribute:
      case K.Name:
      case K.Subscript:
        this.noteHiddenCalls(node, around);
        this.noteAccess(node, around);
        return;
      case K.Call:
        this.noteCall(node, calleeOf(this.evaluator, this.fn, node), around);
        this.noteAcquire(node, around);
        this.noteNamed(node, around, accessByName(this.evaluator, this.fn, node));
        // `super().append(x)`: the elements of the object itself. `vars(x)[n]`, `getattr(x, "n")`: as with a dot. `for x in self.live()`: what the callee looks at.
        if (standsForObject.has(nameOf(this.tree, childWithRole(this.tree, node, R.func))) || givesView(this.evaluator, this.fn.module, node))
          this.noteAccess(node, around);
        return;
      case K.Raise:
        this.result.raises = true;
        return;
      case K.With:
        this.result.acquisitions.push(...acquisitionsOfWith(this.evaluator, this.fn, node, around));
        return;
      case K.Yield:
      case K.YieldFrom:
      case K.Await:
        this.noteSuspension(node, around);
        return;
      default:
        this.noteBranch(node);
    }
  }

  private noteAcquire(node: number, around: Surroundings): void {
    const acquisition = acquisitionOfCall(this.evaluator, this.fn, node, around);
    if (acquisition) this.result.acquisitions.push(acquisition);
  }

  private noteSuspension(node: number, { locks, statement }: Surroundings): void {
    if (locks.length === 0) return;
    const { module } = this.fn;
    this.result.suspensions.push({
      span: spanOf(module, node),
      statement: spanOf(module, statement),
      order: this.tree.start[node] as number,
      how: this.tree.kind[node] === K.Await ? "await" : "yield",
      lockset: locks,
    });
  }

  private noteBranch(node: number): void {
    const branch = branchOf(this.tree, node, this.neverReturns);
    if (!branch) return;
    const { test, node: at, ...rest } = branch;
    const condition: readonly [number, number] = [this.tree.start[test] as number, this.tree.end[test] as number];
    this.result.tests.push({ span: spanOf(this.fn.module, at), condition, origins: this.origins.of(test), ...rest });
  }

  private noteAccess(node: number, around: Surroundings): void {
    const place = foreignPlaceOf(this.evaluator, this.fn.module, node);
    if (place)
      this.pushAccess(node, around, { place, value: this.evaluator.valueOf(this.fn.module, node), usage: usageOf(this.evaluator, this.fn.module, node) });
    else this.noteOwnAccess(node, around);
  }

  private noteOwnAccess(node: number, around: Surroundings): void {
    const found = this.evaluator.valueOf(this.fn.module, node);
    const elements = elementsOfObject(this.evaluator, found);
    const value = elements ?? found;
    if (!value.place) return this.noteUnresolved(node, value);
    const usage = usageOf(this.evaluator, this.fn.module, node);
    if (!usage || !this.touchesMemory(node, value, usage)) return;
    const named = entryByName(this.evaluator, this.fn, node, { usage, value, statement: around.statement });
    if (named) return this.noteNamed(node, around, named);
    if (elements && (!usage.onContainer || redefines(this.evaluator, found, usage.operation))) return;
    const place = usage.onContainer ? value.place : this.storedPlace(node, value.place);
    if (place) this.pushAccess(node, around, { usage, place, value });
  }

  private noteUnresolved(node: number, { shape }: StaticValue): void {
    if (this.tree.kind[node] === K.Attribute && shape.kind === "unknown") this.result.unresolvedAccesses++;
  }

  private pushAccess(node: number, around: Surroundings, { usage, place, value }: FoundAccess): void {
    if (!usage) return;
    const { statement, locks, handled } = around;
    const { stored, origins } = this.storeOf(node, usage, around);
    const sharing = this.sharingOf(node, place, rootNameOf(this.tree, node));
    this.result.accesses.push({ statement, locks, handled, node, usage, text: undefined, place, value, sharing, stored, origins });
  }

  private noteNamed(node: number, around: Surroundings, named: NamedAccess | undefined): void {
    if (!named) return;
    const { statement, locks, handled } = around;
    const { usage, text, place, value, source } = named;
    const stored = source < 0 ? undefined : classifyStored(this.evaluator, this.fn, source, text);
    const sharing = this.sharingOf(named.root ?? node, place, named.root);
    this.result.accesses.push({ statement, locks, handled, node, usage, text, place, value, sharing, stored, origins: this.origins.of(source) });
  }

  /** What is stored, and what key or stored value are derived from. */
  private storeOf(node: number, usage: Usage, around: Surroundings): Pick<RawAccess, "stored" | "origins"> {
    const value = usage.kind === "write" ? storedValueIn(this.tree, around.statement) : -1;
    return {
      stored: value >= 0 ? classifyStored(this.evaluator, this.fn, value, shortTextOf(this.tree, usage.node)) : undefined,
      origins: this.origins.of(usage.key >= 0 ? usage.key : usage.kind === "check" ? node : value),
    };
  }

  /** A store through an instance makes an attribute of the instance, also where the class gives a default; a property's setter is a call. */
  private storedPlace(node: number, place: Place): Place | undefined {
    if (this.tree.kind[node] !== K.Attribute || this.tree.detail[node] === ExpressionContext.Load) return place;
    // What a property reads from elsewhere is not what a store to the property changes; an update does both.
    const updates = this.tree.kind[parentOf(this.tree, node)] === K.AugAssign;
    if (!updates && place.path.split(".").at(-1) !== nameOf(this.tree, node)) return undefined;
    const { shape } = this.evaluator.valueOf(this.fn.module, childWithRole(this.tree, node, R.value));
    return place.ownerKind === "class" && shape.kind !== "class" ? { ...place, ownerKind: "instance" } : place;
  }

  /** A local name that stands for a shared object is touched only where its elements are. */
  private touchesMemory(node: number, value: StaticValue, usage: Usage): boolean {
    // What happens to an element itself is told by the subscript's container.
    if (this.tree.kind[node] === K.Subscript && !usage.onContainer) return false;
    const isLocalAlias = this.tree.kind[node] === K.Name && !this.isGlobalName(node) && !this.isCapturedName(node, value);
    if (!isLocalAlias) return usage.kind !== "read" || !isDefinition(value);
    const kind = containerKindOf(value.shape);
    // `if items:` asks the container for its length.
    const asksLength = usage.operation === "truth" && hasLength.has(kind);
    return (usage.onContainer || asksLength) && !isDefinition(value) && mayHoldElements.has(kind);
  }

  private isCapturedName(node: number, { place }: StaticValue): boolean {
    return place?.captured === true && place.path === nameOf(this.tree, node);
  }

  /** The name is a variable of the module here, not a local one (of this function or one around it) with the same name. */
  private isGlobalName(node: number): boolean {
    const name = nameOf(this.tree, node);
    for (let fn: FunctionDeclaration | undefined = this.fn; fn && fn.role !== "module"; fn = fn.parent) {
      if (fn.globals.has(name)) return true;
      if (fn.bindings.has(name)) return false;
    }
    return true;
  }

  private sharingOf(node: number, place: Place, root: number | undefined): Sharing {
    return sharingOf(this.evaluator, { fn: this.fn, publication: this.publication, node, place, root });
  }

  private noteHiddenCalls(node: number, around: Surroundings): void {
    for (const target of hiddenCallsOf(this.evaluator, this.fn, node)) this.noteCall(node, target, around);
  }

  private noteCall(node: number, target: CallTarget, around: Surroundings): void {
    const isCall = this.tree.kind[node] === K.Call;
    const callee = isCall ? childWithRole(this.tree, node, R.func) : node;
    const fresh = this.publication.isCalledOnFresh(callee, this.tree.start[node] as number);
    const passed = isCall ? argumentsOf(this.tree, node) : operandsOf(this.tree, node);
    this.result.calls.push({
      statement: around.statement,
      locks: around.locks,
      handled: around.handled,
      node,
      target,
      sharing: fresh ? "fresh" : "shared",
      origins: this.origins.ofAll(passed),
      receiver: this.tree.kind[callee] === K.Attribute ? this.origins.of(childWithRole(this.tree, callee, R.value)) : noTexts,
      valueUsed: this.tree.kind[parentOf(this.tree, node)] !== K.Expr,
      passes: functionsPassed(this.evaluator, this.fn.module, passed),
    });
  }
}

/** Calls that give the object itself, or what an attribute of it holds. */
const standsForObject: ReadonlySet<string> = new Set(["super", "vars", "getattr"]);

function isDefinition(value: StaticValue): boolean {
  return value.shape.kind === "function" || value.shape.kind === "class";
}
