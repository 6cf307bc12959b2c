// A function drops the reference it was given by a call and goes on using the object, or what the object lent it.
// Misses: objects in fields, ways that lead through goto. Over-reports: objects that something this function does not show keeps alive.
import type { Hazard, NativeAssignment, NativeCall, NativeEvent, NativeFunction, NativeProgram, NativeRule, RuleMetadata } from "../../../vocabulary/index.ts";
import { callsOf, canFollow, contains } from "../event-order.ts";
import { draftNativeHazard } from "../native-hazard.ts";

const metadata: RuleMetadata = {
  id: "c/used-after-drop",
  title: "Used after its reference was dropped",
  severity: "crash",
  consequence: "The object may be freed by the drop: what is read from it, or dropped again, is somebody else's memory.",
  sources: [
    "docs.python.org/3/extending/extending.html#ownership-rules",
    "docs.python.org/3/c-api/bytes.html#c.PyBytes_AsStringAndSize (the buffer is the object's own)",
    "a database adapter's insert in C, fixed later",
  ],
  since: "0.2.0",
  fixes: [{ title: "Drop it last", cost: "low", detail: "Move Py_DECREF behind the last use, or keep a reference of one's own." }],
};

const drops = /^Py_X?DECREF$/;
/** They look at their first argument and keep nothing of it. */
const looks = /^_?Py\w+_(As\w+|AS_\w+|Check\w*|GET_\w+|Get\w+|Size|Length|IsTrue|Str|Repr|Not|Hash)$/;
/** What they return, or store through their second argument, is inside their first one. */
const lends = /^Py(Bytes|ByteArray)_(AsString|AS_STRING)$|^PyUnicode_(AsUTF8|DATA|[124]BYTE_DATA)$/;
const lendsThroughSecond = /^(PyBytes_AsStringAndSize|PyUnicode_AsUTF8AndSize)$/;
const takesOver = /^Py(_X?INCREF|_X?NewRef|Tuple_(SET_ITEM|SetItem|Pack)|List_(SET_ITEM|SetItem)|Module_AddObject\w*|_BuildValue)$/;

interface Dropped {
  readonly fn: NativeFunction;
  readonly drop: NativeCall;
  /** The local variable that had the reference, and where it got it. */
  readonly name: string;
  readonly given: NativeAssignment;
}

function find(program: NativeProgram): Hazard[] {
  return program.functions
    .filter(({ generated }) => !generated)
    .flatMap((fn) =>
      droppedIn(fn).flatMap((dropped) => {
        const use = useAfter(dropped);
        return use === undefined ? [] : [report(program, dropped, use)];
      }),
    );
}

function droppedIn(fn: NativeFunction): Dropped[] {
  return callsOf(fn).flatMap((drop) => {
    const name = drops.test(drop.callee) ? /\(\s*(?:\([^()]*\)\s*)?(\w+)\s*\)$/.exec(drop.text)?.[1] : undefined;
    const given = name === undefined ? undefined : assignmentBefore(fn, name, drop);
    return name !== undefined && given !== undefined && fn.events.some((call) => isValueOf(call, given)) ? [{ fn, drop, name, given }] : [];
  });
}

/** What the call returns is what the variable receives. */
function isValueOf(call: NativeEvent, { order, span }: NativeAssignment): boolean {
  return call.kind === "call" && call.order === order - 1 && call.span.line >= span.line;
}

function assignmentBefore({ events }: NativeFunction, name: string, { order }: NativeEvent): NativeAssignment | undefined {
  return events.findLast((event): event is NativeAssignment => event.kind === "assignment" && event.local === name && event.order < order);
}

