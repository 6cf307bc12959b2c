// One process per model of an interpreter, each started when a witness first needs it: a process keeps the model it began with.
import type { Witness } from "../vocabulary/index.ts";
import type { Session } from "./session.ts";

export class SessionsByModel {
  readonly #make: (model: Witness["model"]) => Session;
  readonly #made = new Map<Witness["model"], Session>();

  constructor(make: (model: Witness["model"]) => Session) {
    this.#make = make;
  }

  /** The one that can play the witness's plan. */
  for({ model }: Witness): Session {
    const session = this.#made.get(model) ?? this.#make(model);
    this.#made.set(model, session);
    return session;
  }

  async dispose(): Promise<void> {
    for (const session of this.#made.values()) await session.dispose();
  }
}
