// What a built extension did under a sanitizer, as rows of a report. Enters: faults. Leaves: texts of one row each, for any format.
import { wilsonInterval } from "../vocabulary/index.ts";
import type { NativeFault } from "../vocabulary/index.ts";

export interface FaultRow {
  /** "heap-use-after-free reading at a.c:12 in f, freed at a.c:40 in g" */
  readonly fault: string;
  /** "3 of 5 processes (95 %: 23–88 %), cpython-3.13.5t" */
  readonly seen: string;
  /** Hazards it shows, shortest first few. */
  readonly hazards: string;
}

const MOST_HAZARDS = 4;

export function faultRow({ summary, failing, repeats, runtime, threads, hazards }: NativeFault): FaultRow {
  const interval = (wilsonInterval(failing, repeats) ?? [0, 1]).map((rate) => (100 * rate).toFixed(0)).join("–");
  const rate = threads === "one" ? "with one thread" : `${failing} of ${repeats} processes (95 %: ${interval} %)`;
  const named = hazards.slice(0, MOST_HAZARDS).join(", ");
  const more = hazards.length > MOST_HAZARDS ? ` and ${hazards.length - MOST_HAZARDS} more` : "";
  return { fault: summary, seen: `${rate}, ${runtime}`, hazards: hazards.length === 0 ? "none: the audit missed it" : `${named}${more}` };
}

/** "12 distinct faults of the extension, 11 of them shown by hazards" */
export function tallyFaults(faults: readonly NativeFault[]): string {
  const matched = faults.filter(({ hazards }) => hazards.length > 0).length;
  return `${faults.length} distinct ${faults.length === 1 ? "fault" : "faults"} of the extension, ${matched} of them said by hazards`;
}
