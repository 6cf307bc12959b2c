// A witness as a user names it: the one-line string or a file. Enters: an argument. Leaves: the witness, checked against a subject.
import { decodeWitness } from "../confirmations/index.ts";
import { UserError } from "../vocabulary/index.ts";
import type { Subject, Witness } from "../vocabulary/index.ts";
import { readWitnessText } from "./witness-argument.ts";

/** Without them Python would import whatever copy the interpreter has installed, and the answer would be about that one. */
export function requireSameModules(witness: Witness, subject: Subject): void {
  const missing = witness.instrument.filter((name) => !subject.topLevelModules.includes(name));
  if (missing.length === 0) return;
  throw new UserError(
    `${subject.specification} does not contain ${missing.join(", ")}, which the witness is about`,
    `Replay it against ${witness.subject} or another revision of it.`,
  );
}

/** @throws UserError when it cannot be read or is no witness */
export async function readWitness(text: string): Promise<Witness> {
  return decodeWitness(await readWitnessText(text));
}
