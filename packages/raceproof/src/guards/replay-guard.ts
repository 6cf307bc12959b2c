// A witness in, a pytest file out that fails whenever its race is there. It needs the plugin pytest-raceproof and no Node.
// Misses: whatever the agent cannot control; such a guard says so and fails, it never passes.
import type { Witness } from "../vocabulary/index.ts";
import { pythonLiteral, pythonText } from "./python-literal.ts";

export interface ReplayGuard {
  /** Name of the file: test_race_<driver>.py. */
  readonly name: string;
  readonly text: string;
}

export function renderReplayGuard(witness: Witness): ReplayGuard {
  const word = wordOf(witness.driver.name);
  const name = `test_race_${word}.py`;
  const text = `# A race that was proved once must not come back. Written by \`raceproof guard\`; needs the plugin pytest-raceproof (docs/guards.md)
# Subject when it was recorded: ${oneLine(witness.subject)}, on ${oneLine(witness.runtime)}. The plan is replayed, then its neighborhood is explored:
# every schedule with one preemption at the places where the threads meet, and 200 random ones, the same ones every time.

FAILURE = ${pythonLiteral(witness.failure.summary)}
INSTRUMENT = ${pythonLiteral(witness.instrument)}

DRIVER = ${pythonText(witness.driver.source)}

PLAN = ${pythonLiteral(witness.plan)}


def test_race_${word}(raceproof):
    raceproof.guard(driver=DRIVER, instrument=INSTRUMENT, plan=PLAN, failure=FAILURE)
`;
  return { name, text };
}

/** For a comment. */
export function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ");
}

/** Something that can be a part of a Python name. */
export function wordOf(name: string): string {
  const word = name
    .replace(/\.py$/, "")
    .replaceAll(/[^A-Za-z0-9]+/g, "_")
    .replaceAll(/^_+|_+$/g, "")
    .toLowerCase();
  return word === "" ? "witness" : word;
}