function useAfter(dropped: Dropped): NativeEvent | undefined {
  const { fn, name, drop, given } = dropped;
  const between = callsOf(fn).filter((call) => call.order > given.order && call.order < drop.order && mentions(call, name));
  if (between.some(({ callee }) => takesOver.test(callee)) || isStored(dropped)) return undefined;
  const isAlone = between.every((call) => looks.test(call.callee) && startsWith(call, name));
  const lent = between.flatMap((call) => lentBy(fn, call).filter((local) => !isReassigned(fn, local, { order: call.order + 1 }, drop)));
  return fn.events.find((event) => {
    if (event.order <= drop.order || !isReached(dropped, event)) return false;
    if (event.kind === "call" && drops.test(event.callee) && startsWith(event, name)) return true;
    if (!isAlone || (event.kind !== "call" && event.kind !== "return")) return false;
    if (mentions(event, name) && !/^Py_X?INCREF$/.test(event.kind === "call" ? event.callee : "")) return !isReassigned(fn, name, drop, event);
    return lent.some((local) => mentions(event, local) && !isReassigned(fn, local, drop, event));
  });
}

/** Locals that point into the object from then on. */
function lentBy({ events }: NativeFunction, call: NativeCall): string[] {
  if (lendsThroughSecond.test(call.callee)) return /,\s*&(\w+)/.exec(call.text)?.slice(1, 2) ?? [];
  if (!lends.test(call.callee)) return [];
  return events.flatMap((event) => (event.kind === "assignment" && isValueOf(call, event) ? [event.local] : []));
}

/** Something else has the object as well: a field, another variable. */
function isStored({ fn, name, given }: Dropped): boolean {
  const stored = new RegExp(`=\\s*(\\([^()]*\\)\\s*)?${name}$`);
  return fn.events.some((event) => event.order > given.order && (event.kind === "access" || event.kind === "assignment") && stored.test(event.text.trim()));
}

/** Control comes straight from the drop: nothing leaves or replaces the variable in between, and no other condition decides. */
function isReached({ fn, drop, name }: Dropped, use: NativeEvent): boolean {
  if (!canFollow(fn, drop, use) || isReassigned(fn, name, drop, use)) return false;
  const around = fn.branches.flatMap(({ whenTrue, whenFalse }) => [whenTrue, whenFalse]);
  if (around.some((range) => contains(range, use) && !contains(range, drop))) return false;
  const leaves = fn.events.filter((event) => event.order > drop.order && event.order < use.order && isJump(event));
  return !leaves.some((jump) => around.every((range) => !contains(range, jump) || contains(range, drop)));
}

function isJump({ kind }: NativeEvent): boolean {
  return kind === "return" || kind === "goto" || kind === "break" || kind === "continue" || kind === "label";
}

function isReassigned({ events }: NativeFunction, name: string, from: Pick<NativeEvent, "order">, to: NativeEvent): boolean {
  const filled = new RegExp(`&${name}\\b`);
  return events.some(
    (event) =>
      event.order > from.order &&
      event.order <= to.order &&
      ((event.kind === "assignment" && event.local === name) || (event.kind === "call" && filled.test(event.text))),
  );
}

function mentions({ text }: NativeEvent, name: string): boolean {
  return new RegExp(`(^|[^\\w.>"])${name}\\b(?!")`).test(text);
}

function startsWith({ text }: NativeEvent, name: string): boolean {
  return new RegExp(`^\\w+\\s*\\(\\s*(\\([^()]*\\)\\s*)?${name}\\b\\s*[,)]`).test(text);
}

function report(program: NativeProgram, { fn, drop, name, given }: Dropped, use: NativeEvent): Hazard {
  return draftNativeHazard(program, metadata, {
    fn,
    span: use.span,
    location: name,
    accesses: [
      { span: use.span, function: fn.name, kind: "read", held: use.held },
      { span: drop.span, function: fn.name, kind: "write", held: drop.held },
    ],
    confidence: "medium",
    singleThreaded: true,
    evidence: [
      `${name} got its reference at line ${given.span.line}`,
      `the reference is dropped at line ${drop.span.line}`,
      "nothing in the function keeps another",
    ],
    message: `${use.text} uses ${name} after its reference was dropped at line ${drop.span.line}: the object may be gone`,
  });
}

export const rule: NativeRule = { metadata, find };
