// Parsed files in, the Program that rules read out: declarations, evaluation, extraction, call graph, effects, joined.
import { childrenWithRole, childWithRole, PythonKind as K, PythonRole as R, textOf } from "../sources/index.ts";
import type {
  AccessFact, CallFact, ClassFact, FunctionFact, Location, LocationFact, ParameterFact, Program, Sharing, SourceSpan,
} from "../vocabulary/index.ts";
import { joinLocksets } from "../vocabulary/index.ts";
import { lineage } from "./attribute-lookup.ts";
import { buildCallGraph, isPublic } from "./call-graph.ts";
import type { CallGraph } from "./call-graph.ts";
import { CallSites } from "./call-sites.ts";
import { collectDeclarations } from "./collect-declarations.ts";
import type { Declarations, ParsedFile } from "./collect-declarations.ts";
import { leaves } from "./control-flow.ts";
import type { ClassDeclaration, FunctionDeclaration } from "./declarations.ts";
import { decoratorLocksOf } from "./decorator-locks.ts";
import { summarizeEffects } from "./effects.ts";
import { Evaluator } from "./evaluator.ts";
import { extractFunction, spanOf } from "./extract-function.ts";
import type { RawAccess, RawCall, RawFunction } from "./extract-function.ts";
import { displayOfPlace } from "./locks.ts";
import { externalBasesOf, sharingEvidence } from "./shared-classes.ts";
import { containerKindOf } from "./static-value.ts";
import type { Place } from "./static-value.ts";

export interface FactCounts {
  readonly functions: number;
  readonly functionsUnresolved: number;
  readonly classes: number;
  readonly accesses: number;
  readonly accessesUnresolved: number;
  readonly calls: number;
  readonly callsUnresolved: number;
  readonly lockSpans: number;
}

export interface ExtractedProgram {
  readonly program: Program;
  readonly counts: FactCounts;
}

/** Builds the facts of one program. `files` paths are relative to the import root. */
export function extractProgram(files: readonly ParsedFile[]): ExtractedProgram {
  const declarations = collectDeclarations(files);
  const evaluator = new Evaluator(declarations);
  const sites = new CallSites(declarations);
  evaluator.argumentsOf = (fn, index) => sites.argumentsOf(evaluator, fn, index);
  const neverReturns = neverReturnsIn(evaluator);
  const raw = declarations.functions.map((fn) => {
    return extractFunction(evaluator, fn, (call) => neverReturns.call(fn, call), decoratorLocksOf(evaluator, declarations, fn));
  });
  const graph = buildCallGraph(raw);
  const assembly = new Assembly(evaluator, declarations, graph, neverReturns.fn);
  const functions = raw.map((each) => assembly.functionFact(each));
  const classes = assembly.classFacts(raw);
  const program: Program = {
    functions, classes, locations: locationsOf(functions), effectsOf: summarizeEffects(functions),
    sourceOf: (span) => assembly.sourceOf(span),
    lineageOf: (key) => {
      const cls = declarations.classes.get(key);
      return cls ? lineage(evaluator, cls).flatMap((each) => classes.get(each.key) ?? []) : [];
    },
  };
  return { program, counts: countsOf(raw, functions, classes.size) };
}

function neverReturnsIn(evaluator: Evaluator): { fn: (fn: FunctionDeclaration) => boolean; call: (fn: FunctionDeclaration, call: number) => boolean } {
  const memo = new Map<number, boolean>();
  const call = (fn: FunctionDeclaration, node: number): boolean => {
    const { shape } = evaluator.valueOf(fn.module, childWithRole(fn.module.tree, node, R.func));
    if (shape.kind === "external") return shape.name === "sys.exit" || shape.name === "os._exit";
    return shape.kind === "function" && never(shape.of);
  };
  const never = (fn: FunctionDeclaration): boolean => {
    const known = memo.get(fn.id);
    if (known !== undefined) return known;
    memo.set(fn.id, false);
    const { tree } = fn.module;
    const annotation = childWithRole(tree, fn.node, R.returns);
    const promised = annotation >= 0 && /\b(NoReturn|Never)\b/.test(textOf(tree, annotation));
    const body = childrenWithRole(tree, fn.node, R.body);
    const abstract = body.length === 1 && /NotImplemented/.test(textOf(tree, body[0] as number));
    const result = promised || (!abstract && fn.returns.length === 0 && fn.yields.length === 0 && leaves(tree, body, (at) => call(fn, at)));
    memo.set(fn.id, result);
    return result;
  };
  return { fn: never, call };
}

