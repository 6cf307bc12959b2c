// Entry points of an extension that touch an object's contended memory without its section or any lock, with the methods that do hold one.
// What enters: a program and the rule that asks. What leaves: its hazards. Misses: state reached only through calls that are not resolved.
import { takesTwoObjects } from "../../models/index.ts";
import type { Confidence, Hazard, NativeEffect, NativeFunction, NativeOrigin, NativeProgram, RuleMetadata } from "../../vocabulary/index.ts";
import { accessOfEffect, draftNativeHazard, originText } from "./native-hazard.ts";
import { isOrdinary, isProtected, nativeIndexOf } from "./native-index.ts";
import { isOwn, isSuspect } from "./touched-memory.ts";

/** What an entry point does to memory that others change, worst first, and how to say it. */
interface Bare {
  readonly fn: NativeFunction;
  readonly worst: NativeEffect;
  readonly touched: readonly NativeEffect[];
  /** A method that holds a section or lock for the same memory, when the entry point is a slot or a member that goes past it. */
  readonly bypassed: { readonly fn: NativeFunction; readonly effect: NativeEffect } | undefined;
}

/** Entry points that touch contended memory bare. Each belongs to one of two rules: it goes past the lock of the type's methods, or there is none. */
export function findBareEntries(program: NativeProgram, metadata: RuleMetadata, kind: "bypasses" | "unlocked"): Hazard[] {
  const index = nativeIndexOf(program);
  const users = program.functions.filter((fn) => !fn.generated && isOrdinary(fn, true));
  return users.flatMap((fn) => {
    const touched = fn.effects.filter((effect) => isSuspect(index, effect) && isOwn(fn, effect) && !isTestOfPointer(program, effect));
    const worst = touched.toSorted((a, b) => weightOf(b) - weightOf(a) || a.calls.length - b.calls.length)[0];
    if (worst === undefined) return [];
    const bypassed = fn.entries.every((entry) => entry.kind !== "method" && entry.kind !== "module") ? guardOf(users, worst) : undefined;
    return (bypassed === undefined) === (kind === "unlocked") ? [report(program, metadata, { fn, worst, touched, bypassed })] : [];
  });
}

/** A method that protects the memory, whenever it touches it. */
function guardOf(users: readonly NativeFunction[], { location }: NativeEffect): Bare["bypassed"] {
  for (const fn of users) {
    if (!fn.entries.some(({ kind }) => kind === "method")) continue;
    const effect = fn.effects.find((each) => each.location === location && !each.debugOnly && isOfSelf(each.base));
    if (effect !== undefined && isProtected(effect)) return { fn, effect };
  }
  return undefined;
}

/** Memory of the method's own object. */
function isOfSelf({ root, ownerDepth }: NativeOrigin): boolean {
  return root.kind === "parameter" && root.index === 0 && ownerDepth === 0;
}

function report(program: NativeProgram, metadata: RuleMetadata, bare: Bare): Hazard {
  const { fn, worst, touched, bypassed } = bare;
  const other = nativeIndexOf(program).contended.get(worst.location);
  const lack = bypassed ? `without the lock that ${bypassed.fn.name} holds for it` : "with no critical section";
  return draftNativeHazard(program, metadata, {
    fn,
    span: fn.span,
    location: worst.location,
    accesses: [accessOfEffect(program, worst), ...(other ? [accessOfEffect(program, other)] : [])],
    confidence: confidenceOf(worst, touched, isDispatcher(fn, touched)),
    severity: isMemory(worst) ? "crash" : worst.mode === "read" ? "wrong-answer" : "corruption",
    evidence: evidenceOf(program, bare, other),
    message: `${fn.name} (${slotsOf(fn)}) touches ${worst.location} ${lack}: another thread may ${other?.mode === "free" ? "free" : "change"} it meanwhile`,
  });
}

function slotsOf({ entries }: NativeFunction): string {
  return entries.map(({ kind, name }) => `${kind} ${name}`).join(", ");
}

function evidenceOf(
  { functions, declaresFreeThreading: declared }: NativeProgram,
  { fn, worst, touched, bypassed }: Bare,
  other: NativeEffect | undefined,
): string[] {
  return [
    ...(isDispatcher(fn, touched) ? ["it only picks the function for the operand that is its own: the lock belongs there"] : []),
    `Python calls it as ${slotsOf(fn)}`,
    `it ${worst.mode === "read" ? "reads" : "changes"} ${originText(fn, worst.base)}'s ${worst.location} without a section or lock${wayTo(worst)}`,
    ...(bypassed ? [`the method ${bypassed.fn.name} is protected where it touches it (${bypassed.effect.span.file}:${bypassed.effect.span.line})`] : []),
    ...(other ? [`${functions[other.function]?.name} changes it at ${other.span.file}:${other.span.line}`] : []),
    ...(declared ? [`the module declares that it runs without the GIL (${declared.file}:${declared.line})`] : []),
  ];
}

/** Whether a pointer is set is one word; what matters is what is done with it. */
function isTestOfPointer({ functions, excerptOf }: NativeProgram, effect: NativeEffect): boolean {
  if (effect.mode !== "read" || !isMemory(effect)) return false;
  const reads = functions[effect.function]?.events.filter((event) => event.kind === "access" && event.location === effect.location && event.held.length === 0);
  return (reads ?? []).every(({ span, text }) => {
    const [before = "", after = "", ...more] = excerptOf(span).split(text);
    return more.length === 0 && (/!\s*$/.test(before) || /^\s*[!=]=\s*(NULL|nullptr|0)\b/.test(after) || (/\bif\s*\($/.test(before) && after.startsWith(")")));
  });
}

function isMemory({ holds, mode }: NativeEffect): boolean {
  return mode === "free" || holds === "pointer" || holds === "object";
}

function weightOf(effect: NativeEffect): number {
  return (isMemory(effect) ? 2 : 0) + (effect.mode === "read" ? 0 : 1);
}

function confidenceOf(worst: NativeEffect, touched: readonly NativeEffect[], onlyPicks: boolean): Confidence {
  if (onlyPicks) return "low";
  return isMemory(worst) || touched.some(({ mode }) => mode !== "read") ? "high" : "medium";
}

function wayTo({ calls, span }: NativeEffect): string {
  return calls.length === 0 ? "" : ` (at ${span.file}:${span.line}, ${calls.length} ${calls.length === 1 ? "call" : "calls"} down)`;
}

/** A slot for either operand that only picks the function for the one that is ours: the work, and the lock, belong there. */
function isDispatcher(fn: NativeFunction, touched: readonly NativeEffect[]): boolean {
  if (!fn.entries.every(({ kind, name }) => kind === "slot" && name.startsWith("nb_") && takesTwoObjects(name))) return false;
  const first = new Set(touched.map(({ calls }) => (calls[0] ? `${calls[0].file}:${calls[0].line}:${calls[0].column}` : "own")));
  if (first.has("own")) return false;
  const handed = fn.events.filter(
    (event) => event.kind === "call" && event.targets.length > 0 && first.has(`${event.span.file}:${event.span.line}:${event.span.column}`),
  );
  return handed.every((event) => fn.events.some((later) => later.order > event.order && later.order <= event.order + 1 && later.kind === "return"));
}
