// A lock whose holder may panic is taken with unwrap: after one panic every later call panics too.
import type { Hazard, RuleMetadata, RustCall, RustFunction, RustGuard, RustProgram, RustRule } from "../../../vocabulary/index.ts";
import { callsOf, isLock, placeName } from "../attached-calls.ts";
import { draftRustHazard } from "../rust-hazard.ts";

const metadata: RuleMetadata = {
  id: "rust/poisoned-lock",
  title: "Lock that one panic makes useless",
  severity: "wrong-answer",
  consequence: "The panic becomes a Python exception and the program goes on; the lock stays poisoned and each further call panics.",
  sources: ["doc.rust-lang.org/std/sync/struct.Mutex.html#poisoning"],
  since: "0.3.0",
  fixes: [
    { title: "Errors instead of panics", cost: "low", detail: "Return an error while the lock is held." },
    { title: "Expect the poison", cost: "low", detail: "unwrap_or_else(PoisonError::into_inner) where the state is still good." },
  ],
};

function find(program: RustProgram): Hazard[] {
  return program.functions.flatMap((fn) => {
    if (fn.testOnly) return [];
    return fn.guards.flatMap((guard, index) => {
      if (!isLock(guard) || guard.tries || !isUnwrapped(fn, guard)) return [];
      const panic = callsOf(fn).find((call) => call.guards.includes(index) && isPanic(call, guard));
      return panic === undefined ? [] : [report(program, fn, guard, panic)];
    });
  });
}

function isUnwrapped(fn: RustFunction, { from }: RustGuard): boolean {
  return callsOf(fn).some(({ order, name }) => order > from && order <= from + 2 && (name === "unwrap" || name === "expect"));
}

/** Written there, and not the unwrapping of the lock itself. */
function isPanic({ form, name, order, targets }: RustCall, { from }: RustGuard): boolean {
  if (order <= from + 2 || targets.length > 0) return false;
  return form === "macro" ? /^(?:panic|unreachable|todo|unimplemented)$/.test(name) : name === "unwrap" || name === "expect";
}

function report(program: RustProgram, fn: RustFunction, guard: RustGuard, panic: RustCall): Hazard {
  const lock = placeName(fn, guard.place);
  return draftRustHazard(program, metadata, {
    subject: fn.qualifiedName,
    crate: fn.crate,
    span: panic.span,
    location: lock === "" ? `${fn.qualifiedName}.lock` : lock,
    accesses: [{ span: fn.events[guard.from]?.span ?? panic.span, function: fn.qualifiedName, kind: "write" }],
    confidence: "low",
    singleThreaded: true,
    evidence: ["the lock is taken with unwrap, which panics once it is poisoned"],
    message: `${panic.text} may panic while ${lock === "" ? "the lock" : lock} is held, and poisons it`,
  });
}

export const rule: RustRule = { metadata, find };
