// What drivers reach, found out once per driver text and remembered for all hazards. Enters: a session and a driver. Leaves: its switch
// points, or why it does not run. It judges no outcome.
import type { DriverText } from "../vocabulary/index.ts";
import { AgentFailure, describeAgentFailure } from "./agent-failure.ts";
import type { SwitchSite } from "./agent-messages.ts";
import type { Session } from "./session.ts";

export type Screening = { readonly kind: "runs"; readonly sites: readonly SwitchSite[] } | { readonly kind: "discarded"; readonly reason: string };

/** Thousands of drivers pass the same few thousand points: each point is kept once. */
export class DriverScreens {
  readonly #known = new Map<string, Screening>();
  readonly #sites = new Map<string, SwitchSite>();
  /** Imports that fail in a fresh process too: no reason to start another one. */
  readonly #notImportable = new Set<string>();

  get(key: string): Screening | undefined {
    return this.#known.get(key);
  }

  async screen(key: string, driver: DriverText, session: Session): Promise<Screening> {
    let screening = await this.#run(driver, session);
    // Drivers before it may have left the process in a state in which nothing more can be imported.
    const imports = importsOf(driver);
    if (failsToImport(screening) && !this.#notImportable.has(imports)) {
      await session.dispose();
      screening = await this.#run(driver, session);
      if (failsToImport(screening)) this.#notImportable.add(imports);
    }
    this.#known.set(key, screening);
    return screening;
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

function failsToImport(screening: Screening): boolean {
  return screening.kind === "discarded" && screening.reason.startsWith("import failed");
}

function importsOf({ source }: DriverText): string {
  return source
    .split("\n")
    .filter((line) => /^(import|from) /.test(line))
    .join("\n");
}
