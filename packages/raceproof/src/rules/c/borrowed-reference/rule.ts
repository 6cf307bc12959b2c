// Calls that return a reference owned by a container or registry that another thread may change before the caller takes its own.
// Misses: results that are passed on without being kept. Over-reports: containers that one thread alone ever has.
import { borrowedResults } from "../../../models/index.ts";
import type { BorrowedResultRow } from "../../../models/index.ts";
import type { Hazard, NativeCall, NativeFunction, NativeOrigin, NativeProgram, NativeRule, RuleMetadata } from "../../../vocabulary/index.ts";
import { draftNativeHazard, originText } from "../native-hazard.ts";
import { isProtected, nativeIndexOf } from "../native-index.ts";
import { isPrivateArgument } from "../private-argument.ts";

const metadata: RuleMetadata = {
  id: "c/borrowed-reference",
  title: "Borrowed reference from a container others can change",
  severity: "crash",
  consequence: "Another thread removes the item between the call and the moment a reference is taken: the object is freed under the caller.",
  sources: ["docs.python.org/3/howto/free-threading-extensions.html#borrowed-references", "PEP 703, Borrowed References", "CPython gh-149816"],
  since: "0.2.0",
  fixes: [
    {
      title: "The call that returns a reference of one's own",
      cost: "low",
      detail: "PyList_GetItemRef, PyDict_GetItemRef, PyWeakref_GetRef, PyImport_AddModuleRef (3.13; pythoncapi_compat.h brings them to older releases).",
    },
    { title: "A critical section on the container until the reference is taken", cost: "low", detail: "Py_BEGIN_CRITICAL_SECTION(container)." },
  ],
};

function find(program: NativeProgram): Hazard[] {
  const { reached } = nativeIndexOf(program);
  return program.functions
    .filter(({ id, generated }) => !generated && reached.has(id))
    .flatMap((fn) =>
      fn.events.flatMap((event) => {
        if (event.kind !== "call" || event.debugOnly) return [];
        const row = borrowedResults.get(event.callee);
        return row !== undefined && isTakenAway(fn, { event, row }) ? [report(program, fn, { event, row })] : [];
      }),
    );
}

interface Borrowing {
  readonly event: NativeCall;
  readonly row: BorrowedResultRow;
}

function isTakenAway(fn: NativeFunction, { event, row: { lender } }: Borrowing): boolean {
  if (lender.kind === "interpreter") return true;
  if (lender.kind !== "argument") return false;
  const container = event.arguments[lender.index];
  if (container === undefined || isPrivateArgument(fn, container)) return false;
  return !isProtected({ held: event.held, base: container }, fn.entryHeld);
}

/** It hangs on a struct that is no object: likely memory of one call. */
function isOfPrivateStruct({ events }: NativeFunction, { root, path }: NativeOrigin): boolean {
  if (root.kind !== "parameter" || path.length === 0) return false;
  const field = `.${path.at(-1)}`;
  const read = events.find((event) => event.kind === "access" && event.location.endsWith(field) && event.base.root.kind === "parameter");
  return read?.kind === "access" && read.base.ownerDepth < 0;
}

function report(program: NativeProgram, fn: NativeFunction, { event, row }: Borrowing): Hazard {
  const container: NativeOrigin | undefined = row.lender.kind === "argument" ? event.arguments[row.lender.index] : undefined;
  const owner = container === undefined ? "the interpreter's registry" : originText(fn, container);
  return draftNativeHazard(program, metadata, {
    fn,
    span: event.span,
    location: event.callee,
    accesses: [{ span: event.span, function: fn.name, kind: "read", held: event.held }],
    confidence: container === undefined ? "medium" : isOfPrivateStruct(fn, container) ? "low" : "high",
    evidence: [
      `${event.callee} returns a reference that ${owner} owns`,
      ...(row.strong ? [`${row.strong.name} (${row.strong.since}) returns one of its own`] : []),
      ...(container === undefined ? [] : ["no section on it is held"]),
    ],
    message: `${event.text} is a borrowed reference: another thread may take it out of ${owner} before it is used`,
  });
}

export const rule: NativeRule = { metadata, find };
