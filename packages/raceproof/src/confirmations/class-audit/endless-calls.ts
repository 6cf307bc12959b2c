// Calls measured alone in, those that do not end out, each with a program that shows it. Not races: one thread is enough.
// Misses: calls that wait for ever without passing switch points. Leaves out what threads of the class
// run, and what goes on by its name: loops, servers, watchers.
import type { EndlessCall } from "../../vocabulary/index.ts";
import type { Measured } from "./choose-operations.ts";
import { driverOf, type InstanceState } from "./class-drivers.ts";

const goesOnByName = /run|serve|forever|loop|listen|watch|poll|follow|wait|main|work|consume/i;

export function endlessCalls(measured: readonly Measured[], state: InstanceState): EndlessCall[] {
  const endless = measured.filter(({ footprint, form }) => footprint.ending === "hang" && !form.ownThread && !goesOnByName.test(form.method));
  const found = endless.map(({ call, footprint }): EndlessCall => {
    const { source } = driverOf("one thread", state, [call]);
    const operation = /^def operation_a\(state\):\n\s*(?:return )?(.*)$/m.exec(source)?.[1] ?? "";
    return {
      call: operation.replaceAll("state.", ""),
      detail: `did not end by itself within ${footprint.steps} accesses of shared objects`,
      reproducer: `${source}\n\nif __name__ == "__main__":\n    operation_a(setup())\n`,
    };
  });
  return [...new Map(found.map((each) => [each.call, each])).values()];
}
