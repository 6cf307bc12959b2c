// The interval that a number of failing repeats allows for the true rate. Enters: counts. Leaves: two rates from 0 to 1.
// Source: E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", JASA 22, 1927.

/** 95 %: the normal quantile of 0.975. */
const QUANTILE = 1.96;

/** Undefined without repeats: nothing is known then. */
export function wilsonInterval(failing: number, repeats: number): readonly [from: number, to: number] | undefined {
  if (repeats <= 0) return undefined;
  const rate = failing / repeats;
  const square = QUANTILE * QUANTILE;
  const center = rate + square / (2 * repeats);
  const spread = QUANTILE * Math.sqrt((rate * (1 - rate)) / repeats + square / (4 * repeats * repeats));
  const scale = 1 + square / repeats;
  return [Math.max(0, (center - spread) / scale), Math.min(1, (center + spread) / scale)];
}
