// What drivers reach, found out once per driver text and remembered for all hazards. Enters: a session and a driver. Leaves: its switch
// points, or why it does not run. It judges no outcome.
import type { DriverText } from "../vocabulary/index.ts";
import { AgentFailure, describeAgentFailure } from "./agent-failure.ts";
import type { SwitchSite } from "./agent-messages.ts";
import type { Session } from "./session.ts";

export type Screening = { readonly kind: "runs"; readonly sites: readonly SwitchSite[] } | { readonly kind: "discarded"; readonly reason: string };

const MOST_FAILED_IN_A_ROW = 8;

/** Thousands of drivers pass the same few thousand points: each point is kept once. */
export class DriverScreens {
  readonly #known = new Map<string, Screening>();
  /** By conflicting switch point: the drivers that pass it. */
  readonly #through = new Map<SwitchSite, DriverText[]>();
  readonly #sites = new Map<string, SwitchSite>();
  /** How imports fail in a fresh process too: no reason to start another one. */
  readonly #notImportable = new Set<string>();
  #failedInARow = 0;

  get(key: string): Screening | undefined {
    return this.#known.get(key);
  }

  async screen(key: string, driver: DriverText, session: Session): Promise<Screening> {
    let screening = await this.#run(driver, session);
    this.#failedInARow = failsToImport(screening) ? this.#failedInARow + 1 : 0;
    // Drivers before it may have left the process in a state in which nothing more can be imported.
    if (failsToImport(screening) && (this.#failedInARow >= MOST_FAILED_IN_A_ROW || !this.#notImportable.has(screening.reason))) {
      this.#failedInARow = 0;
      await session.dispose();
      screening = await this.#run(driver, session);
      if (failsToImport(screening)) this.#notImportable.add(screening.reason);
    }
    this.#known.set(key, screening);
    if (screening.kind === "runs") for (const site of screening.sites) if (site.conflict) this.#through.set(site, [...(this.#through.get(site) ?? []), driver]);
    return screening;
  }

  /** Drivers of which two threads meet at one of the wanted points. */
  through(isWanted: (site: SwitchSite) => boolean): DriverText[] {
    return [...new Set([...this.#through].flatMap(([site, drivers]) => (isWanted(site) ? drivers : [])))];
  }

  /** One run of each serial order after one to warm up: a third of what judging a driver takes. */
  async #run(driver: DriverText, session: Session): Promise<Screening> {
    let step = "while it was opened";
    try {
      const player = await session.open(driver);
      step = "in a serial order";
      const { sites, failing } = await player.profile();
      if (failing !== undefined)
        return { kind: "discarded", reason: `every operation raises in every serial order (${failing.split("\n", 1)[0]?.slice(0, 120) ?? ""})` };
      return { kind: "runs", sites: sites.map((site) => this.#once(site)) };
    } catch (error) {
      if (!(error instanceof AgentFailure)) throw error;
      const text = describeAgentFailure(error.reason);
      return { kind: "discarded", reason: error.reason.kind === "refused" ? text : `${step}: ${text}` };
    }
  }

  #once(site: SwitchSite): SwitchSite {
    const key = `${site.key} ${site.conflict} ${site.threads.join()}`;
    const known = this.#sites.get(key);
    if (known !== undefined) return known;
    this.#sites.set(key, site);
    return site;
  }
}

function failsToImport(screening: Screening): screening is Extract<Screening, { kind: "discarded" }> {
  return screening.kind === "discarded" && screening.reason.startsWith("import failed");
}
