// Exit codes: a public promise (docs/exit-codes.md).

export const ExitCode = {
  /** Nothing at or above `--fail-on`. */
  clean: 0,
  /** At least one finding at or above `--fail-on`. */
  findings: 1,
  /** Wrong usage, or something the user must solve first, or an internal error. */
  usage: 2,
  /** No findings, but files could not be read or parsed: a zero that means little. */
  incomplete: 3,
  /** A person stopped it: what was found until then is reported. As shells have it, 128 + SIGINT. */
  interrupted: 130,
} as const;
