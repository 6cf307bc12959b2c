// The folder is the verdict, on every kind of runtime there is here.
import { describe, expect, it } from "vitest";
import { confirmProgram, listPrograms, selectTestRuntimes } from "./litmus.ts";

const runtimes = await selectTestRuntimes();

describe.each(runtimes.map((runtime) => [runtime.id, runtime] as const))("litmus programs on %s", (_, runtime) => {
  it.each(listPrograms("racy"))("%s is racy", async (name) => {
    const { verdict, reason, witness, runtimes: rows } = await confirmProgram("racy", name, runtime);
    expect([verdict, reason]).toEqual(["confirmed", expect.any(String)]);
    expect(witness?.preemptions).toBe(1);
    expect(rows.map(({ failing, repeats, reached }) => ({ failing, repeats, reached }))).toEqual([{ failing: 40, repeats: 40, reached: 40 }]);
  });

  it.each(listPrograms("safe"))("%s is safe", async (name) => {
    const { verdict, reason, rungs, uncontrolled } = await confirmProgram("safe", name, runtime);
    expect([verdict, reason]).toEqual(["clean-within-bound", expect.any(String)]);
    expect(rungs.filter(({ search }) => search === undefined).map(({ bound, exhausted }) => [bound, exhausted])).toEqual([
      [0, true],
      [1, true],
      [2, true],
    ]);
    expect(uncontrolled).toEqual([]);
  });
});
