// Replays every witness of a run on one more runtime, in one process for all. Enters: confirmations. Leaves: the same with a row more.
import type { Confirmation, Runtime, RuntimeRow, Witness } from "../vocabulary/index.ts";
import type { ConfirmationOptions } from "./confirmation-options.ts";
import { replayInSession, type WitnessReplay } from "./replay-witness.ts";
import { type LaunchAgent, Session } from "./session.ts";

export async function replayElsewhere(confirmations: Map<string, Confirmation>, { subject, budget, signal }: ConfirmationOptions, runtime: Runtime, launch: LaunchAgent): Promise<void> {
  const rows = new Map<Witness, RuntimeRow>();
  const session = new Session(subject, runtime, { launch });
  try {
    for (const [id, confirmation] of confirmations) {
      const { witness } = confirmation;
      if (witness === undefined || signal?.aborted === true) continue;
      const row = rows.get(witness) ?? rowOf(runtime, witness, await replayInSession(session, witness, budget.replays));
      rows.set(witness, row);
      confirmations.set(id, { ...confirmation, runtimes: [...confirmation.runtimes, row] });
    }
  } finally {
    await session.dispose();
  }
}

function rowOf(runtime: Runtime, witness: Witness, { verdict, reproduced, reached, times, reason }: WitnessReplay): RuntimeRow {
  const signal = witness.failure.kind === "crash" && reproduced > 0 ? { signal: witness.failure.summary } : {};
  return { runtime: runtime.id, failing: reproduced, repeats: times, reached, ...(verdict === "reproduced" ? {} : { note: reason }), ...signal };
}
