// Facts of a module in; out, a text of all that linking reads of them but where it stands: where two texts are equal, linking finds out the same.
// And a text of each function without where it stands: where two are equal, nothing but lines has moved.
import { commandModule, hostEngines, programEntries } from "../../models/index.ts";
import type { ExtractedAccess, ExtractedCall, ExtractedFunction, ModuleFacts } from "../module-facts.ts";
import { identities } from "./confine-classes.ts";
import { lastNameOf } from "./own-names.ts";

/** Fields that linking does not read, or reads only to tell what comes first: then the order of things in the text says so. */
const unread: ReadonlySet<string> = new Set(
  "span statement order until tests suspensions returned unresolvedAccesses absence valueUsed handled origins receiver".split(" "),
);

export interface WhatIsSought {
  /** Calls of this name are looked for all over the program. */
  readonly isNamed: (name: string) => boolean;
  /** How many functions a module has may say whether it is built on an engine with one thread. */
  readonly isHosted: boolean;
}

export function visibleText(module: ModuleFacts, { isNamed }: WhatIsSought): string {
  return JSON.stringify({ ...module, functions: module.functions.map((fn) => visibleOf(fn, isNamed)) }, (field: string, value: unknown) =>
    unread.has(field) ? undefined : value,
  );
}

/**
 * Nothing else of the program is seen in another light for the function being there: it is called by nobody yet, makes and keeps no objects
 * of the program, touches no instances, takes no locks and calls nothing that is looked for.
 */
function isAlone(fn: ExtractedFunction, { name }: ModuleFacts, { isNamed, isHosted }: WhatIsSought): boolean {
  const { role, asynchronous, decorators, accesses, calls, constructedClasses, keptClasses, handings, publications, acquisitions } = fn;
  if (isHosted || role !== "function" || asynchronous || commandModule.test(name) || begins(lastNameOf(fn))) return false;
  const parts = [decorators, constructedClasses, keptClasses, handings, publications, acquisitions];
  if (parts.some(({ length }) => length > 0) || calls.some((call) => isTold(call, isNamed))) return false;
  return accesses.every(({ location, ownLockset }) => location.ownerKind !== "instance" && ownLockset.length === 0);
}

/** Frameworks and people start functions of this name. */
function begins(name: string): boolean {
  return [...hostEngines, ...programEntries].some(({ hook, entry }) => hook?.test(name) === true || entry?.test(name) === true);
}

/** The same module, but for functions that came since and are alone. */
export function withoutNewcomers(before: ModuleFacts, after: ModuleFacts, sought: WhatIsSought): ModuleFacts {
  const known = new Set(before.functions.map(({ key }) => key));
  const fresh = new Set(after.functions.flatMap((fn) => (!known.has(fn.key) && isAlone(fn, after, sought) ? [fn.key] : [])));
  if (fresh.size === 0) return after;
  const parameters = after.handed.parameters.filter(({ functionKey }) => !fresh.has(functionKey));
  return { ...after, functions: after.functions.filter(({ key }) => !fresh.has(key)), handed: { ...after.handed, parameters } };
}

function visibleOf(fn: ExtractedFunction, isNamed: (name: string) => boolean): unknown {
  const { accesses, calls, acquisitions, publications, handings, role } = fn;
  // What such a function does with the answer is looked at closely.
  if (calls.some(({ external }) => external !== undefined && identities.has(external))) return JSON.stringify(fn);
  const releases = acquisitions.map(({ until, lock }) => ({ order: until, lock }));
  const told = [...calls.filter((call) => isTold(call, isNamed)), ...acquisitions, ...releases, ...publications, ...handings];
  const inOrder = told.toSorted((a, b) => a.order - b.order);
  const usesOuter = role === "nested" && [...calls, ...accesses].some(({ text }) => text.startsWith("self."));
  return { ...fn, accesses: visibleAccesses(fn), calls: inOrder, acquisitions: usesOuter, publications: [], handings: [] };
}

/** What does not show in the call graph, is held under no lock and belongs to no engine is the function's own affair. */
function isTold({ text, external, targetKeys, passedKeys, starts, ownLockset }: ExtractedCall, isNamed: (name: string) => boolean): boolean {
  if (targetKeys.length + passedKeys.length + ownLockset.length > 0 || starts) return true;
  if (isNamed(text.slice(text.lastIndexOf(".") + 1))) return true;
  return external !== undefined && (isNamed(external) || hostEngines.some(({ callee }) => callee?.test(external)));
}

/** Each way to touch a location once: linking asks whether, not how often. */
function visibleAccesses({ role, accesses }: ExtractedFunction): readonly string[] {
  const runsOnce = role === "module" || role === "class-body";
  return [...new Set(accesses.flatMap((access) => (runsOnce && access.location.ownerKind !== "instance" ? [] : wayOf(access))))];
}

function wayOf({ kind, operation, location, text, container, key, stored, ownLockset, ownSharing, ownAttribute }: ExtractedAccess): string {
  return JSON.stringify([kind, operation, location.key, text, container, key !== undefined, stored, ownLockset, ownSharing, ownAttribute]);
}

const offsets: ReadonlySet<string> = new Set(["order", "until", "condition", "whenTrue", "whenFalse", "after"]);
const answer = /^call@(\d+)$/;

/** Offsets are replaced by which of them comes first. */
export function textWithoutPlaces(fn: ExtractedFunction): string {
  const found = new Set<number>();
  const visit = (replace: (offset: number) => number): string =>
    JSON.stringify(fn, (field: string, value: unknown) => {
      if (offsets.has(field)) return Array.isArray(value) ? value.map((each) => replace(each as number)) : replace(value as number);
      const offset = typeof value === "string" ? answer.exec(value)?.[1] : undefined;
      if (offset !== undefined) return `call@${replace(Number(offset))}`;
      return field === "span" || field === "statement" ? undefined : value;
    });
  visit((offset) => (found.add(offset), offset));
  const ranks = new Map([...found].toSorted((a, b) => a - b).map((offset, rank) => [offset, rank]));
  return visit((offset) => ranks.get(offset) as number);
}
