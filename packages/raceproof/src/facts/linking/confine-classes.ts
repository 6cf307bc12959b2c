// Function and class facts in, for each class why one thread at a time normally works with an instance out.
// Source: ownership in RacerD (Blackshear et al., OOPSLA 2018), here by class and from how its own methods treat its attributes: an object
// most of whose attributes change from step to step (a parser, a visitor, a cursor, a response being read) is in nobody's use but its maker's.
// Misses: such an object that a library does share. Evidence for sharing (locks, globals, threads) always wins.
import type { AccessFact, CallFact, ClassFact, FunctionFact } from "../../vocabulary/index.ts";
import { rootNameOf } from "../../vocabulary/index.ts";
import { oneUserRole } from "../../models/index.ts";
import type { CreatedClasses } from "./created-classes.ts";

/** Measured on parsers, translators, responses on one side and sessions, pools, caches, registries, retry policies on the other. */
const fewestMoving = 4;
const smallestShare = 0.2;
/** So many are a state machine, whatever else the object holds. */
const manyMoving = 12;
/** Filling and emptying a collection is what shared objects do, too. */
const collections: ReadonlySet<string> = new Set(["dict", "list", "set", "deque", "heap", "queue"]);
export const identities: ReadonlySet<string> = new Set(["threading.get_ident", "_thread.get_ident"]);
/** A function that only checks calls little else. */
const longestCheck = 5;
const fewestVisits = 5;
const visits = "is a visitor: it walks one tree for one caller";
/** Parts of parts are followed this far. */
const deepestPart = 4;

export interface Lives {
  readonly created: CreatedClasses;
  /** Classes whose objects give functions of their own away. */
  readonly givenAway: ReadonlySet<string>;
}

interface Stepping {
  readonly attributes: Set<string>;
  /** Containers that public functions put into, and those that public functions take out of. */
  readonly filled: Set<string>;
  readonly emptied: Set<string>;
  /** Attribute -> the functions that rebind it. */
  readonly rebound: Map<string, Set<number>>;
  /** Attributes that are counted up or down. */
  readonly counted: Set<string>;
}

/** The classes, each with why its instances belong to one piece of work, if something says so. */
export function confineClasses(
  functions: readonly FunctionFact[],
  classes: ReadonlyMap<string, ClassFact>,
  { created, givenAway }: Lives,
): ReadonlyMap<string, ClassFact> {
  const own = ownSteps(functions);
  const refusing = classesThatRefuse(functions, classes);
  const out = new Map<string, ClassFact>();
  for (const cls of classes.values()) {
    const lineage = [cls, ...cls.bases.flatMap((key) => classes.get(key) ?? [])];
    const steps = joinSteps(lineage.flatMap(({ key }) => own.get(key) ?? []));
    const refuses = cls.confinedBecause === undefined && refusing.has(cls.key);
    if (refuses) {
      out.set(cls.key, { ...cls, sharedBecause: [], confinedBecause: `${cls.qualifiedName} refuses threads other than the one that made it` });
      continue;
    }
    const isGivenAway = lineage.some(({ key }) => givenAway.has(key));
    const confinedBecause =
      cls.confinedBecause ??
      reasonFor(cls, isGivenAway ? newSteps() : steps, created.transient) ??
      (isVisitor(lineage) ? `${cls.qualifiedName} ${visits}` : undefined);
    out.set(cls.key, { ...cls, confinedBecause });
  }
  confineBases(out);
  const isStore = (key: string): boolean =>
    storesIn(
      joinSteps(
        out
          .get(key)
          ?.bases.flatMap((base) => own.get(base) ?? [])
          .concat(own.get(key) ?? []) ?? [],
      ),
    );
  for (let depth = 0; depth < deepestPart && confineParts(out, created, isStore); depth++);
  for (const cls of out.values()) if (speaksByName(cls, created)) out.set(cls.key, withRole(cls));
  return out;
}

/** `if self._thread_ident != get_ident(): raise ...`, in the class or one of its bases. */
function classesThatRefuse(functions: readonly FunctionFact[], classes: ReadonlyMap<string, ClassFact>): ReadonlySet<string> {
  const own = new Set<string>();
  for (const fn of functions) {
    if (!fn.raises || fn.owner === undefined || fn.calls.length > longestCheck) continue;
    const asked = fn.calls.find(({ external }) => external !== undefined && identities.has(external));
    if (asked && !keepsPerThread(fn, asked)) own.add(fn.owner);
  }
  if (own.size === 0) return own;
  return new Set([...classes.values()].filter(({ key, bases }) => own.has(key) || bases.some((base) => own.has(base))).map(({ key }) => key));
}

/** `self.active[get_ident()]`: an entry for each thread, so there are several. */
function keepsPerThread(fn: FunctionFact, { order }: CallFact): boolean {
  const answer = `call@${order}`;
  return fn.accesses.some(({ key, origins }) => key !== undefined && origins.includes(answer));
}

/** The parser of a shared connection is shared with it, whatever it is called. */
function speaksByName({ key, confinedBecause, sharedInPart }: ClassFact, { elsewhere }: CreatedClasses): boolean {
  return confinedBecause === undefined && (sharedInPart.length === 0 || elsewhere.has(key));
}

/** What a name promises counts when nothing else is known. */
function withRole(cls: ClassFact): ClassFact {
  const role = oneUserRole(cls.qualifiedName.slice(cls.qualifiedName.lastIndexOf(".") + 1));
  return role === undefined ? cls : { ...cls, confinedBecause: `${cls.qualifiedName} ${role}, as its name says: normally one thread's` };
}

