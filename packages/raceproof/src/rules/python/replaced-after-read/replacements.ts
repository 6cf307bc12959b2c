// A function in, its replacements of a shared container or table by something made from what it read of the old one out.
// What others put into the old one between the read and the replacement is lost.
import { consumers } from "../../../models/index.ts";
import type { AccessFact, FunctionFact, Program } from "../../../vocabulary/index.ts";
import { activity, shared } from "../activity.ts";
import { aliasFor, isChangedThrough } from "../changes-through.ts";
import { callAsAccess } from "../call-as-access.ts";
import { adds } from "../container-operations.ts";
import { areAlternatives } from "../controlled-by.ts";
import { interferingWith } from "../hazard-draft.ts";
import { endsItsObject, isWorkedWith } from "../object-methods.ts";
import { accessesByLocation, indexOf } from "../program-index.ts";

export interface Replacement {
  readonly read: AccessFact;
  /** Parts of the old object that go into the new one. */
  readonly copied: readonly AccessFact[];
  readonly replace: AccessFact;
  /** What others do to the old one meanwhile. */
  readonly lost: readonly AccessFact[];
}

export function replacementsIn(program: Program, fn: FunctionFact, replacers: Replacers): Replacement[] {
  const replaced = replacedIn(fn, replacers);
  // Generated code replaces one thing thousands of times and never looks at it.
  const looks = replaced.length > 0 ? accessesByLocation(fn.accesses.filter(({ kind }) => kind !== "write")) : undefined;
  const out = new Map<string, Replacement>();
  for (const replace of replaced) {
    if (out.has(replace.location.key)) continue;
    const read = looks
      ?.get(replace.location.key)
      ?.find((access) => comesBefore(access, replace) && !areAlternatives(fn.tests, access.order, replace.order) && takesStock(program, fn, access, replace));
    const lost = read ? lostChanges(program, fn, read, replace) : [];
    if (read && lost.length > 0) out.set(replace.location.key, { read, copied: copiedFrom(program, fn, read, replace), replace, lost });
  }
  return [...out.values()];
}

/** Replacements by function. */
export type Replacers = ReadonlyMap<number, readonly AccessFact[]>;

/** In program order: those that replace something themselves, and those that call one. */
export function functionsThatReplace(program: Program, replacers: Replacers): FunctionFact[] {
  const ids = new Set(replacers.keys());
  for (const id of replacers.keys()) for (const caller of program.functions[id]?.callers ?? []) ids.add(caller);
  return indexOf(program).ordinary.filter(({ id }) => ids.has(id));
}

export function replacersOf(program: Program): Replacers {
  const out = new Map<number, readonly AccessFact[]>();
  for (const fn of indexOf(program).functionsDoing(shared(activity.write | activity.mutate))) {
    const own = fn.accesses.filter(replaces);
    if (own.length > 0) out.set(fn.id, own);
  }
  return out;
}

/** Its own, and those of methods of the same object that it calls: `self._reset()`. */
function replacedIn(fn: FunctionFact, replacers: Replacers): AccessFact[] {
  const own = replacers.get(fn.id) ?? [];
  const out = [...own];
  for (const call of fn.calls) {
    const theirs = call.targets.length === 1 ? replacers.get(call.targets[0] as number) : undefined;
    if (!theirs || !/^self\.\w+$/.test(call.text)) continue;
    for (const access of theirs) {
      if (/^self\.\w+$/.test(access.text))
        out.push({ ...callAsAccess(call, fn, "write", access), text: access.text, operation: access.operation, stored: access.stored });
    }
  }
  return out;
}

/** Rebound, or emptied. */
function replaces(access: AccessFact): boolean {
  if (access.sharing !== "shared" || access.location.path === "<items>") return false;
  if (access.operation === "clear" || isEmptying(access)) return true;
  // An element of a table is another one for another key.
  if (access.location.path.endsWith("]")) return false;
  return access.kind === "write" && access.operation === "=" && access.stored !== "none" && access.stored !== "constant" && access.stored !== "saved";
}

