// An error that is the user's to solve: what happened, where, what to do. Doors print it in one line and exit with 2.

export class UserError extends Error {
  override readonly name: string = "UserError";
  /** What to do about it, one sentence. */
  readonly advice: string;

  constructor(message: string, advice: string) {
    super(message);
    this.advice = advice;
  }
}