function reasonFor(cls: ClassFact, steps: Stepping, transient: ReadonlySet<string>): string | undefined {
  const moving = movingIn(steps);
  if (isState(steps, moving))
    return `${cls.qualifiedName} changes ${moving} of its ${steps.attributes.size} attributes from step to step: the state of one piece of work`;
  if (steps.rebound.size === 0 || !transient.has(cls.key)) return undefined;
  return `${cls.qualifiedName} is created, used and dropped within single calls wherever the library makes one`;
}

/** A base all of whose last subclasses are confined is what they are: instances are theirs. */
function confineBases(classes: Map<string, ClassFact>): void {
  const extended = new Set([...classes.values()].flatMap(({ bases }) => bases));
  const leaves = new Map<string, ClassFact[]>();
  for (const cls of classes.values()) {
    if (extended.has(cls.key)) continue;
    for (const base of cls.bases) leaves.set(base, [...(leaves.get(base) ?? []), cls]);
  }
  for (const [key, under] of leaves) {
    const base = classes.get(key);
    if (!base || base.confinedBecause !== undefined || !under.every(isOneUsers)) continue;
    classes.set(key, { ...base, confinedBecause: under[0]?.confinedBecause });
  }
}

/** What is only ever a part of confined objects is confined like them. Gives false when nothing new was found. */
function confineParts(classes: Map<string, ClassFact>, { parts, transient }: CreatedClasses, isStore: (key: string) => boolean): boolean {
  let found = false;
  for (const [key, holders] of parts) {
    const cls = classes.get(key);
    if (!cls || cls.confinedBecause !== undefined || isStore(key)) continue;
    const isConfined = [...holders].every((holder) => transient.has(holder) || isOneUsers(classes.get(holder)));
    if (!isConfined) continue;
    const holder = classes.get([...holders][0] ?? "");
    classes.set(key, { ...cls, confinedBecause: `${cls.qualifiedName} is only a part of ${holder?.qualifiedName}, which one thread at a time works with` });
    found = true;
  }
  return found;
}

function isOneUsers(holder: ClassFact | undefined): boolean {
  return holder?.confinedBecause !== undefined && holder.sharedBecause.length === 0;
}

/** Attributes that several functions rebind, or that are counted: what one setter or one start sets is configuration. */
function movingIn({ rebound, counted }: Stepping): number {
  return [...rebound].filter(([attribute, by]) => by.size > 1 || counted.has(attribute)).length;
}

function isState({ attributes, counted }: Stepping, moving: number): boolean {
  if (moving < fewestMoving || counted.size === 0) return false;
  return moving >= smallestShare * attributes.size || moving >= manyMoving;
}

/** `visit_Name` and its like, one method per kind of node (docs.python.org/3/library/ast.html#ast.NodeVisitor). */
function isVisitor(lineage: readonly ClassFact[]): boolean {
  let found = 0;
  for (const { methods } of lineage) for (const name of methods.keys()) if (/^(visit|depart|leave)_/.test(name)) found++;
  return found >= fewestVisits;
}

function newSteps(): Stepping {
  return { attributes: new Set(), filled: new Set(), emptied: new Set(), rebound: new Map(), counted: new Set() };
}

function joinSteps(steps: readonly Stepping[]): Stepping {
  const [only] = steps;
  if (steps.length === 1 && only) return only;
  const joined = newSteps();
  for (const each of steps) {
    for (const attribute of each.attributes) joined.attributes.add(attribute);
    for (const attribute of each.counted) joined.counted.add(attribute);
    for (const attribute of each.filled) joined.filled.add(attribute);
    for (const attribute of each.emptied) joined.emptied.add(attribute);
    for (const [attribute, by] of each.rebound) joined.rebound.set(attribute, by);
  }
  return joined;
}

/** By class that declares the attributes: what its own and its subclasses' methods do to them. */
function ownSteps(functions: readonly FunctionFact[]): Map<string, Stepping> {
  const steps = new Map<string, Stepping>();
  for (const fn of functions) {
    for (const access of fn.accesses) {
      const { location } = access;
      if (location.ownerKind !== "instance") continue;
      let known = steps.get(location.owner);
      if (!known) steps.set(location.owner, (known = newSteps()));
      const attribute = rootNameOf(location);
      known.attributes.add(attribute);
      if (fn.public && access.key !== undefined) noteExchange(known, attribute, access.operation);
      if (!isStep(access, fn)) continue;
      const by = known.rebound.get(attribute);
      if (by) by.add(fn.id);
      else known.rebound.set(attribute, new Set([fn.id]));
      if (access.kind === "update" || access.stored === "counter") known.counted.add(attribute);
    }
  }
  return steps;
}

/** Elements with names go in and out: a stack of a parser has none. */
function noteExchange(known: Stepping, attribute: string, operation: string): void {
  if (operation === "[]=" || operation === "add" || operation === "setdefault") known.filled.add(attribute);
  else if (operation === "del[]" || operation === "pop" || operation === "discard" || operation === "remove") known.emptied.add(attribute);
}

/** Users hand things in and out: that is what shared objects are for. */
function storesIn({ filled, emptied }: Stepping): boolean {
  return [...filled].some((attribute) => emptied.has(attribute));
}

function isStep(access: AccessFact, fn: FunctionFact): boolean {
  const rebinds = (access.kind === "update" || (access.kind === "write" && access.operation === "=")) && !collections.has(access.container);
  return rebinds && access.sharing === "shared" && access.lockset.length === 0 && access.text.startsWith(`${fn.parameters[0]?.name}.`);
}
