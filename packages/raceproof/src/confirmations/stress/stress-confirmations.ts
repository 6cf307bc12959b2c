// Every confirmed hazard under real threads. Enters: confirmations and wall seconds for all. Leaves: the same with a row per runtime more.
import type { Confirmation, RuntimeRow, Witness } from "../../vocabulary/index.ts";
import { stressDriver, type StressSetting } from "./stress-driver.ts";

/** Hazards that share a witness share its rows; each witness gets the same share of the time that is left. */
export async function stressConfirmations(
  confirmations: ReadonlyMap<string, Confirmation>,
  setting: StressSetting,
  onWitness: (witness: Witness, done: number, total: number) => void,
): Promise<ReadonlyMap<string, Confirmation>> {
  const witnesses = [...new Set([...confirmations.values()].flatMap(({ witness }) => witness ?? []))];
  const deadline = performance.now() + setting.budget.seconds * 1000;
  const rows = new Map<Witness, readonly RuntimeRow[]>();
  for (const [done, witness] of witnesses.entries()) {
    const left = (deadline - performance.now()) / 1000;
    if (left <= 0 || setting.signal?.aborted === true) break;
    onWitness(witness, done, witnesses.length);
    const budget = { ...setting.budget, seconds: left / (witnesses.length - done) };
    rows.set(
      witness,
      (await stressDriver(witness.driver, { ...setting, budget })).filter(({ repeats, note }) => repeats > 0 || note !== undefined),
    );
  }
  return new Map(
    [...confirmations].map(([id, confirmation]) => {
      const more = confirmation.witness === undefined ? undefined : rows.get(confirmation.witness);
      return [id, more === undefined ? confirmation : { ...confirmation, runtimes: [...confirmation.runtimes, ...more] }];
    }),
  );
}
