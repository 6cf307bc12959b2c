// An operation on two objects that protects one of them at most: a section on one around code that touches the other's contended memory, or an
// object taken out of the arguments and touched with no section on it at all.
// Misses: the second object reached only through Python's protocols. Over-reports: a second object that is always the first.
import { isKnownOrigin, originKey, ownerOf, reachedFrom } from "../../../vocabulary/index.ts";
import type { Hazard, NativeEffect, NativeFunction, NativeHold, NativeProgram, NativeRule, RuleMetadata, SourceSpan } from "../../../vocabulary/index.ts";
import { accessOfEffect, draftNativeHazard, originText } from "../native-hazard.ts";
import { isOrdinary, isProtected, nativeIndexOf, sameObject } from "../native-index.ts";
import type { NativeIndex } from "../native-index.ts";

const metadata: RuleMetadata = {
  id: "c/two-object-operation-locks-one",
  title: "Two objects, one locked",
  severity: "crash",
  consequence: "Another thread changes the object that is not locked while it is being read: use after free, or a copy of half a change.",
  sources: ["review of critical sections added to a hash table in C", "docs.python.org/3/c-api/init.html#c.Py_BEGIN_CRITICAL_SECTION2"],
  since: "0.2.0",
  fixes: [
    {
      title: "Lock both",
      cost: "low",
      detail: "Py_BEGIN_CRITICAL_SECTION2(self, other); nested single sections do not do: the outer one is suspended while the inner one waits.",
    },
    {
      title: "Take a snapshot of the other object first",
      cost: "medium",
      detail: "Copy what is needed under the other object's own section, then work on the copy.",
    },
  ],
};

interface Found {
  readonly span: SourceSpan;
  readonly other: NativeEffect;
  readonly section: NativeHold | undefined;
}

function find(program: NativeProgram): Hazard[] {
  const index = nativeIndexOf(program);
  const concerned = reachedAtAll(program);
  return program.functions
    .filter(({ id, generated }) => !generated && concerned.has(id))
    .flatMap((fn) => onePerPlace([...underSection(index, fn), ...takenFromArguments(index, fn)]).map((found) => report(program, fn, found)));
}

/** What ordinary entries reach, and what initializes: an argument's object is somebody else's there, too. */
function reachedAtAll(program: NativeProgram): ReadonlySet<number> {
  return reachedFrom(
    program.functions,
    program.functions.filter((fn) => !fn.generated && isOrdinary(fn, true)),
  );
}

/** Under a section that the function itself opens on one object. */
function underSection(index: NativeIndex, fn: NativeFunction): Found[] {
  return fn.effects.flatMap((other) => {
    const section = other.held.find(({ kind, objects, since }) => kind === "section" && objects.length === 1 && since >= 0);
    const locked = section?.objects[0];
    const owner = ownerOf(other.base);
    if (locked === undefined || owner === undefined || !isKnownOrigin(locked) || sameObject(locked, owner) || !isOpen(index, fn, other)) return [];
    return [{ span: other.calls[0] ?? other.span, other, section }];
  });
}

/** An object out of the argument tuple or array, in the function that takes it out. */
function takenFromArguments(index: NativeIndex, fn: NativeFunction): Found[] {
  return fn.effects
    .filter((other) => other.calls.length <= 1 && other.held.length === 0 && other.base.path[0] === "[]" && isOpen(index, fn, other))
    .map((other) => ({ span: other.calls[0] ?? other.span, other, section: undefined }));
}

function isOpen({ contended }: NativeIndex, fn: NativeFunction, effect: NativeEffect): boolean {
  if (effect.debugOnly || effect.atomic || ownerOf(effect.base) === undefined || effect.base.root.kind !== "parameter") return false;
  return contended.has(effect.location) && !isProtected(effect, fn.entryHeld);
}

function onePerPlace(found: readonly Found[]): Found[] {
  return [...new Map(found.map((each) => [`${each.span.file}:${each.span.line}:${originKey(ownerOf(each.other.base) ?? each.other.base)}`, each])).values()];
}

function report(program: NativeProgram, fn: NativeFunction, { span, other, section }: Found): Hazard {
  const owner = originText(fn, ownerOf(other.base) ?? other.base);
  const locked = section?.objects[0] && originText(fn, section.objects[0]);
  return draftNativeHazard(program, metadata, {
    fn,
    span,
    location: other.location,
    accesses: [accessOfEffect(program, other)],
    confidence: "high",
    evidence: [
      locked === undefined ? "no section is held here" : `the section of line ${section?.span.line} locks ${locked} alone`,
      `${other.location} of ${owner} is ${other.mode === "read" ? "read" : "changed"} (${other.span.file}:${other.span.line})`,
    ],
    message:
      locked === undefined
        ? `${fn.name} reads ${other.location} of ${owner}, an argument, without locking it`
        : `${fn.name} locks ${locked} and works on ${owner}, too, which it does not lock`,
  });
}

export const rule: NativeRule = { metadata, find };
