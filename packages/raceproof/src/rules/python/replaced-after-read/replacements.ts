// A function in, its replacements of a shared container or table by something made from what it read of the old one out.
// What others put into the old one between the read and the replacement is lost.
import { consumers } from "../../../models/index.ts";
import type { AccessFact, FunctionFact, Program } from "../../../vocabulary/index.ts";
import { aliasFor, isChangedThrough } from "../changes-through.ts";
import { adds } from "../container-operations.ts";
import { areAlternatives } from "../controlled-by.ts";
import { interferingWith } from "../hazard-draft.ts";

export interface Replacement {
  readonly read: AccessFact;
  /** Parts of the old object that go into the new one. */
  readonly copied: readonly AccessFact[];
  readonly replace: AccessFact;
  /** What others do to the old one meanwhile. */
  readonly lost: readonly AccessFact[];
}

export function replacementsIn(program: Program, fn: FunctionFact): Replacement[] {
  const out = new Map<string, Replacement>();
  for (const replace of fn.accesses) {
    if (!replaces(replace) || out.has(replace.location.key)) continue;
    const read = fn.accesses.find((access) => comesBefore(access, replace) && !areAlternatives(fn.tests, access.order, replace.order) && takesStock(access, replace));
    const lost = read ? lostChanges(program, fn, replace) : [];
    if (read && lost.length > 0) out.set(replace.location.key, { read, copied: copiedFrom(program, fn, read, replace), replace, lost });
  }
  return [...out.values()];
}

function isOpen({ sharing, lockset }: AccessFact): boolean {
  return sharing === "shared" && lockset.length === 0;
}

/** Rebound, or emptied. */
function replaces(access: AccessFact): boolean {
  if (!isOpen(access) || access.location.path === "<items>" || access.location.path.endsWith("]")) return false;
  if (access.operation === "clear") return true;
  return access.kind === "write" && access.operation === "=" && access.stored !== "none" && access.stored !== "constant" && access.stored !== "saved";
}

function comesBefore(read: AccessFact, replace: AccessFact): boolean {
  if (read === replace || read.location.key !== replace.location.key || read.text !== replace.text || !isOpen(read)) return false;
  const sameStatement = read.statement.line === replace.statement.line && read.statement.column === replace.statement.column;
  return read.order < replace.order || (sameStatement && replace.kind === "write");
}

/** Goes through the old content, or makes the new object from the old one. */
function takesStock(read: AccessFact, replace: AccessFact): boolean {
  if (read.kind === "iterate") return true;
  if (read.kind === "call") return read.operation === "copy" || (read.operation !== "builtins.len" && consumers.has(read.operation));
  return read.operation === "read" && replace.container === "object" && replace.origins.includes(read.text);
}

/** `old = self.table` ... `old.entries`. */
function copiedFrom(program: Program, fn: FunctionFact, read: AccessFact, replace: AccessFact): AccessFact[] {
  const local = read.operation === "read" ? aliasFor(program, read) : undefined;
  if (local === undefined) return [];
  return fn.accesses.filter((access) => access.operation === "read" && access.order < replace.order && access.text.startsWith(`${local}.`));
}

function lostChanges(program: Program, fn: FunctionFact, replace: AccessFact): AccessFact[] {
  const others = interferingWith(program, replace, (other) => other.functionId !== fn.id && other.sharing === "shared");
  const direct = others.filter((other) => adds(other.operation) || (other.kind === "update" && other.key !== undefined));
  if (direct.length > 0 || replace.container !== "object") return direct;
  return others.filter((other) => other.operation === "read" && isChangedThrough(program, other));
}
