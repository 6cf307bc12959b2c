// A critical section on one object around code that also touches the contended memory of another object.
// Misses: the second object reached only through Python's protocols. Over-reports: a second object that is always the first.
import { ownerOf, originKey } from "../../../vocabulary/index.ts";
import type { Hazard, NativeEffect, NativeFunction, NativeHold, NativeProgram, NativeRule, RuleMetadata } from "../../../vocabulary/index.ts";
import { accessOfEffect, draftNativeHazard, originText } from "../native-hazard.ts";
import { isProtected, nativeIndexOf, sameObject } from "../native-index.ts";

const metadata: RuleMetadata = {
  id: "c/two-object-operation-locks-one",
  title: "Two objects, one locked",
  severity: "crash",
  consequence: "Another thread changes the object that is not locked while it is being read: use after free, or a copy of half a change.",
  sources: ["multidict #1317 (review)", "docs.python.org/3/c-api/init.html#c.Py_BEGIN_CRITICAL_SECTION2"],
  since: "0.2.0",
  fixes: [
    { title: "Lock both", cost: "low", detail: "Py_BEGIN_CRITICAL_SECTION2(self, other); nested single sections do not do: the outer one is suspended while the inner one waits." },
    { title: "Take a snapshot of the other object first", cost: "medium", detail: "Copy what is needed under the other object's own section, then work on the copy." },
  ],
};

function find(program: NativeProgram): Hazard[] {
  const { contended } = nativeIndexOf(program);
  return program.functions.filter(({ generated }) => !generated).flatMap((fn) =>
    sectionsOf(fn).flatMap((section) => {
      const other = fn.effects.find((effect) => effect.held.includes(section) && contended.has(effect.location) && isUnlockedOther(effect, section));
      return other === undefined ? [] : [report(program, fn, { section, other })];
    }),
  );
}

/** The sections the function itself opens on one object. */
function sectionsOf({ effects }: NativeFunction): NativeHold[] {
  return [...new Set(effects.flatMap(({ held }) => held.filter(({ kind, objects, since }) => kind === "section" && objects.length === 1 && since >= 0)))];
}

function isUnlockedOther(effect: NativeEffect, { objects }: NativeHold): boolean {
  const owner = ownerOf(effect.base);
  if (effect.debugOnly || effect.atomic || owner === undefined || effect.base.root.kind !== "parameter" || isProtected(effect)) return false;
  const [locked] = objects;
  return locked !== undefined && originKey(locked) !== "?" && !sameObject(locked, owner);
}

function report(program: NativeProgram, fn: NativeFunction, { section, other }: { readonly section: NativeHold; readonly other: NativeEffect }): Hazard {
  const owner = ownerOf(other.base) ?? other.base;
  const locked = section.objects[0] ?? other.base;
  return draftNativeHazard(program, metadata, {
    fn,
    span: section.span,
    location: other.location,
    accesses: [accessOfEffect(program, other)],
    confidence: "high",
    evidence: [
      `the section locks ${originText(fn, locked)} alone`,
      `${other.location} of ${originText(fn, owner)} is ${other.mode === "read" ? "read" : "changed"} under it (${other.span.file}:${other.span.line})`,
    ],
    message: `${fn.name} locks ${originText(fn, locked)} and works on ${originText(fn, owner)}, too, which it does not lock`,
  });
}

export const rule: NativeRule = { metadata, find };
