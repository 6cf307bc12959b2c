// Hazards of a crate on its own build. Enters: the program, hazards, the built module. Leaves: a confirmation for each hazard.
import type { Confirmation, Hazard, Runtime, RuntimeRow } from "../../vocabulary/index.ts";
import { controlOf, CrateBench, describeEnding, describeProbe, shows } from "./crate-bench.ts";
import type { CrateSetting, ProbeAccount } from "./crate-bench.ts";
import type { CrateEnding } from "./crate-endings.ts";
import { probesFor } from "./crate-probes.ts";

export async function confirmCrate(hazards: readonly Hazard[], setting: CrateSetting): Promise<ReadonlyMap<string, Confirmation>> {
  const bench = new CrateBench(setting);
  const confirmations = new Map<string, Confirmation>();
  for (const [index, hazard] of hazards.entries()) {
    setting.onProgress(`[${index + 1}/${hazards.length}] ${hazard.id} on its own build`);
    confirmations.set(hazard.id, await confirmOne(hazard, bench, setting));
  }
  return confirmations;
}

async function confirmOne(hazard: Hazard, bench: CrateBench, setting: CrateSetting): Promise<Confirmation> {
  const accounts: ProbeAccount[] = [];
  const { probes, missing } = probesFor(setting.program, hazard, setting.choice.chosen);
  for (const probe of probes) {
    if (setting.signal?.aborted === true || (setting.until !== undefined && performance.now() > setting.until)) break;
    const account = await bench.account(probe);
    accounts.push(account);
    if (isShown(account, hazard)) return confirmed(hazard, account, await bench.row(account, hazard.severity));
  }
  const untried = probes.length > 0 ? "not tried: the time was over" : (setting.choice.refused ?? missingText(missing));
  return notConfirmed(accounts, setting.runtime, untried);
}

function isShown({ probe, endings, controls }: ProbeAccount, { severity }: Hazard): boolean {
  const shown = endings.filter((ending) => shows(ending, severity, probe.kind));
  // A call that never returns needs no second caller: then one thread hangs as well.
  const needsOneCaller = shown[0]?.kind === "hang" && probe.kind === "together";
  return shown.length > 0 && (needsOneCaller || !controls.some((ending) => shows(ending, severity, probe.kind)));
}

function missingText(missing: readonly string[]): string {
  const [first] = missing;
  if (first === undefined) return "nothing that Python calls reaches it";
  return `none of the expressions tried gave ${first}${missing.length > 1 ? `, nor ${missing.length - 1} more` : ""}`;
}

function confirmed({ severity }: Hazard, { probe, controls }: ProbeAccount, row: RuntimeRow): Confirmation {
  const failing = controls.filter((ending) => shows(ending, severity, probe.kind)).length;
  const control = failing > 0 ? "one caller is enough" : `control (${controlOf[probe.kind]}): 0 of ${controls.length}`;
  return {
    ...nothingControlled,
    verdict: "confirmed",
    reason: `${row.stress?.failures[0]?.summary ?? "failed"} in ${row.failing} of ${row.repeats} processes; ${control}`,
    runtimes: [row],
    drivers: [{ name: describeProbe(probe), result: "confirmed", end: "confirmed" }],
  };
}

const nothingControlled: Pick<Confirmation, "rungs" | "uncontrolled"> = {
  rungs: [],
  uncontrolled: ["real threads and the real collector: nothing was controlled"],
};

function notConfirmed(accounts: readonly ProbeAccount[], { id }: Runtime, untried: string): Confirmation {
  const ran = accounts.filter(({ endings }) => endings.some(({ kind }) => kind !== "refused"));
  const drivers = accounts.map(({ probe, endings }) => ({ name: describeProbe(probe), result: describeEnding(endings[0]) }));
  if (ran.length === 0) {
    const reason = accounts.length === 0 ? untried : "the probes could not be run";
    return { ...nothingControlled, verdict: "unproven", reason, runtimes: [], drivers };
  }
  const repeats = ran.reduce((sum, { endings }) => sum + endings.length, 0);
  const reason = `${repeats} processes with ${ran.length} probes showed nothing of it${otherFailure(ran)}`;
  return { ...nothingControlled, verdict: "not-reproduced", reason, runtimes: [{ runtime: id, failing: 0, repeats }], drivers };
}

/** Threads may break an object in a way that nobody asked about. */
function otherFailure(ran: readonly ProbeAccount[]): string {
  const isFailure = ({ kind }: CrateEnding): boolean => kind === "crash" || kind === "panic";
  for (const { probe, endings, controls } of ran) {
    const [first, ...others] = endings.filter(isFailure);
    if (probe.kind === "borrow" && first !== undefined && !controls.some(isFailure))
      return `, but ${describeEnding(first)} in ${others.length + 1} of ${endings.length}, control 0 of ${controls.length}`;
  }
  return "";
}
