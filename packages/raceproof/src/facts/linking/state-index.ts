// The state of a linked program in, ways to look things up in it out, made when first asked for.
import { split } from "./linked-state.ts";
import type { LinkedState } from "./linked-state.ts";

export class StateIndex {
  readonly #state: LinkedState;
  #functionNames: readonly string[] | undefined;
  #idOf: ReadonlyMap<string, number> | undefined;
  #placeKeys: readonly string[] | undefined;
  #placeOf: ReadonlyMap<string, number> | undefined;

  constructor(state: LinkedState) {
    this.#state = state;
  }

  get functionNames(): readonly string[] {
    return (this.#functionNames ??= split(this.#state.functions.names));
  }

  get idOf(): ReadonlyMap<string, number> {
    return (this.#idOf ??= new Map(split(this.#state.functions.keys).map((key, id) => [key, id])));
  }

  get placeKeys(): readonly string[] {
    return (this.#placeKeys ??= split(this.#state.places.keys));
  }

  /** Modules that had an access of the location when the program was linked. */
  modulesAt(key: string): readonly number[] {
    this.#placeOf ??= new Map(this.placeKeys.map((each, place) => [each, place]));
    const place = this.#placeOf.get(key);
    return place === undefined ? [] : (this.#state.places.shared.get(place) ?? [this.#state.places.firstIn[place] as number]);
  }
}
