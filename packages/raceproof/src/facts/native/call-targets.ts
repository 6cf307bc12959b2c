// What a call runs of the program's own code: the functions it names, and the slots of its own types that an API call leads to.
// What enters: a call with its values. What leaves: the functions run, the value, what it sets off; their effects are added to the caller's.
import { slotDispatch } from "../../models/index.ts";
import type { CallEffect } from "../../models/index.ts";
import { isKnownOrigin } from "../../vocabulary/index.ts";
import type { NativeOrigin } from "../../vocabulary/index.ts";
import type { PlaceOfEvent } from "./body.ts";
import { effectsAtCall, originAtCall, targetAtCall, worseEffect } from "./summaries.ts";
import type { CallSite, NativeSummary } from "./summaries.ts";
import { noValue } from "./values.ts";
import type { NativeValue } from "./values.ts";
import type { WalkContext } from "./walk-context.ts";

export interface TargetCall {
  readonly name: string;
  readonly targets: readonly number[];
  readonly values: readonly NativeValue[];
  readonly place: PlaceOfEvent;
  /** Order the call's event will have. */
  readonly order: number;
}

export interface TargetRun {
  readonly targets: readonly number[];
  readonly value: NativeValue;
  readonly effect: CallEffect;
}

export function runTargets(walk: WalkContext, call: TargetCall): TargetRun {
  if (call.targets.length > 0) return runAll(walk, call, call.targets);
  const dispatch = slotDispatch.get(call.name);
  const struct = call.values[0]?.object;
  if (dispatch === undefined || struct === undefined) return { targets: [], value: noValue, effect: "none" };
  const targets = dispatch.slots.flatMap((slot) => walk.slotsOf(struct, slot));
  const run = runAll(walk, call, targets);
  const iterator = run.value.object;
  if (!dispatch.iterates || iterator === undefined || call.name === "PyObject_GetIter") return run;
  const steps = runAll(walk, { ...call, values: [run.value] }, walk.slotsOf(iterator, "tp_iternext"));
  return { targets: [...run.targets, ...steps.targets], value: noValue, effect: worseEffect(run.effect, steps.effect) };
}

function runAll(walk: WalkContext, call: TargetCall, targets: readonly number[]): TargetRun {
  const { body } = walk;
  const site: CallSite = {
    arguments: call.values.map(({ origin }) => origin),
    loadedFrom: call.values.map(({ loadedFrom }) => loadedFrom),
    held: body.held,
    span: call.place.span,
    resolve: (origin) => body.environment.resolve(origin),
  };
  let value = noValue;
  let effect: CallEffect = "none";
  for (const target of new Set(targets)) {
    const summary = walk.summaryOf(target);
    for (const each of effectsAtCall(summary.effects, site)) body.effects.push(body.debug > 0 ? { ...each, debugOnly: true } : each);
    for (const { target: place, value: stored, object } of summary.stores) {
      body.store(targetAtCall(place, site), { ...noValue, origin: originAtCall(stored, site), object });
    }
    const returned = returnedValue(walk, summary, { site, order: call.order });
    if (!isKnownOrigin(value.origin)) value = returned;
    effect = worseEffect(effect, summary.effect);
  }
  return { targets, value, effect };
}

function returnedValue(walk: WalkContext, summary: NativeSummary, { site, order }: { readonly site: CallSite; readonly order: number }): NativeValue {
  const { made } = summary;
  if (made !== undefined) {
    const origin: NativeOrigin = { root: { kind: "fresh", call: order }, path: [], interior: false, ownerDepth: made.struct === undefined ? -1 : 0 };
    for (const { path, value } of made.fields) {
      walk.body.environment.store({ ...origin, path }, { ...noValue, origin: originAtCall(value, site) }, order);
    }
    return { ...noValue, origin, object: made.struct, type: summary.type };
  }
  const known = summary.returned.map((origin) => originAtCall(origin, site)).find(isKnownOrigin);
  return { ...noValue, type: summary.type, origin: known ?? noValue.origin };
}
