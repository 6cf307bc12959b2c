// What a project declares about itself, whichever file it is written in. Enters and leaves: nothing, a type only.

export interface ProjectMetadata {
  readonly name: string | undefined;
  readonly version: string | undefined;
  readonly requiresPython: string | undefined;
  /** PEP 508 strings of run-time requirements; those that belong to an extra are left out. */
  readonly requirements: readonly string[];
}
