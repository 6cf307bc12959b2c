// One driver without a hazard: whatever fails within the bound. Enters: a driver. Leaves: a confirmation.
import type { Confirmation, DriverText } from "../vocabulary/index.ts";
import { AgentFailure, describeAgentFailure } from "./agent-failure.ts";
import type { ConfirmationOptions } from "./confirmation-options.ts";
import { HazardAccount } from "./hazard-account.ts";
import { launchAgent } from "./runtimes/launch-agent.ts";
import type { LaunchAgent } from "./session.ts";
import { type FoundFailure, Workbench } from "./workbench.ts";

/** For drivers written by people. Clean within the bound when every schedule was played and none failed. */
export async function confirmDriver(driver: DriverText, options: ConfirmationOptions, launch: LaunchAgent = launchAgent): Promise<Confirmation> {
  const bench = new Workbench({ options, launch }, new Map());
  try {
    return await confirmDriverOn(driver, bench);
  } finally {
    await bench.dispose();
  }
}

/** The same on a bench that other drivers are tried on, too: the subject is imported once. */
export async function confirmDriverOn(driver: DriverText, bench: Workbench): Promise<Confirmation> {
  const account = new HazardAccount();
  try {
    const preparation = await bench.prepare(driver);
    if (preparation.kind !== "ready") {
      if (preparation.kind === "unstable") account.addUndecided(preparation.reason);
      account.addDriver(driver.name, `${preparation.kind}: ${preparation.reason}`, preparation.kind);
      return account.conclude();
    }
    const { climb, failures } = await bench.searchBroadly(preparation.prepared, bench.limits(bench.setting.options.budget.secondsPerHazard));
    account.addClimb(climb, driver);
    for (const found of strongestFirst(failures)) {
      const proof = await found.prove(bench);
      if (proof.kind === "unsteady") {
        account.addUndecided(proof.reason);
        continue;
      }
      account.addDriver(driver.name, `confirmed: ${proof.witness.failure.summary}`, "confirmed");
      return account.confirm(proof.witness, proof.row);
    }
    account.addDriver(driver.name, climb.end.kind === "exhausted" ? "all schedules within the bound" : "not all schedules within the budget", "searched");
    account.addUsable({ isClean: climb.end.kind === "exhausted", others: 0 });
  } catch (error) {
    if (!(error instanceof AgentFailure)) throw error;
    account.addUndecided(describeAgentFailure(error.reason));
    account.addDriver(driver.name, describeAgentFailure(error.reason), "failed");
  }
  return account.conclude();
}

/** An exception tells more than a different state. */
function strongestFirst(failures: readonly FoundFailure[]): FoundFailure[] {
  return failures.toSorted((a, b) => Number(a.signature.kind !== "exception") - Number(b.signature.kind !== "exception"));
}
