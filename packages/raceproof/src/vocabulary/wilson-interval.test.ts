// Intervals of known counts, and no interval for none.
import { describe, expect, it } from "vitest";
import { wilsonInterval } from "./wilson-interval.ts";

describe("wilsonInterval", () => {
  // Source of the figures: Brown, Cai, DasGupta, "Interval Estimation for a Binomial Proportion", 2001, formula (4).
  it.each([
    [0, 20, 0, 0.161],
    [20, 20, 0.839, 1],
    [10, 20, 0.299, 0.701],
    [1, 4, 0.046, 0.699],
  ])("%i of %i", (failing, repeats, from, to) => {
    const interval = wilsonInterval(failing, repeats);
    expect(interval?.[0]).toBeCloseTo(from, 3);
    expect(interval?.[1]).toBeCloseTo(to, 3);
  });

  it("says nothing without repeats", () => {
    expect(wilsonInterval(0, 0)).toBeUndefined();
  });
});
