// A function in, its read-modify-writes that are spread over several statements out: a stored value computed from an earlier read
// through local names, an old value exchanged for a new one, an old value charged elsewhere before it is replaced.
import type { AccessFact, CallFact, FunctionFact, Program } from "../../../vocabulary/index.ts";
import { adds } from "../container-operations.ts";
import { interferingWith } from "../hazard-draft.ts";
import { indexOf } from "../program-index.ts";

export interface SplitUpdate {
  /**
   * derived: the stored value was computed from the old one. exchanged: the old one is handed out. charged: a number elsewhere was changed by it.
   * emptied: the old collection is worked through, a new one takes its place.
   */
  readonly how: "derived" | "exchanged" | "charged" | "emptied";
  readonly read: AccessFact;
  readonly write: AccessFact;
  /** The call that charges the old value elsewhere. */
  readonly charge: CallFact | undefined;
  /** Everything the function does to the location, read and write included. */
  readonly sequence: readonly AccessFact[];
}

/** What is charged further away is another matter. */
const deepestCharge = 2;

/** At most one per function and location. */
export function splitUpdatesIn(program: Program, fn: FunctionFact): SplitUpdate[] {
  const writes = fn.accesses.filter(isPlainStore);
  if (writes.length === 0) return [];
  const found = new Map<string, SplitUpdate>();
  const neverRead = new Set<string>();
  for (const write of writes) {
    const { key } = write.location;
    if (found.has(key) || neverRead.has(key)) continue;
    const all = indexOf(program).accessesIn(fn.id, key);
    if (!all.some(isLoad)) neverRead.add(key);
    const own = all.filter((access) => access.text === write.text);
    const split = splitAt(program, fn, write, own);
    if (split) found.set(key, split);
  }
  return [...found.values()];
}

/** Classes and modules have rules of their own; bits set in a mask are often set again. */
function isPlainStore(access: AccessFact): boolean {
  const stores = access.kind === "write" && access.operation === "=" && access.stored !== "saved" && (access.stored !== "masked" || isCollection(access));
  return stores && access.sharing === "shared" && access.lockset.length === 0 && access.location.ownerKind === "instance";
}

/** `self.names = self.names | {name}` adds to a set. */
function isCollection({ container }: AccessFact): boolean {
  return container === "set" || container === "immutable" || container === "dict";
}

function splitAt(program: Program, fn: FunctionFact, write: AccessFact, own: readonly AccessFact[]): SplitUpdate | undefined {
  const read = own.find((access) => isLoad(access) && (access.order < write.order || access.statement.line === write.statement.line));
  if (!read) return undefined;
  if (write.origins.includes(write.text)) return { how: "derived", read, write, charge: undefined, sequence: own };
  if (isEmptied(program, fn, write, own)) return { how: "emptied", read, write, charge: undefined, sequence: own };
  if (read.order > write.order) return undefined;
  const charge = write.container === "boolean" ? undefined : chargeBetween(program, fn, read, write);
  if (charge) return { how: "charged", read, write, charge, sequence: own };
  return isExchanged(program, fn, write, own) ? { how: "exchanged", read, write, charge: undefined, sequence: own } : undefined;
}

function isLoad(access: AccessFact): boolean {
  return access.lockset.length === 0 && (access.kind === "read" || access.kind === "check" || access.kind === "iterate");
}

/** A call that changes a number elsewhere by what was read, or by what is stored. */
function chargeBetween(program: Program, fn: FunctionFact, read: AccessFact, write: AccessFact): CallFact | undefined {
  return fn.calls.find((call) => {
    if (call.order <= read.order || call.order >= write.order || call.targets.length === 0 || call.lockset.length > 0) return false;
    const usesOld = call.origins.includes(write.text);
    return (usesOld || call.origins.some((origin) => write.origins.includes(origin))) && countsElsewhere(program, call, write.location.key);
  });
}

function countsElsewhere(program: Program, call: CallFact, except: string): boolean {
  return call.targets.some((target) =>
    [...program.effectsOf(target).writes].some(([key, depth]) => depth <= deepestCharge && key !== except && isCounted(program, key)),
  );
}

function isCounted(program: Program, key: string): boolean {
  return program.locations.get(key)?.accesses.some((access) => access.kind === "update" && access.operation === "+=") === true;
}

/** `old = self.value; self.value = new; return old`, in every run of the function. */
function isExchanged(program: Program, fn: FunctionFact, write: AccessFact, own: readonly AccessFact[]): boolean {
  if (!fn.returned.includes(write.text) || own.some((access) => access.order > write.order)) return false;
  if (!own.some((access) => access.kind === "read" && entersName(program.sourceOf(access.statement), access.text))) return false;
  return !fn.tests.some(({ whenTrue, whenFalse }) => [whenTrue, whenFalse].some(([from, to]) => write.order >= from && write.order < to));
}

/** `items = self.items`, or `send(self.items)`, and `self.items = []`, where others add to what they find in the attribute. */
function isEmptied(program: Program, fn: FunctionFact, write: AccessFact, own: readonly AccessFact[]): boolean {
  if (write.stored !== "fresh-container" || !own.some((access) => isTaken(program, fn, access, write))) return false;
  return interferingWith(program, write, (other) => other.functionId !== write.functionId && adds(other.operation)).length > 0;
}

function isTaken(program: Program, fn: FunctionFact, { kind, operation, order, statement, text }: AccessFact, write: AccessFact): boolean {
  if (kind !== "read" || operation !== "read") return false;
  const source = program.sourceOf(statement);
  if (order > write.order) return new RegExp(`^\\w+, ?${text.replaceAll(".", "\\.")} ?=`).test(source);
  return entersName(source, text) || fn.calls.some((call) => call.order < order && call.statement.line === statement.line && call.origins.includes(text));
}

/** The whole statement is `name = path`, or `name = new - path`. */
function entersName(statement: string, path: string): boolean {
  const value = /^\w+ ?= ?(.*)$/.exec(statement)?.[1];
  return value !== undefined && (value === path || value.endsWith(` - ${path}`) || value.startsWith(`${path} - `));
}
