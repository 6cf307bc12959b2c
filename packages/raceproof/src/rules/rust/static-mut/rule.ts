// A `static mut`, or a static cell without synchronization, that functions change.
// What only the initializer of the module writes is ranked down: imports take turns.
import type { Confidence, Hazard, RuleMetadata, RustAccess, RustCall, RustFunction, RustProgram, RustRule, RustStatic } from "../../../vocabulary/index.ts";
import { callsOf, fillsOnce } from "../attached-calls.ts";
import { draftRustHazard } from "../rust-hazard.ts";

const metadata: RuleMetadata = {
  id: "rust/static-mut",
  title: "Mutable static",
  severity: "corruption",
  consequence: "Two threads change it at once: updates are lost, and what it points to is freed while in use. Without the GIL nothing keeps them apart.",
  sources: ["doc.rust-lang.org/reference/items/static-items.html#mutable-statics", "pyo3.rs/latest/free-threading.html"],
  since: "0.3.0",
  fixes: [
    { title: "An atomic or a lock", cost: "low", detail: "Use an atomic for a number, Mutex or OnceLock for the rest." },
    { title: "Fill it once", cost: "low", detail: "A value that is only made at import belongs into PyOnceLock." },
  ],
};

const unsynchronized: ReadonlySet<string> = new Set(["UnsafeCell", "SyncUnsafeCell", "RacyCell", "RacyUnsafeCell"]);

interface CallIn {
  readonly caller: RustFunction;
  readonly call: RustCall;
}

interface Site {
  readonly fn: RustFunction;
  readonly access: Pick<RustAccess, "span" | "mode">;
}

function find(program: RustProgram): Hazard[] {
  const calls = program.functions.flatMap((caller) => callsOf(caller).map((call) => ({ caller, call })));
  return program.statics.flatMap((each) => {
    if (each.constant || each.threadLocal || (!each.mutable && !unsynchronized.has(each.type.name))) return [];
    const sites = program.functions.filter((fn) => fn.crate === each.crate && !fn.testOnly).flatMap((fn) => sitesIn(fn, each.name));
    return sites.some(({ access }) => access.mode !== "read") ? [report(program, each, { sites, calls })] : [];
  });
}

/** A method call on it counts as a change: `X.push(1)`. */
function sitesIn(fn: RustFunction, name: string): Site[] {
  const stored = fn.events.flatMap((event) => (event.kind === "access" && event.place.root.kind === "static" && event.place.root.name === name ? [event] : []));
  const changed = fn.effects.flatMap(({ kind, place, span, calls, order }) =>
    kind === "mutates" && !isFilledThere(fn, order) && calls.length === 0 && place.root.kind === "static" && place.root.name === name
      ? [{ span, mode: "update" as const }]
      : [],
  );
  return [...stored, ...changed].map((access) => ({ fn, access }));
}

/** A once-cell in a `static mut` keeps a second thread out by itself. */
function isFilledThere({ events }: RustFunction, order: number): boolean {
  const event = events[order];
  return event?.kind === "call" && fillsOnce(event);
}

function report(program: RustProgram, each: RustStatic, { sites, calls }: { readonly sites: readonly Site[]; readonly calls: readonly CallIn[] }): Hazard {
  const writes = sites.filter(({ access }) => access.mode !== "read");
  const later = writes.filter(({ fn }) => !isOnlyForModule(calls, fn, new Set()));
  const reason =
    later.length === 0
      ? "only the initializer of the module writes it, and imports take turns"
      : later.every(({ fn }) => needsGil(fn))
        ? "what writes it is only compiled for interpreters with the GIL"
        : undefined;
  const confidence: Confidence = reason === undefined ? "high" : "low";
  const [first] = writes;
  return draftRustHazard(program, metadata, {
    subject: first?.fn.qualifiedName ?? each.name,
    crate: each.crate,
    span: first?.access.span ?? each.span,
    location: each.name,
    accesses: [...writes, ...sites.filter(({ access }) => access.mode === "read")].slice(0, 4).map(({ fn, access }) => ({
      span: access.span,
      function: fn.qualifiedName,
      kind: access.mode,
    })),
    confidence,
    evidence: [reason ?? "functions that threads may run together change it"],
    message: `${each.name} is ${each.mutable ? "a static mut" : `a static ${each.type.name}`} and changed without synchronization`,
  });
}

/** `#[cfg(not(Py_GIL_DISABLED))]`, and nothing in it lets another thread go on. */
function needsGil({ attributes, effects }: RustFunction): boolean {
  const condition = attributes.filter(({ name }) => name === "cfg").flatMap((cfg) => [...cfg.arguments].map((parts) => parts.join("")));
  return (
    condition.some((text) => /^(?!any\().*\bnot\(Py_GIL_DISABLED\)/.test(text)) && !effects.some(({ kind }) => kind === "runs-python" || kind === "blocks")
  );
}

/** Every way to it starts in a module's initializer, or in a cell that is filled once. */
function isOnlyForModule(calls: readonly CallIn[], fn: RustFunction, open: ReadonlySet<number>): boolean {
  if (fn.exposed === "module" || fn.name.startsWith("PyInit_")) return true;
  if (fn.exposed !== undefined || open.has(fn.id)) return false;
  const callers = calls.filter(({ call }) => call.targets.includes(fn.id)).map(({ caller }) => caller);
  const givenTo = calls.filter(({ call }) => call.arguments.some(({ constant }) => constant === fn.name || constant?.endsWith(`::${fn.name}`) === true));
  const within = new Set([...open, fn.id]);
  return (
    callers.length + givenTo.length > 0 && callers.every((caller) => isOnlyForModule(calls, caller, within)) && givenTo.every(({ call }) => fillsOnce(call))
  );
}

export const rule: RustRule = { metadata, find };