/** `del items[:]`, `items[:] = []`; a bounded slice takes what was seen and no more. */
function isEmptying({ operation, key, stored }: AccessFact): boolean {
  return key === ":" && (operation === "del[:]" || (operation === "[:]=" && stored === "fresh-container"));
}

function comesBefore(read: AccessFact, replace: AccessFact): boolean {
  if (read === replace || read.sharing !== "shared") return false;
  if (read.text !== replace.text && !/^\w+$/.test(read.text)) return false;
  const sameStatement = read.statement.line === replace.statement.line && read.statement.column === replace.statement.column;
  return read.order < replace.order || (sameStatement && replace.kind === "write" && replace.operation === "=");
}

/** Goes through the old content, hands it on, or makes the new object from the old one. */
function takesStock(program: Program, fn: FunctionFact, read: AccessFact, replace: AccessFact): boolean {
  if (read.kind === "iterate") return true;
  if (read.kind === "call") return read.operation === "copy" || (read.operation !== "builtins.len" && consumers.has(read.operation));
  if (read.operation === "[:]" && read.key === ":") return true;
  if (read.operation !== "read") return false;
  if (isEndedLater(program, fn, read)) return true;
  if (replace.container === "object") return replace.origins.includes(read.text) && !isSwap(program, replace);
  return isPoured(program, read);
}

/** `old, self.table = self.table, new`: what was there goes to the local name, not into the new one. */
function isSwap(program: Program, replace: AccessFact): boolean {
  return /^[\w.]+, [\w.]+ = /.test(program.sourceOf(replace.statement));
}

/** `buffer = self.buffer` ... `buffer.close()`. */
function isEndedLater(program: Program, fn: FunctionFact, read: AccessFact): boolean {
  const ending = fn.calls.filter(({ order, text }) => order > read.order && endsItsObject(text));
  if (ending.length === 0) return false;
  const local = aliasFor(program, read);
  return local !== undefined && ending.some(({ text }) => text.slice(0, text.indexOf(".")) === local);
}

/** `others.extend(self.items)`, `"".join(self.items)`: all that is in it goes somewhere else. */
function isPoured(program: Program, read: AccessFact): boolean {
  const text = program.sourceOf(read.statement);
  return (
    text.endsWith(`.extend(${read.text})`) ||
    text.endsWith(`.update(${read.text})`) ||
    text.endsWith(` += ${read.text}`) ||
    text.includes(`.join(${read.text})`)
  );
}

/** `old = self.table` ... `old.entries`. */
function copiedFrom(program: Program, fn: FunctionFact, read: AccessFact, replace: AccessFact): AccessFact[] {
  const local = read.operation === "read" ? aliasFor(program, read) : undefined;
  if (local === undefined) return [];
  return fn.accesses.filter((access) => access.operation === "read" && access.order < replace.order && access.text.startsWith(`${local}.`));
}

function lostChanges(program: Program, fn: FunctionFact, read: AccessFact, replace: AccessFact): AccessFact[] {
  const kept = locksKept(fn, read, replace);
  const others = interferingWith(program, { ...replace, lockset: kept }, (other) => other.functionId !== fn.id);
  const direct = others.filter((other) => adds(other.operation) || (other.kind === "update" && other.key !== undefined));
  if (direct.length > 0) return direct;
  if (isEndedLater(program, fn, read)) return others.filter((other) => isWorkedWith(program.functions[other.functionId] as FunctionFact, other));
  if (replace.container !== "object") return [];
  return others.filter((other) => other.operation === "read" && isChangedThrough(program, other));
}

/** Locks held from the reading to the replacement without a break. */
function locksKept({ entryLockset, acquisitions }: FunctionFact, read: AccessFact, replace: AccessFact): readonly string[] {
  const isKept = (lock: string): boolean =>
    entryLockset.includes(lock) ||
    acquisitions.some((taken) => taken.lock === lock && taken.order < read.order && taken.until > Math.max(read.order, replace.order));
  return read.lockset.filter((lock) => replace.lockset.includes(lock) && (isKept(lock) || !acquisitions.some((taken) => taken.lock === lock)));
}
