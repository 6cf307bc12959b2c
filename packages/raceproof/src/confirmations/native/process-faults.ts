// What one process of a stress test showed. Enters: how it ended, with all it printed, and what is the subject's own. Leaves: its distinct faults.
// Data races of which no side is the subject's, or of which one side was not kept, are left out: nothing could be said of them.
import type { ProcessEnd } from "../runtimes/run-disposable-process.ts";
import type { OwnCode } from "./extension-facts.ts";
import { type Fault, pairKey, pairOf } from "./fold-faults.ts";
import { readNativeFaults } from "./sanitizer-report.ts";

/** None when the process ended as it should, or was ended from outside. */
export function faultsOf(end: Pick<ProcessEnd, "stderr" | "signal" | "isKilled">, own: OwnCode): Fault[] {
  const told = readNativeFaults(end.stderr);
  if (told.length === 0 && end.signal !== null && !end.isKilled) {
    return [pairOf({ kind: end.signal, access: undefined, use: [], other: [] }, own)];
  }
  const pairs = told.flatMap((fault) => (fault.kind === dataRace && fault.other.length === 0 ? [] : [pairOf(fault, own)]));
  return [...new Map(pairs.filter(isOfSubject).map((pair) => [pairKey(pair), pair])).values()];
}

const dataRace = "data race";

function isOfSubject({ kind, use, other }: Fault): boolean {
  return kind !== dataRace || use !== undefined || other !== undefined;
}
