// What a recheck needs to know: where, and how often.
import type { Runtime } from "../../vocabulary/index.ts";
import type { TestedSubject } from "../confirmation-options.ts";

export interface RecheckSetting {
  readonly subject: TestedSubject;
  readonly runtime: Runtime;
  /** Replays with PYTHONHASHSEED=0. */
  readonly times: number;
  /** Other hash seeds: 1, 2, and so on. */
  readonly hashSeeds: number;
}
