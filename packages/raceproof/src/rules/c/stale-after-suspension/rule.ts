// A pointer into memory that can be freed is kept across a call that lets other code in, and used afterwards. A section does not help: it is suspended.
// Misses: pointers that only a caller keeps. Over-reports: drops of references that are never the last.
import { originKey } from "../../../vocabulary/index.ts";
import type {
  Hazard,
  NativeAccess,
  NativeAssignment,
  NativeBranch,
  NativeCall,
  NativeEvent,
  NativeFunction,
  NativeProgram,
  NativeRule,
  RuleMetadata,
} from "../../../vocabulary/index.ts";
import { callsOf, canFollow, contains, reasonOf } from "../event-order.ts";
import { accessOfEffect, draftNativeHazard } from "../native-hazard.ts";
import { isReachableByOthers, leadsThrough, nativeIndexOf } from "../native-index.ts";

const metadata: RuleMetadata = {
  id: "c/stale-after-suspension",
  title: "Pointer used after others could run",
  severity: "crash",
  consequence: "Code that runs meanwhile (a finalizer, a comparison, another thread) frees the memory: use after free, in one thread as well.",
  sources: [
    "an extension in C before it got critical sections",
    "PEP 703: critical sections may be suspended",
    "CPython Python/brc.c, Python/critical_section.c",
    "CWE-416",
  ],
  since: "0.2.0",
  fixes: [
    {
      title: "Finish with the memory first",
      cost: "low",
      detail: "Take the old references into locals, write everything, leave the section, and only then Py_DECREF.",
    },
    { title: "Load the pointer again", cost: "low", detail: "After the call, start from the object: and check that nothing has changed (version, size)." },
  ],
};

function find(program: NativeProgram): Hazard[] {
  const { freed, reached } = nativeIndexOf(program);
  return program.functions
    .filter(({ id, generated }) => !generated && reached.has(id))
    .flatMap((fn) => [...freed.keys()].flatMap((location) => staleUses(fn, location).map((stale) => report(program, fn, { location, ...stale }))));
}

interface Stale {
  readonly kept: NativeAssignment;
  readonly call: NativeCall;
  readonly use: Use;
}

type Use = NativeAccess | NativeCall | NativeAssignment;

/** For each variable the first call that makes it stale. */
function staleUses(fn: NativeFunction, location: string): Stale[] {
  const keeping = fn.events.filter(
    (event): event is NativeAssignment => event.kind === "assignment" && isReachableByOthers(event.value) && leadsThrough(event.value, location),
  );
  const calls = callsOf(fn).filter(({ effect }) => effect !== "none");
  const found = keeping.flatMap((kept): Stale[] => {
    const uses = fn.events.filter((event): event is Use => isUse(event, kept) && !event.debugOnly);
    for (const call of calls.filter((each) => each.order > kept.order && canFollow(fn, kept, each))) {
      const use = uses.find(
        (each) =>
          each !== call &&
          (each.kind === "call" || (each.through?.assigned ?? 0) <= call.order || each.order < call.order) &&
          canFollow(fn, call, each) &&
          !isLoadedAgain(fn, { kept, call, use: each }),
      );
      if (use) return [{ kept, call, use }];
    }
    return [];
  });
  return [...new Map(found.map((stale) => [stale.call.order, stale])).values()];
}

/** Memory is reached through the variable, another pointer computed from it, or a function of the program is handed it that reaches it. */
function isUse(event: NativeEvent, kept: NativeAssignment): boolean {
  if (event.kind === "access") return event.through?.local === kept.local;
  if (event.kind === "assignment") return event.local !== kept.local && event.through?.local === kept.local;
  if (event.kind !== "call" || event.targets.length === 0 || event.effect !== "none") return false;
  const key = originKey(kept.value);
  return new RegExp(`[(,]\\s*${kept.local}\\s*[,)]`).test(event.text) && event.arguments.some((origin) => originKey(origin) === key);
}

/** The variable gets a new value between the call and the use, or what has changed meanwhile is found out. */
function isLoadedAgain(fn: NativeFunction, { kept, call, use }: Stale): boolean {
  const isBetween = (order: number): boolean => (use.order > call.order ? order > call.order && order < use.order : order > call.order || order < use.order);
  return (
    fn.events.some((event) => event.kind === "assignment" && event.local === kept.local && event.order !== kept.order && isBetween(event.order)) ||
    fn.branches.some((branch) => isBetween(branch.condition.from) && leavesWhenChanged(fn, branch)) ||
    (use.order < call.order && kept.order > loopStart(fn, call) && kept.order < use.order)
  );
}

/** `if (version != self->version) return`: a variable that was loaded from a field is compared with the field. */
function leavesWhenChanged({ events }: NativeFunction, { condition, test, trueLeaves }: NativeBranch): boolean {
  return (
    trueLeaves &&
    test.includes("!=") &&
    events.some(
      (loaded) =>
        loaded.kind === "assignment" &&
        loaded.loadedFrom !== undefined &&
        new RegExp(`\\b${loaded.local}\\b`).test(test) &&
        events.some((read) => read.kind === "access" && read.location === loaded.loadedFrom && contains(condition, read)),
    )
  );
}

function loopStart({ loops }: NativeFunction, { order }: NativeCall): number {
  return Math.max(-1, ...loops.filter(({ from, to }) => from <= order && order < to).map(({ from }) => from));
}

function report(program: NativeProgram, fn: NativeFunction, { location, kept, call, use }: Stale & { readonly location: string }): Hazard {
  const free = nativeIndexOf(program).freed.get(location)?.effect;
  const inSection = call.held.some(({ kind }) => kind === "section");
  return draftNativeHazard(program, metadata, {
    fn,
    span: call.span,
    location,
    accesses: [
      { span: kept.span, function: fn.name, kind: "read", held: kept.held },
      { span: use.span, function: fn.name, kind: use.kind === "access" ? use.mode : use.kind === "call" ? "call" : "read", held: use.held },
      ...(free ? [accessOfEffect(program, free)] : []),
    ],
    confidence: call.effect === "runs-python" ? "high" : "medium",
    singleThreaded: call.effect === "runs-python",
    evidence: [
      `${kept.local} points into memory of ${location} since line ${kept.span.line}`,
      reasonOf(call),
      ...(inSection ? ["the critical section does not last: it is suspended meanwhile"] : []),
      `${kept.local} is used at line ${use.span.line} without being loaded again`,
    ],
    message: `${call.callee} lets other code run while ${kept.local} points into ${location}; it is used again at line ${use.span.line}`,
  });
}

export const rule: NativeRule = { metadata, find };
