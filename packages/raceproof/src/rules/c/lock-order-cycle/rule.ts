// Two locks that are taken in one order here and in the other order there, directly or through calls.
// Misses: locks taken by code that is not here. Over-reports: orders that conditions keep apart.
import { nativeLocks } from "../../../models/index.ts";
import { groupedBy } from "../../../vocabulary/index.ts";
import type { Hazard, NativeCall, NativeFunction, NativeOrigin, NativeProgram, NativeRule, RuleMetadata } from "../../../vocabulary/index.ts";
import { callsOf } from "../event-order.ts";
import { draftNativeHazard } from "../native-hazard.ts";

const metadata: RuleMetadata = {
  id: "c/lock-order-cycle",
  title: "Locks in both orders",
  severity: "deadlock",
  consequence: "Each of two threads has one lock and waits for the other's, for ever.",
  sources: ["RacerD, deadlock analysis", "CWE-833"],
  since: "0.2.0",
  fixes: [
    { title: "One order", cost: "low", detail: "Decide which lock comes first and take them so everywhere." },
    { title: "Py_BEGIN_CRITICAL_SECTION2", cost: "low", detail: "For two objects it sorts by address itself." },
  ],
};

interface Edge {
  readonly held: string;
  readonly taken: string;
  readonly fn: NativeFunction;
  readonly call: NativeCall;
}

function find(program: NativeProgram): Hazard[] {
  const edges = edgesOf(program);
  const next = groupedBy(edges, ({ held }) => held);
  return edges.flatMap((edge) => {
    const back = (next.get(edge.taken) ?? []).find(({ taken }) => taken === edge.held || reaches(next, taken, edge.held));
    return back === undefined ? [] : [report(program, edge, back)];
  });
}

function edgesOf(program: NativeProgram): Edge[] {
  const taken = new Map<number, ReadonlySet<string>>();
  const found = program.functions
    .filter(({ generated }) => !generated)
    .flatMap((fn) =>
      callsOf(fn).flatMap((call) => {
        const held = call.held
          .filter(({ kind, since }) => kind === "lock" && since !== call.order)
          .flatMap(({ objects }) => objects.flatMap((object) => nameOf(fn, object)));
        if (held.length === 0) return [];
        const locks = nativeLocks.has(call.callee) ? nameOf(fn, call.arguments[0]) : call.targets.flatMap((target) => [...locksOf(program, target, taken)]);
        return held.flatMap((each) => locks.filter((lock) => lock !== each).map((lock): Edge => ({ held: each, taken: lock, fn, call })));
      }),
    );
  return [...new Map(found.map((edge) => [`${edge.held} ${edge.taken} ${edge.fn.id}`, edge])).values()];
}

/** Locks a function takes, itself or by what it calls. */
function locksOf(program: NativeProgram, id: number, known: Map<number, ReadonlySet<string>>): ReadonlySet<string> {
  const before = known.get(id);
  if (before !== undefined) return before;
  known.set(id, new Set());
  const fn = program.functions[id] as NativeFunction;
  const locks = new Set(
    callsOf(fn).flatMap((call) =>
      nativeLocks.has(call.callee) ? nameOf(fn, call.arguments[0]) : call.targets.flatMap((target) => [...locksOf(program, target, known)]),
    ),
  );
  known.set(id, locks);
  return locks;
}

/** Static locks by name, those of objects by type and field; nothing where neither is known. */
function nameOf({ parameters }: NativeFunction, origin: NativeOrigin | undefined): string[] {
  if (origin?.root.kind === "static") return [[origin.root.name, ...origin.path].join(".")];
  const type = origin?.root.kind === "parameter" ? parameters[origin.root.index]?.type : undefined;
  return type === undefined || type === "PyObject" || origin === undefined || origin.path.length === 0 ? [] : [[type, ...origin.path].join(".")];
}

function reaches(next: ReadonlyMap<string, readonly Edge[]>, from: string, to: string, seen: Set<string> = new Set()): boolean {
  if (from === to) return true;
  if (seen.has(from)) return false;
  seen.add(from);
  return (next.get(from) ?? []).some(({ taken }) => reaches(next, taken, to, seen));
}

function report(program: NativeProgram, { held, taken, fn, call }: Edge, back: Edge): Hazard {
  return draftNativeHazard(program, metadata, {
    fn,
    span: call.span,
    location: taken,
    accesses: [
      { span: call.span, function: fn.name, kind: "call", held: call.held },
      { span: back.call.span, function: back.fn.name, kind: "call", held: back.call.held },
    ],
    confidence: "high",
    singleThreaded: call.held.some(({ kind }) => kind === "detached"),
    evidence: [`${back.fn.name} takes ${back.taken} while it has ${back.held} (line ${back.call.span.line})`],
    message: `${fn.name} takes ${taken} while it has ${held}; ${back.fn.name} takes them the other way round`,
  });
}

export const rule: NativeRule = { metadata, find };
