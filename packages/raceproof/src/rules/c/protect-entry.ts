// The body into a function of its own, called under the section of the one or two objects it touches; or a helper's, where only that can name them.
import type { FixAnswer, FixSource, Hazard, NativeEffect, NativeFunction, NativeProgram } from "../../vocabulary/index.ts";
import { isOrdinary, nativeIndexOf } from "./native-index.ts";
import type { NativeIndex } from "./native-index.ts";
import { protectTouched } from "./protect-touched.ts";
import type { TouchingFunction } from "./protect-touched.ts";
import { isOwn, isSuspect } from "./touched-memory.ts";

/** What a rule about entry points proposes. */
export function protectEntry(hazard: Hazard, program: NativeProgram, source: FixSource): FixAnswer {
  const fn = program.functions.find(({ name, span }) => name === hazard.function && span.file === hazard.span.file && span.line === hazard.span.line);
  if (fn === undefined) return { kind: "refusal", reason: "it is only there in another build" };
  const index = nativeIndexOf(program);
  const touched = fn.effects.filter((effect) => isSuspect(index, effect));
  const through = entryBehind(program, index, { fn, touched });
  return through === undefined ? protectTouched(program, { fn, touched }, source) : { kind: "follows", from: through.name };
}

/** The one entry point through which all of it is touched: the lock belongs there. */
function entryBehind(program: NativeProgram, index: NativeIndex, { fn, touched }: TouchingFunction): NativeFunction | undefined {
  const targets = touched.map((effect) => targetsOf(program, fn, effect).find((target) => target !== fn && isReported(index, target)));
  return targets.includes(undefined) ? undefined : targets[0];
}

function targetsOf(program: NativeProgram, { events }: NativeFunction, { calls: [span] }: NativeEffect): NativeFunction[] {
  const call = events.find((event) => event.kind === "call" && span !== undefined && event.span.line === span.line && event.span.column === span.column);
  return call?.kind === "call" ? call.targets.flatMap((id) => program.functions[id] ?? []) : [];
}

function isReported(index: NativeIndex, fn: NativeFunction): boolean {
  return isOrdinary(fn, true) && fn.effects.some((effect) => isSuspect(index, effect) && isOwn(fn, effect));
}
