// A borrowed reference is used after a call that can run Python code: that code can take the object out of its container.
// Over-reports: containers that no such code can reach. Misses: borrowed references handed to other functions.
import type { Hazard, NativeAssignment, NativeCall, NativeEvent, NativeFunction, NativeProgram, NativeRule, RuleMetadata } from "../../../vocabulary/index.ts";
import { borrowedResults } from "../../../models/index.ts";
import { callsOf, canFollow } from "../event-order.ts";
import { draftNativeHazard, originText } from "../native-hazard.ts";
import { nativeIndexOf } from "../native-index.ts";
import { isPrivateArgument } from "../private-argument.ts";

const metadata: RuleMetadata = {
  id: "c/borrowed-across-call",
  title: "Borrowed reference kept across a call",
  severity: "crash",
  consequence: "The call runs code that removes the item from its container: the borrowed object is freed before its next use, in one thread as well.",
  sources: ["docs.python.org/3/extending/extending.html#thin-ice", "CPython gh-119438", "docs.python.org/3/c-api/intro.html#reference-count-details"],
  since: "0.2.0",
  fixes: [
    {
      title: "A reference of one's own",
      cost: "low",
      detail: "PyList_GetItemRef or PyDict_GetItemRef, or Py_INCREF before the first call, Py_DECREF after the last use.",
    },
  ],
};

interface Kept {
  readonly borrow: NativeCall;
  readonly kept: NativeAssignment;
}

function find(program: NativeProgram): Hazard[] {
  const { reached } = nativeIndexOf(program);
  return program.functions
    .filter(({ id, generated }) => !generated && reached.has(id))
    .flatMap((fn) => borrowings(fn).flatMap((found) => judge(program, fn, found)));
}

function borrowings(fn: NativeFunction): Kept[] {
  return callsOf(fn).flatMap((borrow) => {
    const lender = borrowedResults.get(borrow.callee)?.lender;
    const container = lender?.kind === "argument" ? borrow.arguments[lender.index] : undefined;
    const kept = fn.events[borrow.order + 1];
    return container === undefined || isPrivateArgument(fn, container) || kept?.kind !== "assignment" ? [] : [{ borrow, kept }];
  });
}

function judge(program: NativeProgram, fn: NativeFunction, { borrow, kept }: Kept): Hazard[] {
  const names = new RegExp(String.raw`\b${kept.local}\b`);
  const follows = (event: NativeEvent): boolean => event.order > kept.order && canFollow(fn, kept, event);
  const owned = fn.events.find((event) => follows(event) && event.kind === "call" && /^Py_X?(INCREF|NewRef)$/.test(event.callee) && names.test(event.text));
  const replaced = fn.events.find((event) => event.order > kept.order && event.kind === "assignment" && event.local === kept.local);
  const last = Math.min(owned?.order ?? Infinity, replaced?.order ?? Infinity);
  const call = callsOf(fn).find((each) => follows(each) && each.order < last && runsCode(each) && !isOver(fn, each));
  const use = call && fn.events.find((event) => event.order > call.order && event.order < last && canFollow(fn, call, event) && usesIt(event, names));
  return call === undefined || use === undefined ? [] : [report(program, fn, { borrow, kept, call, use })];
}

function runsCode({ effect, callee }: NativeCall): boolean {
  return effect === "runs-python" && !/^PyErr_|^PyArg_/.test(callee);
}

/** The function gives up right after it. */
function isOver({ events }: NativeFunction, { order }: NativeCall): boolean {
  return events[order + 1]?.kind === "return";
}

function usesIt(event: NativeEvent, names: RegExp): boolean {
  return event.kind === "call" && names.test(event.text) && event.arguments.length > 0;
}

interface Use extends Kept {
  readonly call: NativeCall;
  readonly use: NativeEvent;
}

function report(program: NativeProgram, fn: NativeFunction, { borrow, kept, call, use }: Use): Hazard {
  const container = borrow.arguments[0];
  const owner = container === undefined ? "its container" : originText(fn, container);
  return draftNativeHazard(program, metadata, {
    fn,
    span: borrow.span,
    location: borrow.callee,
    accesses: [borrow, use].map(({ span, held }) => ({ span, function: fn.name, kind: "read" as const, held })),
    confidence: "medium",
    singleThreaded: true,
    evidence: [
      `${call.callee} at line ${call.span.line} can run Python code`,
      `${kept.local} is used again at line ${use.span.line}`,
      `${owner} owns the only reference that is known`,
    ],
    message: `${kept.local} is borrowed from ${owner} and used after ${call.callee} (line ${call.span.line}), which can run code that removes it`,
  });
}

export const rule: NativeRule = { metadata, find };
