// Which entry points bring a hazard of an extension about. Enters: the facts of an extension. Leaves: for a hazard, those that run its suspect code and
// those that interfere with it, by the names of their functions.
import type { Hazard } from "../../vocabulary/index.ts";
import type { ExtensionFacts, ExtensionFunction } from "./extension-facts.ts";

export interface HazardEntries {
  readonly suspects: ReadonlySet<string>;
  /** They change what the suspects use; the suspects themselves when nothing is known to. */
  readonly opponents: ReadonlySet<string>;
  /** They use the location in any way. */
  readonly users: ReadonlySet<string>;
  /** They change anything at all. */
  readonly changing: ReadonlySet<string>;
}

export class EntryIndex {
  readonly #entries: readonly ExtensionFunction[];
  readonly #changing: ReadonlySet<string>;
  /** Names of functions that an entry runs. */
  readonly #reached: ReadonlyMap<number, ReadonlySet<string>>;

  constructor({ functions, runBy }: ExtensionFacts) {
    this.#entries = functions.filter(({ entries }) => entries.some(({ company }) => company === "ordinary" || company === "initialization"));
    this.#changing = new Set(this.#entries.filter(({ effects }) => effects.some(({ isWrite }) => isWrite)).map(({ name }) => name));
    this.#reached = new Map(this.#entries.map(({ id }) => [id, runBy(id)]));
  }

  of(hazard: Hazard): HazardEntries {
    const named = this.#reaching(new Set([hazard.function]));
    const suspects = named.size > 0 ? named : this.#reaching(new Set(hazard.accesses.map((access) => access.function)));
    const users = this.#touching(hazard.location.display, false);
    const changing = this.#touching(hazard.location.display, true);
    const interfering = this.#reaching(new Set(hazard.accesses.filter(({ kind }) => kind !== "read").map((access) => access.function)));
    const opponents = new Set([...changing, ...interfering]);
    return { suspects, opponents: opponents.size > 0 ? opponents : suspects, users: users.size > 0 ? users : suspects, changing: this.#changing };
  }

  /** Functions that run in some entry of these. */
  within(entries: ReadonlySet<string>): ReadonlySet<string> {
    return new Set(this.#entries.filter(({ name }) => entries.has(name)).flatMap(({ id }) => [...(this.#reached.get(id) ?? [])]));
  }

  #reaching(names: ReadonlySet<string>): Set<string> {
    const found = this.#entries.filter(({ id }) => [...(this.#reached.get(id) ?? [])].some((name) => names.has(name)));
    return new Set(found.map(({ name }) => name));
  }

  #touching(location: string, changes: boolean): Set<string> {
    const found = this.#entries.filter(({ effects }) => effects.some((effect) => effect.location === location && (effect.isWrite || !changes)));
    return new Set(found.map(({ name }) => name));
  }
}
