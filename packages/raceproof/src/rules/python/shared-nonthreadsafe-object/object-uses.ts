// A program in, objects that are kept in fields and globals and serve one thread at a time, with their uses, out:
// those of the table, and caches of the program's own.
// Misses: objects handed in from outside, and those in containers.
import { isElement } from "../../../vocabulary/index.ts";
import type { AccessFact, CallFact, FunctionFact, Location, Program } from "../../../vocabulary/index.ts";
import { singleThreadObjects, singleThreadProducts } from "../../../models/index.ts";
import type { SingleThreadObjectRow } from "../../../models/index.ts";
import { indexOf } from "../program-index.ts";
import { readChangedCaches } from "./read-changed-caches.ts";

export interface KeptObject {
  readonly location: Location;
  readonly row: SingleThreadObjectRow;
  /** Accesses of the methods that the row names, in file and program order. */
  readonly uses: readonly AccessFact[];
}

const rowOf: ReadonlyMap<string, SingleThreadObjectRow> = new Map(singleThreadObjects.flatMap((row) => row.constructors.map((name) => [name, row] as const)));

export function keptObjects(program: Program): KeptObject[] {
  const out = new Map<string, KeptObject>();
  const caches = readChangedCaches(program);
  for (const call of makersIn(program, caches)) {
    const row = rowFor(call) ?? caches.get(call.targets[0] ?? -1);
    const store = row && storeOf(program, program.functions[call.functionId] as FunctionFact, call);
    if (row && store && !out.has(store.location.key))
      out.set(store.location.key, { location: store.location, row, uses: usesOf(program, store.location, row) });
  }
  return [...out.values()];
}

/** Calls that may make such an object, in program order. */
function makersIn(program: Program, caches: ReadonlyMap<number, SingleThreadObjectRow>): CallFact[] {
  const index = indexOf(program);
  const callers = [...caches.keys()].flatMap((id) => program.functions[id]?.callers ?? []);
  const ofCaches = [...new Set(callers)].flatMap((id) => (program.functions[id]?.calls ?? []).filter(({ targets }) => caches.has(targets[0] ?? -1)));
  const all = new Set([...index.callsTo(rowOf.keys()), ...index.callsNamed(singleThreadProducts.keys()), ...ofCaches]);
  return [...all].toSorted((a, b) => a.id - b.id);
}

function rowFor({ external, targets, text }: CallFact): SingleThreadObjectRow | undefined {
  if (external !== undefined) return rowOf.get(external);
  if (targets.length > 0) return undefined;
  for (const [method, row] of singleThreadProducts) if (text.endsWith(method) && text.at(-1 - method.length) === ".") return row;
  return undefined;
}

/** `self._connection = connect(...)`: the object itself is kept, not what is made of it. */
function storeOf(program: Program, fn: FunctionFact, call: CallFact): AccessFact | undefined {
  const stores = fn.accesses.filter(({ kind, operation, origins }) => kind === "write" && operation === "=" && origins.includes(`call@${call.order}`));
  return stores.find((store) => {
    if (isElement(store.location) || store.sharing === "confined" || store.sharing === "local") return false;
    return program.sourceOf(store.statement).includes(`= ${call.text}(`);
  });
}

/** Calls of its methods, and methods taken from it to be called later (`execute = self._connection.execute`). */
function usesOf(program: Program, { key }: Location, { methods }: SingleThreadObjectRow): AccessFact[] {
  const own = program.locations.get(key)?.accesses ?? [];
  const subscripts = methods.includes("[]") ? elementUses(own, methods) : [];
  const taken = [...subscripts, ...methods.flatMap((method) => program.locations.get(`${key}.${method}`)?.accesses ?? [])];
  const known = new Set(taken.map(({ functionId }) => functionId));
  const reads = own.filter(({ kind, functionId }) => kind === "read" && !known.has(functionId));
  const called = reads.filter((read) => {
    const calls = program.functions[read.functionId]?.calls ?? [];
    return calls.some(({ text, order }) => order === read.order && methods.some((method) => text === `${read.text}.${method}`));
  });
  const uses = [...taken, ...called.map((read) => ({ ...read, text: `${read.text}.` }))];
  return uses.toSorted((a, b) => a.functionId - b.functionId || a.order - b.order);
}

/** Functions that ask first (`key in cache`) are what check-then-act is about. */
function elementUses(accesses: readonly AccessFact[], methods: readonly string[]): AccessFact[] {
  const asking = new Set(accesses.filter(({ operation }) => operation === "in").map(({ functionId }) => functionId));
  return accesses
    .filter(({ operation, functionId }) => methods.includes(operation) && !asking.has(functionId))
    .map((access) => ({ ...access, text: `${access.text}.` }));
}
