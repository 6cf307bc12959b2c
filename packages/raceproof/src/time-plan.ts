// The seconds of a run, shared out: exploring first, then replays elsewhere, models, real threads. Enters: what is wanted and a person's wish
// to stop. Leaves: until when to explore, and a signal that ends everything.
import type { ConfirmRequest } from "./confirm-request.ts";

export interface TimePlan {
  /** Of the clock `performance.now()`. */
  readonly searchUntil: number;
  readonly modelSeconds: number;
  readonly stressSeconds: number;
  /** Its reason is the word that reports use. */
  readonly signal: AbortSignal;
  /** Nothing is waited for any more. */
  readonly close: () => void;
}

const ELSEWHERE_SHARE = 0.08;
const MODEL_SHARE = 0.08;
const MOST_OF_IT_FOR_STRESS = 0.3;

/** `began`: when the run began, not when exploring does. */
export function planTime(
  { secondsInAll, stressSeconds = 0, signal }: ConfirmRequest,
  began: number,
  asked: { readonly elsewhere: boolean; readonly models: boolean },
): TimePlan {
  const stress = Math.min(stressSeconds, secondsInAll * MOST_OF_IT_FOR_STRESS);
  const models = asked.models ? secondsInAll * MODEL_SHARE : 0;
  const searchSeconds = secondsInAll * (1 - (asked.elsewhere ? ELSEWHERE_SHARE : 0)) - models - stress;
  const over = new AbortController();
  const onAbort = (): void => over.abort("interrupted");
  signal?.addEventListener("abort", onAbort);
  if (signal?.aborted === true) onAbort();
  const timer = setTimeout(() => over.abort("budget"), began + secondsInAll * 1000 - performance.now());
  return {
    searchUntil: began + searchSeconds * 1000,
    modelSeconds: models,
    stressSeconds: stress,
    signal: over.signal,
    close: () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
    },
  };
}

/** "about 2 min left": as long as the others took, but never beyond the end. */
export function estimateLeft({ began, done, left, until }: { began: number; done: number; left: number; until: number }): string {
  const now = performance.now();
  const milliseconds = Math.max(0, Math.min(done === 0 ? Number.POSITIVE_INFINITY : ((now - began) / done) * left, until - now));
  const seconds = Math.ceil(milliseconds / 1000);
  return seconds < 100 ? `about ${seconds} s left` : `about ${Math.ceil(seconds / 60)} min left`;
}
