// A state of the instance and calls in, driver texts out: one operation for each call.
import type { CallRecipe, DriverText, EntryCall, SharedObject } from "../../vocabulary/index.ts";
import { renderDriver } from "../drivers/synthesis/render-driver.ts";

/** How the shared instance is made and what is done to it before threads begin. */
export interface InstanceState {
  readonly description: string;
  readonly instance: readonly SharedObject[];
  readonly prefix: readonly EntryCall[];
}

export function driverOf(name: string, state: InstanceState, calls: readonly EntryCall[]): DriverText {
  return renderDriver(name, {
    rationale: `${name} on ${state.description}`,
    shared: mergeObjects(
      [...calls, ...state.prefix].flatMap(({ needs }) => needs),
      state.instance,
    ),
    prefix: state.prefix.map(({ call }) => call),
    operations: calls.map(({ call }): readonly CallRecipe[] => [call]),
    through: "public",
  });
}

/** The instance's own objects win over what a call brings along under the same name. */
function mergeObjects(needs: readonly SharedObject[], instance: readonly SharedObject[]): SharedObject[] {
  const found = new Map([...instance, ...needs].map((object) => [object.name, object]));
  for (const object of instance) found.set(object.name, object);
  return [...found.values()];
}
