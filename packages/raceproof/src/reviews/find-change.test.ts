// The search against what looking at every revision gives.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findChange, type RevisionState } from "./find-change.ts";

async function search(states: readonly RevisionState[]): Promise<{ change: Awaited<ReturnType<typeof findChange>>; judged: number[] }> {
  const judged: number[] = [];
  const judge = async (index: number): Promise<RevisionState> => {
    judged.push(index);
    return states[index] ?? "unknown";
  };
  return { change: await findChange(states.length, judge), judged };
}

describe("looking for the revision that changed it", () => {
  it("finds the only change in a few steps", async () => {
    const states = Array.from({ length: 1000 }, (_, index): RevisionState => (index < 637 ? "clean" : "racy"));
    const { change, judged } = await search(states);
    expect(change).toEqual({ kind: "changed", before: 636, after: 637 });
    expect(judged.length).toBeLessThanOrEqual(12);
  });

  it("skips what cannot be judged and says how far it came", async () => {
    expect((await search(["racy", "racy", "unknown", "unknown", "clean"])).change).toEqual({ kind: "changed", before: 1, after: 4 });
  });

  it("finds where judging begins", async () => {
    expect((await search(["unknown", "unknown", "racy", "racy"])).change).toEqual({ kind: "changed", before: 1, after: 2 });
  });

  it("names no revision when both ends are the same", async () => {
    expect((await search(["racy", "clean", "racy"])).change).toEqual({ kind: "unchanged", state: "racy" });
    expect((await search(["unknown"])).change).toEqual({ kind: "unchanged", state: "unknown" });
  });

  it("ends with two revisions that differ, only unknown ones between them, none judged twice", async () => {
    const state = fc.constantFrom<RevisionState>("racy", "clean", "unknown");
    await fc.assert(
      fc.asyncProperty(fc.array(state, { minLength: 1, maxLength: 40 }), async (states) => {
        const { change, judged } = await search(states);
        expect(new Set(judged).size).toBe(judged.length);
        const ends = [states[0], states.at(-1)];
        const between = change.kind === "changed" ? states.slice(change.before + 1, change.after) : [];
        const isTrue =
          change.kind === "unchanged"
            ? ends.every((each) => each === change.state)
            : states[change.before] !== states[change.after] && (!ends.includes("unknown") || between.length === 0);
        expect(isTrue && between.every((each) => each === "unknown")).toBe(true);
      }),
    );
  });
});
