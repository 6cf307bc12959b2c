// The handle of a foreign library that an object holds is passed to that library by methods without a lock.
// Over-reports: libraries that lock their handles themselves.
import { isForeignCall } from "../../../models/index.ts";
import { groupedBy } from "../../../vocabulary/index.ts";
import type { Hazard, NativeCall, NativeFunction, NativeOrigin, NativeProgram, NativeRule, RuleMetadata } from "../../../vocabulary/index.ts";
import { callsOf } from "../event-order.ts";
import { draftNativeHazard, originText } from "../native-hazard.ts";
import { isOrdinary, isProtected, nativeIndexOf } from "../native-index.ts";

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

/** What the program says of values of types that it does not declare: which of them are handles. */
interface Handles {
  /** Locations that NULL is stored in, or that a foreign function fills through their address. */
  readonly opaque: ReadonlySet<string>;
  readonly statics: NativeProgram["statics"];
}

interface Use {
  readonly fn: NativeFunction;
  readonly call: NativeCall;
  readonly handle: NativeOrigin;
  readonly location: string;
}

/** They look at a handle and leave it alone, as far as names tell. */
const looking = /(get|is|has|len|length|size|count|digest|error|version|name|eof|tell)/i;

const plainNumber = /^(const|unsigned|signed|long|short|int|char|float|double|_?[Bb]ool|\w+_t|[A-Z]*(U?INT|DWORD|LONG|BYTE)\w*|\s|\*)+$/;
/** The C library's streams, and what threads have or wait by. */
const lockedByItself = /FILE|mutex|Mutex|_lock|key_t|tss|event|sem_t|thread/;

function find(program: NativeProgram): Hazard[] {
  const own = program.functions.filter(({ generated, entries }) => !generated && !entries.some(({ company }) => company === "import"));
  const { reached } = nativeIndexOf(program);
  const handles: Handles = { opaque: new Set(program.functions.flatMap(opaqueLocations)), statics: program.statics };
  const uses = own.filter((fn) => isOrdinary(fn) || reached.has(fn.id)).flatMap((fn) => handleUses(handles, fn));
  return [...groupedBy(uses, ({ location }) => location).values()].flatMap((all) => {
    const change = all.find(({ call }) => !looking.test(call.callee));
    if (change === undefined) return [];
    const open = all.filter(({ fn, call, handle }) => !isProtected({ held: call.held, base: handle }, fn.entryHeld));
    return [...new Map(open.map((use) => [use.fn.id, use])).values()].map((use) => report(program, use, change));
  });
}

function opaqueLocations({ events }: NativeFunction): string[] {
  return events.flatMap((event) => {
    if (event.kind === "access") return event.stored?.constant === "NULL" || event.stored?.constant === "nullptr" ? [event.location] : [];
    if (event.kind !== "call" || event.targets.length > 0 || !isForeignCall(event.callee)) return [];
    return event.arguments.flatMap(({ root }) => (root.kind === "static" && event.text.includes(`&${root.name}`) ? [root.name] : []));
  });
}

/** Handles loaded from the receiver, or from a static variable, and handed to code that is not here. */
function handleUses(handles: Handles, fn: NativeFunction): Use[] {
  return callsOf(fn).flatMap((call) => {
    if (call.targets.length > 0 || !isForeignCall(call.callee)) return [];
    const ofReceiver = isOrdinary(fn) ? call.arguments.flatMap((handle) => receiverHandle(handles, fn, handle)) : [];
    return [...ofReceiver, ...staticHandles(handles, call)].map(({ handle, location }) => ({ fn, call, handle, location }));
  });
}

type Loaded = Pick<Use, "handle" | "location">;

function receiverHandle({ opaque }: Handles, { events }: NativeFunction, handle: NativeOrigin): Loaded[] {
  if (handle.root.kind !== "parameter" || handle.path.length === 0 || handle.ownerDepth !== 0 || handle.interior) return [];
  const read = events.find(
    (event) =>
      event.kind === "access" &&
      event.location.endsWith(`.${handle.path.at(-1)}`) &&
      (event.holds === "pointer" || (event.holds === "number" && opaque.has(event.location))),
  );
  return read?.kind === "access" ? [{ handle, location: read.location }] : [];
}
/** A static variable of a library's own type that the library fills: the same handle in every call. */
function staticHandles({ opaque, statics }: Handles, { arguments: given, text }: NativeCall): Loaded[] {
  return given.flatMap((handle) => {
    if (handle.root.kind !== "static" || handle.path.length > 0 || text.includes(`&${handle.root.name}`)) return [];
    const found = statics.get(handle.root.name);
    if (found === undefined || found.constant || found.threadLocal || !opaque.has(found.name) || lockedByItself.test(found.type)) return [];
    return (found.holds === "pointer" || found.holds === "number") && !plainNumber.test(found.type) ? [{ handle, location: found.name }] : [];
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
