// Raw facts and the call graph in, function facts out: numbered, with entry locks and phases applied.
import { childWithRole, PythonKind as K, PythonRole as R, textOf } from "../sources/index.ts";
import type { AccessFact, CallFact, FunctionFact, Location, Sharing } from "../vocabulary/index.ts";
import { joinLocksets } from "../vocabulary/index.ts";
import { isPublic } from "./call-graph.ts";
import type { CallGraph } from "./call-graph.ts";
import { extendsExternal } from "./class-hierarchy.ts";
import type { FunctionDeclaration } from "./declarations.ts";
import type { Evaluator } from "./evaluator.ts";
import { displayOfPlace } from "./locks.ts";
import type { NeverReturning } from "./never-returns.ts";
import { parameterFactsOf } from "./parameter-facts.ts";
import type { RawAccess, RawCall, RawFunction } from "./raw-facts.ts";
import { shortTextOf, spanOf } from "./source-text.ts";
import { containerKindOf } from "./static-value.ts";
import type { Place } from "./static-value.ts";

export function assembleFunctions(evaluator: Evaluator, raw: readonly RawFunction[], graph: CallGraph, never: NeverReturning): FunctionFact[] {
  const assembly = new Assembly(evaluator, graph, never);
  return raw.map((each) => assembly.functionFact(each));
}

class Assembly {
  private readonly evaluator: Evaluator;
  private readonly graph: CallGraph;
  private readonly never: NeverReturning;
  private nextAccess = 0;
  private nextCall = 0;

  constructor(evaluator: Evaluator, graph: CallGraph, never: NeverReturning) {
    this.evaluator = evaluator;
    this.graph = graph;
    this.never = never;
  }

  functionFact(raw: RawFunction): FunctionFact {
    const fn = raw.declaration;
    const { tree } = fn.module;
    const returns = childWithRole(tree, fn.node, R.returns);
    return {
      id: fn.id,
      module: fn.module.name,
      qualifiedName: fn.qualifiedName,
      owner: fn.owner?.key,
      span: spanOf(fn.module, fn.node),
      role: fn.role,
      public: isPublic(fn),
      phase: this.graph.phaseOf(fn),
      generator: fn.yields.length > 0,
      asynchronous: fn.asynchronous,
      contextManager: fn.decorators.some((text) => /(^|\.)(async)?contextmanager$/.test(text)),
      neverReturns: this.never.isFunction(fn),
      entryLockset: this.graph.entryLocksOf(fn),
      parameters: parameterFactsOf(this.evaluator, raw),
      accesses: raw.accesses.map((access) => this.accessFact(fn, access)),
      calls: raw.calls.map((call) => this.callFact(fn, call)),
      tests: raw.tests,
      acquisitions: raw.acquisitions.map((taken) => ({ ...taken, held: joinLocksets(this.graph.entryLocksOf(fn), taken.held) })),
      suspensions: raw.suspensions,
      publications: [],
      decorators: fn.decorators,
      threadEntry: undefined,
      callers: [...new Set((this.graph.callers.get(fn.id) ?? []).map((site) => site.caller.id))],
      returnAnnotation: returns >= 0 ? textOf(tree, returns) : undefined,
      predicate: this.isPredicate(fn, returns),
    };
  }

  private isPredicate(fn: FunctionDeclaration, annotation: number): boolean {
    if (annotation >= 0) return textOf(fn.module.tree, annotation) === "bool";
    const values = fn.returns.map((node) => (node < 0 ? "none" : containerKindOf(this.evaluator.valueOf(fn.module, node).shape)));
    return values.length > 0 && values.every((kind) => kind === "boolean");
  }

  private accessFact(fn: FunctionDeclaration, raw: RawAccess): AccessFact {
    const { tree } = fn.module;
    const { usage } = raw;
    const place = placeOfAccess(fn, raw);
    return {
      id: this.nextAccess++,
      functionId: fn.id,
      function: fn.qualifiedName,
      kind: usage.kind,
      operation: usage.operation,
      location: locationOf(place),
      span: spanOf(fn.module, usage.node),
      statement: spanOf(fn.module, raw.statement),
      order: tree.start[usage.node] as number,
      text: shortTextOf(tree, raw.node),
      lockset: joinLocksets(this.graph.entryLocksOf(fn), raw.locks),
      sharing: this.sharingOf(fn, raw),
      container: containerKindOf(raw.value.shape),
      key: usage.key >= 0 ? shortTextOf(tree, usage.key) : undefined,
      origins: raw.origins,
      stored: raw.stored,
      handled: raw.handled,
      guessed: place.guessed,
    };
  }

  private sharingOf(fn: FunctionDeclaration, raw: RawAccess): Sharing {
    if (this.isConfined(raw)) return "confined";
    if (raw.sharing !== "shared") return raw.sharing;
    const phase = this.graph.phaseOf(fn);
    if (phase === "import") return "import";
    const ownAttribute = raw.place.ownerKind === "instance" && /^self\.\w+$/.test(shortTextOf(fn.module.tree, raw.node));
    return phase === "construction" && fn.name !== "__new__" && ownAttribute ? "construction" : "shared";
  }

  /** Storage that every thread or task has its own copy of. */
  private isConfined({ value, place }: RawAccess): boolean {
    const kind = containerKindOf(value.shape);
    if (kind === "thread-local" || kind === "context-variable") return true;
    const owner = this.evaluator.declarations.classes.get(place.owner);
    return place.ownerKind === "instance" && owner !== undefined && extendsExternal(this.evaluator, owner, "threading.local");
  }

  private callFact(fn: FunctionDeclaration, raw: RawCall): CallFact {
    return {
      id: this.nextCall++,
      functionId: fn.id,
      span: spanOf(fn.module, raw.node),
      statement: spanOf(fn.module, raw.statement),
      order: fn.module.tree.start[raw.node] as number,
      text: raw.target.text,
      external: raw.target.external,
      targets: raw.target.functions.map((target) => target.id),
      lockset: joinLocksets(this.graph.entryLocksOf(fn), raw.locks),
      sharing: raw.sharing,
      origins: raw.origins,
      handled: raw.handled,
      valueUsed: raw.valueUsed,
      passes: raw.passes,
    };
  }
}

/** Elements of records and updated elements are locations of their own; other element operations touch the container. */
function placeOfAccess(fn: FunctionDeclaration, { usage, place }: RawAccess): Place {
  if (usage.key < 0 || !usage.onContainer) return place;
  const { tree } = fn.module;
  const constant = tree.kind[usage.key] === K.Constant && usage.kind !== "check";
  const ownElement = usage.kind === "update" || (constant && place.path.endsWith("]"));
  return ownElement ? { ...place, path: `${place.path}[${constant ? shortTextOf(tree, usage.key) : ""}]` } : place;
}

function locationOf(place: Place): Location {
  const { ownerKind, owner, path } = place;
  return { key: `${ownerKind}:${owner}:${path}`, ownerKind, owner, path, display: displayOfPlace(place) };
}
