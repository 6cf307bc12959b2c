// The handle of a foreign library that an object holds is passed to that library by methods without a lock.
// Over-reports: libraries that lock their handles themselves.
import { isForeignCall } from "../../../models/index.ts";
import { groupedBy } from "../../../vocabulary/index.ts";
import type { Hazard, NativeCall, NativeFunction, NativeOrigin, NativeProgram, NativeRule, RuleMetadata } from "../../../vocabulary/index.ts";
import { callsOf } from "../event-order.ts";
import { draftNativeHazard, originText } from "../native-hazard.ts";
import { isOrdinary, isProtected } from "../native-index.ts";

const metadata: RuleMetadata = {
  id: "c/foreign-handle-unlocked",
  title: "Library handle used without a lock",
  severity: "crash",
  consequence: "Two methods are inside the library with one handle; few libraries allow that.",
  sources: ["py-free-threading guide: libraries with state per handle", "Pillow #9498 (FreeType faces)", "python-xxhash, locks per object"],
  since: "0.2.0",
  fixes: [
    {
      title: "A lock per handle",
      cost: "low",
      detail: "The object's critical section, or a PyMutex beside the handle, around every call; not needed where the library documents that it locks.",
    },
  ],
};

interface Use {
  readonly fn: NativeFunction;
  readonly call: NativeCall;
  readonly handle: NativeOrigin;
  readonly location: string;
}

/** They look at a handle and leave it alone, as far as names tell. */
const looking = /(get|is|has|len|length|size|count|digest|error|version|name|eof|tell)/i;

function find(program: NativeProgram): Hazard[] {
  const uses = program.functions.filter((fn) => !fn.generated && isOrdinary(fn)).flatMap(handleUses);
  return [...groupedBy(uses, ({ location }) => location).values()].flatMap((all) => {
    const change = all.find(({ call }) => !looking.test(call.callee));
    if (change === undefined) return [];
    const open = all.filter(({ fn, call, handle }) => !isProtected({ held: call.held, base: handle }, fn.entryHeld));
    return [...new Map(open.map((use) => [use.fn.id, use])).values()].map((use) => report(program, use, change));
  });
}

/** Raw pointers loaded from the receiver and handed to code that is not here. */
function handleUses(fn: NativeFunction): Use[] {
  return callsOf(fn).flatMap((call) => {
    if (call.targets.length > 0 || !isForeignCall(call.callee)) return [];
    return call.arguments.flatMap((handle): Use[] => {
      const loaded = handle.root.kind === "parameter" && handle.path.length > 0 && handle.ownerDepth === 0 && !handle.interior;
      const read = loaded
        ? fn.events.find((event) => event.kind === "access" && event.holds === "pointer" && event.location.endsWith(`.${handle.path.at(-1)}`))
        : undefined;
      return read?.kind === "access" ? [{ fn, call, handle, location: read.location }] : [];
    });
  });
}

function report(program: NativeProgram, { fn, call, handle, location }: Use, change: Use): Hazard {
  return draftNativeHazard(program, metadata, {
    fn,
    span: call.span,
    location,
    accesses: [
      { span: call.span, function: fn.name, kind: "call", held: call.held },
      { span: change.call.span, function: change.fn.name, kind: "call", held: change.call.held },
    ],
    confidence: "medium",
    evidence: [
      `${change.fn.name} passes the same handle to ${change.call.callee}`,
      "no section on the object and no lock is held",
      "the library is not known to lock its handles",
    ],
    message: `${call.callee} works on ${originText(fn, handle)} while another thread may be in ${change.call.callee} with it`,
  });
}

export const rule: NativeRule = { metadata, find };
