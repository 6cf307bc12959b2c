// A search goes round a table until it meets a slot of a kind; nothing counts the rounds, and no lock keeps others from changing the table meanwhile.
// Misses: searches whose index does not wrap by a mask or a remainder. Over-reports: tables that never get full.
import type { Hazard, NativeEffect, NativeFunction, NativeLoop, NativeProgram, NativeRule, RuleMetadata } from "../../../vocabulary/index.ts";
import { contains } from "../event-order.ts";
import { accessOfEffect, draftNativeHazard } from "../native-hazard.ts";
import { isProtected, isReachableByOthers, nativeIndexOf } from "../native-index.ts";

const metadata: RuleMetadata = {
  id: "c/unbounded-probe-loop",
  title: "Search without an end",
  severity: "deadlock",
  consequence: "Another thread fills or frees the table: the search goes round for ever, at full load, and with the GIL's users waiting for it.",
  sources: ["an extension in C: open addressing without a lock hangs under stress", "Knuth, TAOCP 3, 6.4: open addressing needs one empty slot"],
  since: "0.2.0",
  fixes: [
    { title: "Lock the table around the search", cost: "low", detail: "The object's critical section, with nothing inside that suspends it." },
    { title: "Count the rounds", cost: "low", detail: "At most as many as the table has slots, then report an error." },
  ],
};

function find(program: NativeProgram): Hazard[] {
  const { ordinary, reached } = nativeIndexOf(program);
  const searching = program.functions.flatMap((fn) =>
    fn.generated || !reached.has(fn.id) ? [] : fn.loops.filter((loop) => goesRound(program, fn, loop)).map((loop) => ({ fn, loop })),
  );
  if (searching.length === 0) return [];
  const reads = ordinary.flatMap(({ effects }) => effects.filter(({ base, debugOnly }) => !debugOnly && isReachableByOthers(base)));
  return searching.flatMap(({ fn, loop }) => {
    const isSeen = looksAt(program, fn, loop);
    const open = reads.find((effect) => isSeen(effect) && !isProtected(effect));
    return open === undefined ? [] : [report(program, { fn, loop, effect: open })];
  });
}

const wraps = /(?:&=?|%=?)\s*\(?\s*\w*(?:mask|size|slots|capacity|nbuckets|log2)\w*|\w*mask\w*\s*&/i;
/** A bound: something is counted up or down to a limit, or one pointer runs to another. */
const counts = /<|>(?!=?\s*-?[01]\b)|--|\+\+/;

/** Its condition compares what was found with markers, its index wraps, and nothing in it leaves after so many rounds. */
function goesRound(program: NativeProgram, fn: NativeFunction, loop: NativeLoop): boolean {
  const test = loop.test.replaceAll("->", ".");
  if (test === "" || counts.test(test) || !/[!=]=|>=?\s*-?[01]\b/.test(test)) return false;
  const inside = fn.events.filter((event) => contains(loop, event));
  const lines = new Set(inside.map(({ span }) => span.line));
  const index = inside.some((event) => event.kind === "assignment" && wraps.test(program.excerptOf(event.span)));
  const leaves = inside.some(({ kind }) => kind === "break" || kind === "return" || kind === "goto");
  return lines.size > 0 && index && !leaves && inside.some(({ kind }) => kind === "access" || kind === "call");
}

/** What the loop looks at, itself or by a call. An effect is told once per function, so where exactly it happens does not count. */
function looksAt({ functions }: NativeProgram, fn: NativeFunction, loop: NativeLoop): (effect: NativeEffect) => boolean {
  const inside = fn.events.filter((event) => contains(loop, event));
  const called = new Set(inside.flatMap((event) => (event.kind === "call" ? event.targets : [])));
  const places = new Set(inside.flatMap((event) => (event.kind === "access" ? [event.location] : [])));
  for (const target of called) for (const { location } of functions[target]?.effects ?? []) places.add(location);
  return ({ location, function: within }) => places.has(location) && (within === fn.id || called.has(within));
}

function report(
  program: NativeProgram,
  { fn, loop, effect }: { readonly fn: NativeFunction; readonly loop: NativeLoop; readonly effect: NativeEffect },
): Hazard {
  return draftNativeHazard(program, metadata, {
    fn,
    span: loop.span,
    location: effect.location,
    accesses: [accessOfEffect(program, effect)],
    confidence: "medium",
    evidence: [`it ends when ${loop.test} is false`, "its index wraps around and nothing counts the rounds", "entry points reach it without a section or lock"],
    message: `${fn.name} searches ${effect.location} until it meets what it looks for: another thread may take that away`,
  });
}

export const rule: NativeRule = { metadata, find };
