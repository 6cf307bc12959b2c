// A workload of real threads in, a pytest file out that runs it for a bounded time. Probabilistic: it may pass although the race is there, and says
// so with the rate at which it failed when it was written. It needs the plugin pytest-raceproof and no Node.
import { type CatchRate, type ParallelWorkload, wilsonInterval } from "../vocabulary/index.ts";
import { pythonLiteral, pythonText } from "./python-literal.ts";
import type { ReplayGuard } from "./replay-guard.ts";
import { oneLine, wordOf } from "./replay-guard.ts";

/** How long a guard that sees nothing takes: so many processes of so many seconds of rounds, and their starts. */
const LIMITS = { processes: 5, seconds: 1 };

export interface ParallelGuardRequest {
  readonly workload: ParallelWorkload;
  readonly subject: string;
  /** The GIL is switched off, also for modules that ask for it; interpreters that always have one skip the test. */
  readonly withoutGil: boolean;
  /** Absent while it is being measured. */
  readonly rate?: CatchRate;
}

export function renderParallelGuard({ workload, subject, withoutGil, rate }: ParallelGuardRequest): ReplayGuard {
  const word = wordOf(workload.driver.name).slice(0, MOST_LETTERS);
  const caught = rate === undefined ? [0, 0] : [rate.race.failing, rate.race.runs];
  const text = `# A race in compiled code that was shown once must not come back. Written by \`raceproof guard\`; needs the plugin pytest-raceproof (docs/guards.md)
# PROBABILISTIC: real threads, nothing is controlled. When it passes, the race was not seen; it may be there.
# Subject when it was recorded: ${oneLine(subject)}.${rate === undefined ? "" : `\n${describeRate(rate)}`}

FAILURE = ${pythonLiteral(workload.failure)}
PARALLEL = ${pythonLiteral({ ...LIMITS, without_gil: withoutGil })}
CAUGHT = (${caught.join(", ")})  # runs of this guard on the unfixed code that failed, of all

DRIVER = ${pythonText(workload.driver.source)}


def test_parallel_${word}(raceproof_parallel):
    raceproof_parallel(driver=DRIVER, failure=FAILURE, caught=CAUGHT, **PARALLEL)
`;
  return { name: `test_parallel_${word}.py`, text };
}

/** Of a name in Python: drivers are called after the calls they make. */
const MOST_LETTERS = 60;

function describeRate({ runtime, race, control }: CatchRate): string {
  const [low, high] = (wilsonInterval(race.failing, race.runs) ?? [0, 1]).map((share) => Math.round(share * 100));
  return `# Catch rate when it was written (${oneLine(runtime)}): ${race.failing} of ${race.runs} runs on that code failed (95 % interval, Wilson: ${low}-${high} %${race.hung === 0 ? "" : `; ${race.hung} of them hung`}),
# and ${control.failing} of ${control.runs} with a lock around every call. On another interpreter, machine or build it is another.`;
}
