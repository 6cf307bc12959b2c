// What a renderer needs besides the report: how to write a witness as one line. Encoding belongs to the confirmations room.
import type { Witness } from "../vocabulary/index.ts";

export interface WitnessEncoding {
  /** Writes a witness as the one-line string that `raceproof replay` reads. */
  readonly encodeWitness: (witness: Witness) => string;
}
