// Brings a driver to the point where schedules can be judged. Enters: a driver. Leaves: its serial outcomes and switch points,
// or why it is of no use.
import type { DriverText } from "../vocabulary/index.ts";
import { AgentFailure, describeAgentFailure } from "./agent-failure.ts";
import type { SerialReply, SwitchSite } from "./agent-messages.ts";
import { judgeStability } from "./oracles/stability.ts";
import type { Player } from "./player.ts";
import type { Session } from "./session.ts";

export interface PreparedDriver {
  readonly player: Player;
  readonly serial: SerialReply;
  readonly sites: readonly SwitchSite[];
  /** Per thread, the accesses of the longest serial order. */
  readonly steps: readonly number[];
  /** The same, when only conflicting accesses are switch points. */
  readonly lengths: readonly number[];
}

export type Preparation =
  | { readonly kind: "ready"; readonly prepared: PreparedDriver }
  | { readonly kind: "discarded"; readonly reason: string }
  | { readonly kind: "unstable"; readonly reason: string };

/** `ends`: every operation is known to end when it runs alone, so the serial orders need no first look. */
export async function prepareDriver(session: Session, driver: DriverText, ends: "unknown" | "ends" = "unknown"): Promise<Preparation> {
  let step = "while it was opened";
  try {
    const player = await session.open(driver);
    step = "in a serial order";
    const serial = ends === "ends" ? await player.serialOnce() : await player.serial();
    const stability = judgeStability(serial);
    if (stability.kind !== "judgeable") return stability;
    const { sites, steps, lengths } = await player.profile();
    return { kind: "ready", prepared: { player, serial, sites, steps, lengths } };
  } catch (error) {
    if (!(error instanceof AgentFailure)) throw error;
    const text = describeAgentFailure(error.reason);
    return { kind: "discarded", reason: error.reason.kind === "refused" ? text : `${step}: ${text}` };
  }
}
