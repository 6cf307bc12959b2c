// What walking a function found in, the function's facts as plain data out: places become locations, nodes spans and texts.
import { childWithRole, nameOf, PythonKind as K, PythonRole as R, textOf } from "../../sources/index.ts";
import { noLocks } from "../../vocabulary/index.ts";
import type { AccessFact, CallFact, Sharing } from "../../vocabulary/index.ts";
import type { FunctionDeclaration } from "../declarations/declarations.ts";
import { isPublic } from "../declarations/public-names.ts";
import { shortTextOf, spanOf } from "../declarations/source-text.ts";
import { extendsExternal } from "../evaluation/class-hierarchy.ts";
import type { Evaluator } from "../evaluation/evaluator.ts";
import { containerKindOf } from "../evaluation/static-value.ts";
import type { Place } from "../evaluation/static-value.ts";
import type { ExtractedAccess, ExtractedCall, ExtractedFunction } from "../module-facts.ts";
import { isConstructor } from "./access-sharing.ts";
import { constructedClasses, keptClasses } from "./kept-classes.ts";
import type { NeverReturning } from "./never-returns.ts";
import { parameterFactsOf } from "./parameter-facts.ts";
import { publicationsOf } from "./publications.ts";
import type { RawAccess, RawCall, RawFunction } from "./raw-facts.ts";
import { threadStartOf } from "./thread-start.ts";
import type { WrittenPlaces } from "./written-places.ts";

/** What all functions of a module have in common. */
export interface Description {
  readonly never: NeverReturning;
  readonly places: WrittenPlaces;
}

export function describeFunction(evaluator: Evaluator, raw: RawFunction, { never, places }: Description): ExtractedFunction {
  const fn = raw.declaration;
  const { tree } = fn.module;
  const returns = childWithRole(tree, fn.node, R.returns);
  const accesses = raw.accesses.map((access) => describeAccess(evaluator, fn, access, places));
  return {
    key: fn.key,
    module: fn.module.name,
    qualifiedName: fn.qualifiedName,
    owner: fn.owner?.key,
    span: spanOf(fn.module, fn.node),
    role: fn.role,
    public: isPublic(fn),
    isConstructor: isConstructor(fn),
    generator: fn.yields.length > 0,
    asynchronous: fn.asynchronous,
    contextManager: fn.decorators.some((text) => /(^|\.)(async)?contextmanager$/.test(text)),
    neverReturns: never.isFunction(fn),
    parameters: parameterFactsOf(evaluator, raw),
    accesses,
    calls: raw.calls.map((call) => describeCall(evaluator, fn, call, places)),
    tests: raw.tests,
    acquisitions: raw.acquisitions,
    suspensions: raw.suspensions,
    ...publicationsOf(evaluator, raw, accesses),
    returnedNames: fn.returns.flatMap((node) => (node >= 0 && tree.kind[node] === K.Name ? [nameOf(tree, node)] : [])),
    decorators: fn.decorators,
    returnAnnotation: returns >= 0 ? textOf(tree, returns) : undefined,
    predicate: isPredicate(evaluator, fn, returns),
    returned: raw.returned,
    raises: raw.raises,
    unresolvedAccesses: raw.unresolvedAccesses,
    lockSpans: raw.lockSpans,
    constructedClasses: constructedClasses(evaluator, raw),
    keptClasses: keptClasses(evaluator, raw),
  };
}

function isPredicate(evaluator: Evaluator, fn: FunctionDeclaration, annotation: number): boolean {
  if (annotation >= 0) return textOf(fn.module.tree, annotation) === "bool";
  const values = fn.returns.map((node) => (node < 0 ? "none" : containerKindOf(evaluator.valueOf(fn.module, node).shape)));
  return values.length > 0 && values.every((kind) => kind === "boolean");
}

function describeAccess(evaluator: Evaluator, fn: FunctionDeclaration, raw: RawAccess, places: WrittenPlaces): ExtractedAccess & AccessFact {
  const { module } = fn;
  const { usage } = raw;
  const place = placeOfAccess(fn, raw);
  const text = raw.text ?? shortTextOf(module.tree, raw.node);
  return {
    id: -1,
    functionId: -1,
    function: "",
    kind: usage.kind,
    operation: usage.operation,
    location: places.locationOf(place),
    span: places.spanOf(usage.node),
    statement: places.spanOf(raw.statement),
    order: module.tree.start[usage.node] as number,
    text,
    lockset: noLocks,
    sharing: "shared",
    container: containerKindOf(raw.value.shape),
    key: usage.key >= 0 ? shortTextOf(module.tree, usage.key) : undefined,
    origins: raw.origins,
    stored: raw.stored,
    handled: raw.handled,
    guessed: place.guessed,
    ownLockset: raw.locks,
    ownSharing: sharingOf(evaluator, raw),
    ownAttribute: isOwnAttribute(fn, raw, text),
  };
}

/** Of the object, or of the class that a class method gets. */
function isOwnAttribute(fn: FunctionDeclaration, { place }: RawAccess, text: string): boolean {
  if (place.ownerKind === "class") return fn.role === "class-method" && fn.name !== "__new__" && /^cls\.\w+$/.test(text);
  return fn.name !== "__new__" && place.ownerKind === "instance" && /^self\.\w+$/.test(text);
}

/** Storage that every thread or task has its own copy of is confined. */
function sharingOf(evaluator: Evaluator, { value, place, sharing }: RawAccess): Sharing {
  const kind = containerKindOf(value.shape);
  if (kind === "thread-local" || kind === "context-variable" || place.confined) return "confined";
  const owner = place.ownerKind === "instance" ? evaluator.classWithKey(place.owner) : undefined;
  return owner && extendsExternal(evaluator, owner, "threading.local") ? "confined" : sharing;
}

/** Elements of records and updated elements are locations of their own; other element operations touch the container. */
function placeOfAccess(fn: FunctionDeclaration, { usage, place }: RawAccess): Place {
  if (usage.key < 0 || !usage.onContainer) return place;
  const { tree } = fn.module;
  const constant = tree.kind[usage.key] === K.Constant && usage.kind !== "check";
  const ownElement = usage.kind === "update" || (constant && place.path.endsWith("]"));
  return ownElement ? { ...place, path: `${place.path}[${constant ? shortTextOf(tree, usage.key) : ""}]` } : place;
}

const noKeys: readonly string[] = [];
const noNumbers: readonly number[] = [];

function describeCall(evaluator: Evaluator, fn: FunctionDeclaration, raw: RawCall, places: WrittenPlaces): ExtractedCall & CallFact {
  const { module } = fn;
  return {
    id: -1,
    functionId: -1,
    span: places.spanOf(raw.node),
    statement: places.spanOf(raw.statement),
    order: module.tree.start[raw.node] as number,
    text: raw.target.text,
    external: raw.target.external,
    targets: noNumbers,
    lockset: noLocks,
    sharing: raw.sharing,
    origins: raw.origins,
    receiver: raw.receiver,
    handled: raw.handled,
    valueUsed: raw.valueUsed,
    passes: noNumbers,
    ownLockset: raw.locks,
    targetKeys: raw.target.functions.length === 0 ? noKeys : raw.target.functions.map((target) => target.key),
    passedKeys: raw.passes,
    starts: threadStartOf(evaluator, fn, raw),
  };
}
