// What evaluation asked of the rest of the program: enough to tell later whether the answers would still be the same.
// What enters: nothing. What leaves: the record that the evaluator fills.

export class Consultation {
  /** Names of modules looked into or looked for. */
  readonly modules: Set<string> = new Set();
  /** Attribute names whose only class was asked for. */
  readonly attributes: Set<string> = new Set();
  /** Keys of functions of whose parameters it was asked what calls pass. */
  readonly parameters: Set<string> = new Set();
}
