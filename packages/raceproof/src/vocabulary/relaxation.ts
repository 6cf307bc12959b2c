// Outcomes that a project calls benign although no serial order gives them: declared in a driver or in the settings, never assumed.

/**
 * element-order: the same results and state as in a serial order, but elements in another order or objects numbered otherwise.
 * change-during-iteration: a RuntimeError because a container changed while it was walked, and all else as in a serial order.
 */
export const relaxations = ["element-order", "change-during-iteration"] as const;

export type Relaxation = (typeof relaxations)[number];

export interface RelaxedOutcomes {
  readonly relaxation: Relaxation;
  /** Different ones. */
  readonly outcomes: number;
}

/** "3 outcomes were benign as declared (element-order: 2, change-during-iteration: 1)"; empty for none. */
export function describeRelaxed(relaxed: readonly RelaxedOutcomes[]): string {
  const sum = relaxed.reduce((total, { outcomes }) => total + outcomes, 0);
  if (sum === 0) return "";
  const each = relaxed.map(({ relaxation, outcomes }) => `${relaxation}: ${outcomes}`).join(", ");
  return `${sum} ${sum === 1 ? "outcome was" : "outcomes were"} benign as declared (${each})`;
}
