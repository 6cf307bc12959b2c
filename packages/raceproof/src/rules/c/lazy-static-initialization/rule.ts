// A static or module-state pointer that is looked at and set when it is still empty, without a lock: two threads make one each.
// Misses: flags that say whether something is set up. Over-reports: code that runs before a second thread exists.
import type { Hazard, NativeAccess, NativeFunction, NativeProgram, NativeRule, RuleMetadata } from "../../../vocabulary/index.ts";
import { contains } from "../event-order.ts";
import { draftNativeHazard } from "../native-hazard.ts";
import { nativeIndexOf } from "../native-index.ts";

const metadata: RuleMetadata = {
  id: "c/lazy-static-initialization",
  title: "Made when first needed",
  severity: "crash",
  consequence: "Two threads make the object at once: one is leaked, or used half built.",
  sources: ["docs.python.org/3/howto/free-threading-extensions.html#global-state", "simplejson #362", "CWE-367"],
  since: "0.2.0",
  fixes: [
    { title: "In the module's exec slot", cost: "low", detail: "It runs once, under the import lock; keep the object in the module's state." },
    { title: "Once", cost: "low", detail: "`call_once`, or a PyMutex around check and store." },
  ],
};

function find(program: NativeProgram): Hazard[] {
  const { reached } = nativeIndexOf(program);
  return program.functions
    .filter(({ id, generated }) => !generated && reached.has(id))
    .flatMap((fn) => lazyStores(program, fn).map((store) => report(program, fn, store)));
}

/** Stores to process-wide pointers inside a branch whose condition reads the same pointer. */
function lazyStores(program: NativeProgram, fn: NativeFunction): NativeAccess[] {
  const accesses = fn.events.filter((event): event is NativeAccess => event.kind === "access" && isProcessWide(program, event));
  return accesses.filter(
    (store) =>
      store.mode === "write" &&
      store.stored?.constant === undefined &&
      ![...store.held, ...fn.entryHeld].some(({ kind }) => kind === "lock") &&
      fn.branches.some(
        ({ condition, whenTrue, whenFalse, trueLeaves }) =>
          accesses.some((check) => check.mode === "read" && check.location === store.location && contains(condition, check)) &&
          (contains(whenTrue, store) || contains(whenFalse, store) || (trueLeaves && store.order >= whenTrue.to)),
      ),
  );
}

function isProcessWide({ statics, moduleStates }: NativeProgram, { location, holds, atomic, debugOnly }: NativeAccess): boolean {
  if (atomic || debugOnly || (holds !== "object" && holds !== "pointer")) return false;
  const variable = statics.get(location);
  return variable === undefined ? moduleStates.has(location.slice(0, location.indexOf("."))) : !variable.threadLocal;
}

function report(program: NativeProgram, fn: NativeFunction, store: NativeAccess): Hazard {
  return draftNativeHazard(program, metadata, {
    fn,
    span: store.span,
    location: store.location,
    accesses: [{ span: store.span, function: fn.name, kind: "write", held: store.held }],
    confidence: "high",
    evidence: ["it is stored only when it was still empty a moment before", "no lock is held from looking to storing"],
    message: `${store.location} is made when first needed: two threads both find it empty`,
  });
}

export const rule: NativeRule = { metadata, find };
