// An operation that people take for a read (contains, get, iteration, comparison, repr) changes memory that others see.
// Misses: readers by name only (methods). Over-reports: caches whose value is the same whoever fills them.
import { ownerOf, reachedFrom } from "../../../vocabulary/index.ts";
import type { Hazard, NativeAccess, NativeEffect, NativeFunction, NativeProgram, NativeRule, RuleMetadata } from "../../../vocabulary/index.ts";
import { draftNativeHazard } from "../native-hazard.ts";
import { isProtected, isReachableByOthers } from "../native-index.ts";

const metadata: RuleMetadata = {
  id: "c/reader-that-writes",
  title: "Reading changes the object",
  severity: "crash",
  consequence: "Two readers are a race: one replaces what the other is using, or both drop the same reference.",
  sources: ["an extension in C before it got critical sections: a lookup replaces the key, marks what it has visited"],
  since: "0.2.0",
  fixes: [
    { title: "Lock readers as well", cost: "low", detail: "The object's critical section around the whole operation." },
    { title: "Keep what the reader needs in the call", cost: "medium", detail: "Marks and caches in local memory instead of the object." },
  ],
};

const readingSlot =
  /^(sq_contains|sq_length|sq_item|mp_subscript|mp_length|tp_repr|tp_str|tp_hash|tp_richcompare|tp_iter|tp_iternext|nb_bool|nb_and|nb_or|nb_subtract|nb_xor|nb_add|tp_getattro)$/;

function find(program: NativeProgram): Hazard[] {
  const readers = program.functions.filter(
    ({ entries, generated }) => !generated && entries.some(({ kind, name }) => kind === "getter" || (kind === "slot" && readingSlot.test(name))),
  );
  const reached = reachedFrom(program.functions, readers);
  const own = program.functions.filter(({ id, generated }) => !generated && reached.has(id)).flatMap((fn) => firstChange(fn) ?? []);
  // What a helper changes through a pointer that its callers took from the object is known with them alone.
  const said = new Set(own.map(({ fn }) => fn.id));
  const through = readers.flatMap(({ effects }) => effects.filter((effect) => isChange(effect, []))).filter((effect) => !said.has(effect.function));
  const first = new Map(through.toReversed().map((effect) => [effect.function, effect]));
  const others = [...first].flatMap(([id, write]): Change[] => {
    const fn = program.functions[id];
    return fn === undefined || fn.generated ? [] : [{ fn, write }];
  });
  return [...own, ...others].map((change) => report(program, change));
}

interface Change {
  readonly fn: NativeFunction;
  readonly write: Pick<NativeEffect, "span" | "location" | "held" | "mode">;
}

function firstChange(fn: NativeFunction): Change | undefined {
  const write = fn.events.find((event): event is NativeAccess => event.kind === "access" && isChange(event, fn.entryHeld));
  return write && { fn, write };
}

function isChange(change: NativeAccess | NativeEffect, entryHeld: NativeFunction["entryHeld"]): boolean {
  if (change.mode === "read" || change.mode === "free" || change.atomic || change.debugOnly) return false;
  return isReachableByOthers(change.base) && ownerOf(change.base) !== undefined && !isProtected(change, entryHeld);
}

function report(program: NativeProgram, { fn, write }: Change): Hazard {
  return draftNativeHazard(program, metadata, {
    fn,
    span: write.span,
    location: write.location,
    accesses: [{ span: write.span, function: fn.name, kind: write.mode === "free" ? "write" : write.mode, held: write.held }],
    confidence: "medium",
    evidence: ["operations that read reach it", "no section or lock is held"],
    message: `${fn.name} changes ${write.location} although only reading was asked for: two readers race`,
  });
}

export const rule: NativeRule = { metadata, find };