class Assembly {
  private readonly evaluator: Evaluator;
  private readonly declarations: Declarations;
  private readonly graph: CallGraph;
  private readonly never: (fn: FunctionDeclaration) => boolean;
  private nextAccess = 0;
  private nextCall = 0;

  constructor(evaluator: Evaluator, declarations: Declarations, graph: CallGraph, never: (fn: FunctionDeclaration) => boolean) {
    this.evaluator = evaluator;
    this.declarations = declarations;
    this.graph = graph;
    this.never = never;
  }

  functionFact(raw: RawFunction): FunctionFact {
    const fn = raw.declaration;
    const { tree, file } = fn.module;
    const phase = this.graph.phaseOf(fn);
    const entryLockset = this.graph.entryLocksOf(fn);
    const returns = childWithRole(tree, fn.node, R.returns);
    return {
      id: fn.id, module: fn.module.name, qualifiedName: fn.qualifiedName, owner: fn.owner?.key, span: spanOf(file, tree, fn.node),
      role: fn.role, public: isPublic(fn), phase, generator: fn.yields.length > 0, asynchronous: fn.asynchronous,
      contextManager: fn.decorators.some((text) => /(^|\.)(async)?contextmanager$/.test(text)), neverReturns: this.never(fn), entryLockset,
      parameters: fn.parameters.map((_, index) => this.parameterFact(raw, index)),
      accesses: raw.accesses.map((access) => this.accessFact(fn, access)),
      calls: raw.calls.map((call) => this.callFact(fn, call)),
      tests: raw.tests,
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

  private parameterFact(raw: RawFunction, index: number): ParameterFact {
    const fn = raw.declaration;
    const parameter = fn.parameters[index] as FunctionDeclaration["parameters"][number];
    const { tree } = fn.module;
    const { shape } = this.evaluator.valueOfName(fn, parameter.name);
    return {
      name: parameter.name, kind: parameter.kind,
      annotation: parameter.annotation >= 0 ? textOf(tree, parameter.annotation) : undefined,
      default: parameter.default >= 0 ? textOf(tree, parameter.default) : undefined,
      type: shape.kind === "instance" ? shape.of.key : undefined, absence: absenceOf(raw, parameter.name),
    };
  }

  private accessFact(fn: FunctionDeclaration, raw: RawAccess): AccessFact {
    const { tree, file } = fn.module;
    const { usage } = raw;
    const key = usage.key >= 0 ? textOf(tree, usage.key) : undefined;
    const constant = usage.key >= 0 && tree.kind[usage.key] === K.Constant && usage.kind !== "check";
    // Elements of records and updated elements are locations of their own; other element operations touch the container.
    const ownElement = key !== undefined && usage.onContainer && (usage.kind === "update" || (constant && raw.place.path.endsWith("]")));
    const place = ownElement ? { ...raw.place, path: `${raw.place.path}[${constant ? key : ""}]` } : raw.place;
    return {
      id: this.nextAccess++, functionId: fn.id, function: fn.qualifiedName, kind: usage.kind, operation: usage.operation,
      location: locationOf(place), span: spanOf(file, tree, usage.node), statement: spanOf(file, tree, raw.statement),
      order: tree.start[usage.node] as number, text: textOf(tree, raw.node),
      lockset: joinLocksets(this.graph.entryLocksOf(fn), raw.locks), sharing: this.sharingOf(fn, raw),
      container: containerKindOf(raw.value.shape), key, origins: raw.origins, stored: raw.stored, handled: raw.handled, guessed: place.guessed,
    };
  }

  private sharingOf(fn: FunctionDeclaration, raw: RawAccess): Sharing {
    if (containerKindOf(raw.value.shape) === "thread-local" || containerKindOf(raw.value.shape) === "context-variable") return "confined";
    if (raw.sharing !== "shared") return raw.sharing;
    const phase = this.graph.phaseOf(fn);
    if (phase === "import") return "import";
    return phase === "construction" && fn.name !== "__new__" && raw.place.ownerKind === "instance" && /^self\.\w+$/.test(this.textOfRaw(fn, raw)) ? "construction" : "shared";
  }

  private textOfRaw(fn: FunctionDeclaration, raw: RawAccess): string {
    return textOf(fn.module.tree, raw.node);
  }

  private callFact(fn: FunctionDeclaration, raw: RawCall): CallFact {
    const { tree, file } = fn.module;
    return {
      id: this.nextCall++, functionId: fn.id, span: spanOf(file, tree, raw.node), statement: spanOf(file, tree, raw.statement),
      order: tree.start[raw.node] as number, text: raw.target.text, external: raw.target.external,
      targets: raw.target.functions.map((target) => target.id), lockset: joinLocksets(this.graph.entryLocksOf(fn), raw.locks),
      sharing: raw.sharing, origins: raw.origins, handled: raw.handled, valueUsed: raw.valueUsed,
    };
  }

  classFacts(raw: readonly RawFunction[]): Map<string, ClassFact> {
    const evidence = sharingEvidence(this.evaluator, this.declarations, raw);
    const out = new Map<string, ClassFact>();
    for (const cls of this.declarations.classes.values()) out.set(cls.key, this.classFact(cls, evidence.get(cls.key) ?? []));
    return out;
  }

  private classFact(cls: ClassDeclaration, sharedBecause: readonly string[]): ClassFact {
    const classes = lineage(this.evaluator, cls);
    const externalBases = externalBasesOf(this.evaluator, cls);
    return {
      key: cls.key, module: cls.module.name, qualifiedName: cls.qualifiedName, span: spanOf(cls.module.file, cls.module.tree, cls.node),
      bases: classes.slice(1).map((each) => each.key), externalBases,
      public: cls.qualifiedName.split(".").every((part) => !part.startsWith("_")),
      methods: new Map([...cls.methods].map(([name, methods]) => [name, (methods.at(-1) as FunctionDeclaration).id])),
      sharedBecause, abstract: externalBases.some((base) => base === "ABC" || base === "Protocol"),
      exception: classes.some((each) => externalBasesOf(this.evaluator, each).some((base) => /(Error|Exception|Warning)$/.test(base))),
    };
  }

  sourceOf(span: SourceSpan): string {
    for (const module of this.declarations.modules.values()) {
      if (module.file !== span.file) continue;
      const { lineStarts, source } = module.tree;
      const from = (lineStarts[span.line - 1] ?? 0) + span.column;
      const to = (lineStarts[span.endLine - 1] ?? 0) + span.endColumn;
      return new TextDecoder().decode(source.subarray(from, to)).replaceAll(/\s+/g, " ");
    }
    return "";
  }
}

function locationOf(place: Place): Location {
  return { key: `${place.ownerKind}:${place.owner}:${place.path}`, ownerKind: place.ownerKind, owner: place.owner, path: place.path, display: displayOfPlace(place) };
}

function locationsOf(functions: readonly FunctionFact[]): Map<string, LocationFact> {
  const accesses = new Map<string, AccessFact[]>();
  for (const fn of functions) {
    for (const access of fn.accesses) {
      const known = accesses.get(access.location.key);
      if (known) known.push(access);
      else accesses.set(access.location.key, [access]);
    }
  }
  const out = new Map<string, LocationFact>();
  for (const [key, list] of accesses) {
    const container = list.find((access) => access.container !== "unknown" && access.container !== "none")?.container ?? "unknown";
    out.set(key, { location: (list[0] as AccessFact).location, container, accesses: list });
  }
  return out;
}

function countsOf(raw: readonly RawFunction[], functions: readonly FunctionFact[], classes: number): FactCounts {
  const isUnresolved = (call: CallFact): boolean => call.targets.length === 0 && call.external === undefined;
  const real = functions.filter((fn) => fn.role !== "module" && fn.role !== "class-body");
  const calls = functions.flatMap((fn) => fn.calls);
  return {
    functions: real.length, functionsUnresolved: real.filter((fn) => fn.calls.some(isUnresolved)).length, classes,
    accesses: functions.reduce((sum, fn) => sum + fn.accesses.length, 0),
    accessesUnresolved: raw.reduce((sum, each) => sum + each.unresolvedAccesses, 0),
    calls: calls.length, callsUnresolved: calls.filter(isUnresolved).length,
    lockSpans: raw.reduce((sum, each) => sum + each.lockSpans, 0),
  };
}

/** Looks for `if x`, `if not x`, `if x is None` and their negations on the bare parameter. */
function absenceOf(raw: RawFunction, name: string): ParameterFact["absence"] {
  const { source } = raw.declaration.module.tree;
  let absence: ParameterFact["absence"] = "untested";
  for (const test of raw.tests) {
    const condition = new TextDecoder().decode(source.subarray(test.condition[0], test.condition[1]));
    if (!condition.startsWith(name) && !condition.startsWith(`not ${name}`)) continue;
    if (condition === name || condition === `${name} is not None`) absence = "handled";
    if (condition === `not ${name}` || condition === `${name} is None`) absence = test.trueLeaves ? "refused" : "handled";
  }
  return absence;
}
