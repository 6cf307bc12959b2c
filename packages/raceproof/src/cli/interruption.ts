// Ctrl-C in, a wish to stop out: once something is being explored the first one leads to a report of what was found, the second one
// ends the program at once. What it started ends with it (confirmations/runtimes).
import { ExitCode } from "./exit-codes.ts";

export interface Interruption {
  readonly signal: AbortSignal;
  /** Before this there is nothing to report. */
  readonly onExploring: () => void;
  /** Ctrl-C is nobody's business here any more. */
  readonly end: () => void;
}

export function attendInterruption(): Interruption {
  const wish = new AbortController();
  let isExploring = false;
  const onSignal = (): void => {
    if (!isExploring || wish.signal.aborted) {
      process.stderr.write("\nraceproof: interrupted.\n");
      process.exit(ExitCode.interrupted);
    }
    process.stderr.write("\nraceproof: interrupted; reporting what was found so far. Once more ends it at once.\n");
    wish.abort();
  };
  process.on("SIGINT", onSignal);
  return {
    signal: wish.signal,
    onExploring: () => {
      isExploring = true;
    },
    end: () => void process.off("SIGINT", onSignal),
  };
}
