// An atomic is read and then stored to, in two steps; or a lock is taken twice for one change.
import type { Confidence, Hazard, RuleMetadata, RustCall, RustFunction, RustProgram, RustRule, RustValue } from "../../../vocabulary/index.ts";
import { callsOf, memoryTypeOf, placeName } from "../attached-calls.ts";
import { draftRustHazard } from "../rust-hazard.ts";

const metadata: RuleMetadata = {
  id: "rust/load-then-store",
  title: "Atomic read and written in two steps",
  severity: "wrong-answer",
  consequence: "Between the two another thread stores: its value is lost, or both believe that they were first.",
  sources: ["doc.rust-lang.org/std/sync/atomic", "doc.rust-lang.org/nomicon/atomics.html"],
  since: "0.3.0",
  fixes: [{ title: "One step", cost: "low", detail: "Use fetch_add, swap, compare_exchange or fetch_update." }],
};

function find(program: RustProgram): Hazard[] {
  return program.functions.flatMap((fn) => (fn.testOnly || fn.name === "drop" ? [] : pairsIn(program, fn)));
}

function pairsIn(program: RustProgram, fn: RustFunction): Hazard[] {
  const atomics = callsOf(fn).filter(({ receiver, name }) => memoryTypeOf(receiver).startsWith("Atomic") && /^(?:load|store)$/.test(name));
  const reported = new Set<string>();
  return atomics.flatMap((store) => {
    const place = store.receiver && placeName(fn, store.receiver.origin);
    if (store.name !== "store" || place === undefined || place === "" || reported.has(place)) return [];
    const load = atomics.findLast(
      ({ name, order, receiver }) => name === "load" && order < store.order && receiver !== undefined && placeName(fn, receiver.origin) === place,
    );
    if (load === undefined || store.guards.some((guard) => load.guards.includes(guard))) return [];
    const confidence = confidenceOf(fn, load, store);
    if (confidence === undefined) return [];
    reported.add(place);
    return [report(program, fn, { load, store, place, confidence })];
  });
}

/** The store depends on what was read: it is stored, or decides. */
function confidenceOf(fn: RustFunction, load: RustCall, { arguments: [stored], scope }: RustCall): Confidence | undefined {
  const root = stored?.origin.root;
  if (root?.kind === "call" && root.order === load.order) return "high";
  for (let current = fn.scopes[scope]; current !== undefined; current = fn.scopes[current.parent])
    if (current.condition?.text.includes("load")) return "medium";
  return stored !== undefined && mayComeFrom(fn, stored, load.order, 0) ? "medium" : undefined;
}

/** Computed from what was read, as far as values are followed; arithmetic is not. */
function mayComeFrom(fn: RustFunction, { origin: { root }, constant }: RustValue, load: number, depth: number): boolean {
  if (root.kind === "none") return constant === undefined;
  if (root.kind !== "call") return false;
  const made = fn.events[root.order];
  if (root.order === load || made?.kind !== "call" || depth > 3) return root.order === load;
  return [made.receiver, ...made.arguments].some(
    (value) => value !== undefined && value.origin.root.kind === "call" && mayComeFrom(fn, value, load, depth + 1),
  );
}

interface Pair {
  readonly load: RustCall;
  readonly store: RustCall;
  readonly place: string;
  readonly confidence: Confidence;
}

function report(program: RustProgram, fn: RustFunction, { load, store, place, confidence }: Pair): Hazard {
  return draftRustHazard(program, metadata, {
    subject: fn.qualifiedName,
    crate: fn.crate,
    span: store.span,
    location: place,
    accesses: [
      { span: load.span, function: fn.qualifiedName, kind: "read" },
      { span: store.span, function: fn.qualifiedName, kind: "write" },
    ],
    confidence,
    evidence: [confidence === "high" ? "what was read is stored again" : "what was read decides whether or what is stored"],
    message: `${place} is read (${load.text}) and stored to in a second step`,
  });
}

export const rule: RustRule = { metadata, find };
