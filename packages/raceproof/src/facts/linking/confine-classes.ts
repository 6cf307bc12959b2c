// Function and class facts in, for each class why one thread at a time normally works with an instance out.
// Source: ownership in RacerD (Blackshear et al., OOPSLA 2018), here by class and from how its own methods treat its attributes: an object
// most of whose attributes change from step to step (a parser, a visitor, a cursor, a response being read) is in nobody's use but its maker's.
// Misses: such an object that a library does share. Evidence for sharing (locks, globals, threads) always wins.
import type { AccessFact, ClassFact, FunctionFact } from "../../vocabulary/index.ts";
import { rootNameOf } from "../../vocabulary/index.ts";
import type { CreatedClasses } from "./created-classes.ts";

/** Measured on parsers, translators, responses on one side and sessions, pools, caches, registries on the other. */
const fewestRebound = 4;
const fewestWriters = 2;
const smallestShare = 0.3;
/** So many are a state machine, whatever else the object holds. */
const manyRebound = 12;
const fewestVisits = 5;
const visits = "is a visitor: it walks one tree for one caller";
/** Parts of parts are followed this far. */
const deepestPart = 4;

interface Stepping {
  readonly attributes: Set<string>;
  readonly rebound: Set<string>;
  readonly writers: Set<number>;
}

/** The classes, each with why its instances belong to one piece of work, if something says so. */
export function confineClasses(
  functions: readonly FunctionFact[],
  classes: ReadonlyMap<string, ClassFact>,
  created: CreatedClasses,
): ReadonlyMap<string, ClassFact> {
  const own = ownSteps(functions);
  const out = new Map<string, ClassFact>();
  for (const cls of classes.values()) {
    const lineage = [cls, ...cls.bases.flatMap((key) => classes.get(key) ?? [])];
    const steps = joinSteps(lineage.flatMap(({ key }) => own.get(key) ?? []));
    const confinedBecause =
      cls.confinedBecause ?? reasonFor(cls, steps, created.transient) ?? (isVisitor(lineage) ? `${cls.qualifiedName} ${visits}` : undefined);
    out.set(cls.key, { ...cls, confinedBecause });
  }
  for (let depth = 0; depth < deepestPart && confineParts(out, created); depth++);
  return out;
}

function reasonFor(cls: ClassFact, steps: Stepping, transient: ReadonlySet<string>): string | undefined {
  const { attributes, rebound } = steps;
  if (isState(steps))
    return `${cls.qualifiedName} changes ${rebound.size} of its ${attributes.size} attributes from step to step: the state of one piece of work`;
  if (rebound.size === 0 || !transient.has(cls.key)) return undefined;
  return `${cls.qualifiedName} is created, used and dropped within single calls wherever the library makes one`;
}

/** What is only ever a part of confined objects is confined like them. Gives false when nothing new was found. */
function confineParts(classes: Map<string, ClassFact>, { parts, transient }: CreatedClasses): boolean {
  let found = false;
  for (const [key, holders] of parts) {
    const cls = classes.get(key);
    if (!cls || cls.confinedBecause !== undefined) continue;
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

function isState({ attributes, rebound, writers }: Stepping): boolean {
  if (rebound.size < fewestRebound || writers.size < fewestWriters) return false;
  return rebound.size >= smallestShare * attributes.size || (rebound.size >= manyRebound && writers.size >= manyRebound);
}

/** `visit_Name` and its like, one method per kind of node (docs.python.org/3/library/ast.html#ast.NodeVisitor). */
function isVisitor(lineage: readonly ClassFact[]): boolean {
  let found = 0;
  for (const { methods } of lineage) for (const name of methods.keys()) if (/^(visit|depart|leave)_/.test(name)) found++;
  return found >= fewestVisits;
}

function joinSteps(steps: readonly Stepping[]): Stepping {
  const joined: Stepping = { attributes: new Set(), rebound: new Set(), writers: new Set() };
  for (const each of steps) {
    for (const attribute of each.attributes) joined.attributes.add(attribute);
    for (const attribute of each.rebound) joined.rebound.add(attribute);
    for (const writer of each.writers) joined.writers.add(writer);
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
      if (!known) steps.set(location.owner, (known = { attributes: new Set(), rebound: new Set(), writers: new Set() }));
      const attribute = rootNameOf(location);
      known.attributes.add(attribute);
      if (!isStep(access, fn)) continue;
      known.rebound.add(attribute);
      known.writers.add(fn.id);
    }
  }
  return steps;
}

function isStep(access: AccessFact, fn: FunctionFact): boolean {
  const rebinds = access.kind === "update" || (access.kind === "write" && access.operation === "=");
  return rebinds && access.sharing === "shared" && access.lockset.length === 0 && access.text.startsWith(`${fn.parameters[0]?.name}.`);
}
