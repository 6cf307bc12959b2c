// Replays every witness of a run on one more runtime, in one process for all of one model. Enters: confirmations. Leaves: a row per hazard.
import type { Confirmation, Runtime, RuntimeRow, Witness } from "../vocabulary/index.ts";
import type { ConfirmationOptions } from "./confirmation-options.ts";
import { replayInSession, type WitnessReplay } from "./replay-witness.ts";
import { type LaunchAgent, Session } from "./session.ts";
import { SessionsByModel } from "./sessions-by-model.ts";

export interface ReplayPlace {
  readonly options: ConfirmationOptions;
  readonly runtime: Runtime;
  readonly launch: LaunchAgent;
}

/** By hazard id; hazards without a witness have no row. Hazards that share a witness share its replay. */
export async function replayElsewhere(
  confirmations: ReadonlyMap<string, Confirmation>,
  { options, runtime, launch }: ReplayPlace,
): Promise<ReadonlyMap<string, RuntimeRow>> {
  const byWitness = new Map<Witness, RuntimeRow>();
  const rows = new Map<string, RuntimeRow>();
  const sessions = new SessionsByModel((model) => new Session(options.subject, runtime, { launch, model }));
  const isStopped = (): boolean => options.signal?.aborted === true;
  try {
    for (const [id, { witness }] of confirmations) {
      if (witness === undefined || isStopped()) continue;
      const row = byWitness.get(witness) ?? rowOf(runtime, witness, await replayInSession(sessions.for(witness), witness, options.budget.replays));
      if (isStopped()) break;
      byWitness.set(witness, row);
      rows.set(id, row);
    }
  } finally {
    await sessions.dispose();
  }
  return rows;
}

function rowOf(runtime: Runtime, witness: Witness, { verdict, reproduced, reached, times, reason }: WitnessReplay): RuntimeRow {
  const signal = witness.failure.kind === "crash" && reproduced > 0 ? { signal: witness.failure.summary } : {};
  return { runtime: runtime.id, failing: reproduced, repeats: times, reached, ...(verdict === "reproduced" ? {} : { note: reason }), ...signal };
}
