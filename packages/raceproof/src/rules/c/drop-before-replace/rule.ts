// A reference is dropped while the field still points at the object, and only then is the field replaced.
// Over-reports: objects whose end runs no code.
import { originKey } from "../../../vocabulary/index.ts";
import type { Hazard, NativeAccess, NativeCall, NativeFunction, NativeProgram, NativeRule, RuleMetadata } from "../../../vocabulary/index.ts";
import { callsOf, canFollow } from "../event-order.ts";
import { holdsOnlyLeaves } from "../field-values.ts";
import { draftNativeHazard } from "../native-hazard.ts";
import { isReachableByOthers, nativeIndexOf } from "../native-index.ts";

const metadata: RuleMetadata = {
  id: "c/drop-before-replace",
  title: "Dropped while the field still has it",
  severity: "crash",
  consequence: "The end of the old object runs code that reads the field and gets a freed object, in one thread as well.",
  sources: ["docs.python.org/3/c-api/refcounting.html#c.Py_SETREF (what it is for)", "CPython bpo-3081", "a proxy's in-place operators in C"],
  since: "0.2.0",
  fixes: [{ title: "Py_SETREF, Py_XSETREF or Py_CLEAR", cost: "low", detail: "The field is replaced first and the old reference dropped then." }],
};

function find(program: NativeProgram): Hazard[] {
  const { reached } = nativeIndexOf(program);
  return program.functions
    .filter(({ id, generated, entries }) => !generated && (reached.has(id) || entries.some(({ company }) => company === "initialization")))
    .flatMap((fn) =>
      callsOf(fn)
        .filter(
          ({ callee, arguments: [dropped] }) =>
            /^Py_X?DECREF$/.test(callee) && dropped !== undefined && dropped.path.length > 0 && isReachableByOthers(dropped),
        )
        .flatMap((drop) => {
          const store = replacement(fn, drop);
          return store === undefined || holdsOnlyLeaves(program, store.location) ? [] : [report(program, fn, { drop, store })];
        }),
    );
}

/** The store to the field that the dropped reference was read from, when nothing emptied the field before. */
function replacement(fn: NativeFunction, drop: NativeCall): NativeAccess | undefined {
  const dropped = drop.arguments[0];
  if (dropped === undefined || dropped.interior) return undefined;
  const stores = fn.events.filter(
    (event): event is NativeAccess => event.kind === "access" && event.mode === "write" && originKey(pointerAt(event)) === originKey(dropped),
  );
  if (stores.some((store) => store.order < drop.order && canFollow(fn, store, drop))) return undefined;
  return stores.find((store) => store.order > drop.order && store.order <= drop.order + nearby && canFollow(fn, drop, store));
}

/** Events between a drop and the store that belongs to it. */
const nearby = 6;

function pointerAt({ base, location }: NativeAccess): NativeAccess["base"] {
  return { ...base, path: [...base.path, location.slice(location.lastIndexOf(".") + 1)] };
}

function report(program: NativeProgram, fn: NativeFunction, { drop, store }: { readonly drop: NativeCall; readonly store: NativeAccess }): Hazard {
  return draftNativeHazard(program, metadata, {
    fn,
    span: drop.span,
    location: store.location,
    accesses: [
      { span: drop.span, function: fn.name, kind: "read", held: drop.held },
      { span: store.span, function: fn.name, kind: "write", held: store.held },
    ],
    confidence: "medium",
    singleThreaded: true,
    evidence: [`the field is replaced only at line ${store.span.line}`, "dropping the last reference can run any code"],
    message: `${drop.text} drops what ${store.location} still points at: code that runs meanwhile reads a freed object`,
  });
}

export const rule: NativeRule = { metadata, find };
