// Memory that one function reads through a pointer of a shared object while another function may free it: the table, the array, the node.
// Misses: pointers that leave through structs on the heap. Over-reports: memory freed only when no other thread can be there.
import { isKnownOrigin } from "../../../vocabulary/index.ts";
import type {
  Hazard,
  NativeAccess,
  NativeAssignment,
  NativeCall,
  NativeEffect,
  NativeEvent,
  NativeFunction,
  NativeProgram,
  NativeRule,
  RuleMetadata,
} from "../../../vocabulary/index.ts";
import { accessOfEffect, draftNativeHazard } from "../native-hazard.ts";
import { isProtected, isReachableByOthers, leadsThrough, nativeIndexOf } from "../native-index.ts";

const metadata: RuleMetadata = {
  id: "c/pointer-kept-across-resize",
  title: "Pointer into memory that another thread frees",
  severity: "crash",
  consequence: "The pointer dangles as soon as another thread resizes or clears the object: use after free.",
  sources: ["an extension in C before it got critical sections", "CPython gh-144356", "CWE-416 use after free, CWE-362 race condition"],
  since: "0.2.0",
  fixes: [
    {
      title: "Hold the object's critical section from loading the pointer to its last use",
      cost: "low",
      detail: "Py_BEGIN_CRITICAL_SECTION(self) around all of it; nothing in between may run Python or drop references.",
    },
    {
      title: "Keep the memory alive",
      cost: "high",
      detail: "A reference count of its own in the table, taken under the section, released after the last use.",
    },
  ],
};

function find(program: NativeProgram): Hazard[] {
  const { freed, reached } = nativeIndexOf(program);
  return program.functions
    .filter(({ id, generated }) => !generated && reached.has(id))
    .flatMap((fn) => [...freed].flatMap(([location, { effect, by }]) => judge(program, fn, { location, free: effect, by })));
}

interface Freed {
  readonly location: string;
  readonly free: NativeEffect;
  /** The entry point that frees it. */
  readonly by: NativeFunction;
}

function judge(program: NativeProgram, fn: NativeFunction, { location, free, by }: Freed): Hazard[] {
  const uses = fn.events.filter(
    (event) => usesFreed(event, location) && !event.debugOnly && !isProtected({ held: event.held, base: baseOf(event) }, fn.entryHeld),
  );
  const first = uses[0];
  if (first === undefined) return [];
  const kept = fn.events.find(
    (event): event is NativeAssignment =>
      event.kind === "assignment" && event.order < first.order && leadsThrough(event.value, location) && isReachableByOthers(event.value),
  );
  const shown = kept ?? first;
  return [
    draftNativeHazard(program, metadata, {
      fn,
      span: shown.span,
      location,
      accesses: [{ span: shown.span, function: fn.name, kind: "read", held: shown.held }, accessOfEffect(program, free)],
      confidence: "high",
      evidence: [
        kept ? `${kept.local} keeps a pointer to what ${location} holds` : `memory that ${location} holds is used here`,
        `${by.name} frees it (${free.span.file}:${free.span.line}${free.calls.length > 0 ? `, in ${program.functions[free.function]?.name}` : ""})`,
        "neither a critical section on the object nor a lock is held from loading to use",
      ],
      message: `${fn.name} uses ${kept ? `${kept.local}, ` : ""}memory of ${location}, which ${by.name} in another thread may free`,
    }),
  ];
}

/** An access through the freed pointer, or its being handed on. */
function usesFreed(event: NativeEvent, location: string): event is NativeAccess | NativeCall {
  if (event.kind === "access") return isReachableByOthers(event.base) && leadsThrough(event.base, location);
  return event.kind === "call" && event.arguments.some((origin) => isKnownOrigin(origin) && isReachableByOthers(origin) && leadsThrough(origin, location));
}

function baseOf(event: NativeEvent): NativeAccess["base"] {
  if (event.kind === "access") return event.base;
  return (event as NativeCall).arguments.find((origin) => isReachableByOthers(origin)) as NativeAccess["base"];
}

export const rule: NativeRule = { metadata, find };
