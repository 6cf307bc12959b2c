// A pointer to new memory is stored into a shared object, and only then is the memory completed.
// Over-reports: fields that readers of the object never look at.
import { originKey } from "../../../vocabulary/index.ts";
import type { Hazard, NativeAccess, NativeFunction, NativeProgram, NativeRule, RuleMetadata } from "../../../vocabulary/index.ts";
import { canFollow } from "../event-order.ts";
import { draftNativeHazard } from "../native-hazard.ts";
import { isProtected, isReachableByOthers, leadsThrough, nativeIndexOf } from "../native-index.ts";

const metadata: RuleMetadata = {
  id: "c/publish-before-init",
  title: "Shown before it is complete",
  severity: "corruption",
  consequence: "Another thread follows the pointer and sees memory that is not set up yet.",
  sources: ["an extension in C before it got critical sections: a table is put in place before its counts are set", "C11 7.17.3: release and acquire"],
  since: "0.2.0",
  fixes: [
    {
      title: "Complete it first",
      cost: "low",
      detail: "Set every field through the local pointer, then store the pointer; with a release store where readers take no lock.",
    },
  ],
};

function find(program: NativeProgram): Hazard[] {
  const { reached } = nativeIndexOf(program);
  return program.functions
    .filter(({ id, generated }) => !generated && reached.has(id))
    .flatMap((fn) => {
      const writes = fn.events.filter((event): event is NativeAccess => event.kind === "access" && event.mode !== "read" && !event.debugOnly);
      return writes
        .filter((publish) => publishesNew(publish) && !isProtected(publish, fn.entryHeld))
        .flatMap((publish) => {
          const late = writes.find((write) => write.order > publish.order && canFollow(fn, publish, write) && completes(write, publish));
          return late === undefined ? [] : [report(program, fn, { publish, late })];
        });
    });
}

function publishesNew({ mode, base, stored, holds }: NativeAccess): boolean {
  const kind = stored?.origin.root.kind;
  return mode === "write" && holds === "pointer" && isReachableByOthers(base) && (kind === "fresh" || kind === "result");
}

/** Writes through the pointer just stored, by its own name or by the object's field. */
function completes({ base }: NativeAccess, publish: NativeAccess): boolean {
  return (
    leadsThrough(base, publish.location) ||
    (publish.stored !== undefined && originKey({ ...base, interior: false }) === originKey({ ...publish.stored.origin, interior: false }))
  );
}

function report(program: NativeProgram, fn: NativeFunction, { publish, late }: { readonly publish: NativeAccess; readonly late: NativeAccess }): Hazard {
  return draftNativeHazard(program, metadata, {
    fn,
    span: publish.span,
    location: publish.location,
    accesses: [publish, late].map(({ span, held }) => ({ span, function: fn.name, kind: "write" as const, held })),
    confidence: "medium",
    evidence: [`${late.location} of the new memory is written only at line ${late.span.line}`, "no section or lock is held"],
    message: `${publish.location} is stored before ${late.location} is set (line ${late.span.line}): another thread sees it half done`,
  });
}

export const rule: NativeRule = { metadata, find };
