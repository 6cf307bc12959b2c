// One C function while its body is walked: its environment, what is held, and the events written down so far.
// What enters: events without order. What leaves: them numbered, and the function's effects. It reads no tree.
import { isKnownOrigin } from "../../vocabulary/index.ts";
import type {
  NativeAccessMode,
  NativeBranch,
  NativeEffect,
  NativeEvent,
  NativeHold,
  NativeLoop,
  NativeOrigin,
  NativeRange,
  SourceSpan,
} from "../../vocabulary/index.ts";
import type { CallEffect } from "../../models/index.ts";
import { NativeEnvironment } from "./environment.ts";
import { isVisible, worseEffect } from "./summaries.ts";
import type { PointerStore } from "./summaries.ts";
import type { NativePlace, NativeValue } from "./values.ts";

type WithoutBase<Event> = Event extends NativeEvent ? Omit<Event, "order" | "span" | "text" | "held" | "debugOnly"> : never;

export interface PlaceOfEvent {
  readonly span: SourceSpan;
  readonly text: string;
}

export class NativeBody {
  readonly id: number;
  readonly environment: NativeEnvironment = new NativeEnvironment();
  readonly events: NativeEvent[] = [];
  readonly loops: NativeLoop[] = [];
  readonly branches: NativeBranch[] = [];
  readonly effects: NativeEffect[] = [];
  readonly stores: PointerStore[] = [];
  readonly returned: NativeValue[] = [];
  effect: CallEffect = "none";
  /** Keys of origins that were used as strings. */
  readonly strings: Set<string> = new Set<string>();
  held: readonly NativeHold[] = [];
  /** What guards of C++ hold, by the variable that is the guard. */
  readonly guards: Map<string, NativeHold> = new Map<string, NativeHold>();
  /** Depth of assert() around the expression. */
  debug = 0;

  constructor(id: number) {
    this.id = id;
  }

  get next(): number {
    return this.events.length;
  }

  record(event: WithoutBase<NativeEvent>, { span, text }: PlaceOfEvent): number {
    const order = this.events.length;
    this.events.push({ ...event, order, span, text, held: this.held, debugOnly: this.debug > 0 } as NativeEvent);
    return order;
  }

  /** A place in memory is read or stored to. Local variables are not shared and leave no access. */
  access(place: NativePlace, mode: NativeAccessMode, at: PlaceOfEvent, stored?: NativeValue): void {
    if (place.kind !== "memory" || place.location === "") return;
    const base = this.environment.resolve(place.base);
    const { location, holds, atomic, through } = place;
    this.record(
      {
        kind: "access",
        mode,
        location,
        holds,
        base,
        through,
        stored: stored === undefined ? undefined : { origin: stored.origin, constant: stored.constant },
        atomic,
      },
      at,
    );
    this.#addEffect({ mode, location, holds, base, atomic, constant: stored?.constant }, at);
  }

  free(origin: NativeOrigin, location: string | undefined, at: PlaceOfEvent): void {
    const base = this.environment.resolve(origin);
    this.#addEffect({ mode: "free", location: location ?? "*", holds: "pointer", base, atomic: false, constant: undefined }, at);
  }

  #addEffect(effect: Pick<NativeEffect, "mode" | "location" | "holds" | "base" | "atomic" | "constant">, { span, text }: PlaceOfEvent): void {
    if (!isVisible(effect.base)) return;
    this.effects.push({ ...effect, held: this.held, debugOnly: this.debug > 0, span, text, function: this.id, calls: [] });
  }

  store(target: NativeOrigin, value: NativeValue): void {
    const resolved = this.environment.resolveTarget(target);
    this.environment.store(resolved, value, this.next);
    if (resolved.root.kind === "parameter" && isKnownOrigin(value.origin)) this.stores.push({ target: resolved, value: value.origin, object: value.object });
  }

  setsOff(effect: CallEffect): void {
    this.effect = worseEffect(this.effect, effect);
  }

  open(hold: NativeHold): void {
    this.held = [...this.held, hold];
  }

  /** Closes the innermost hold of a kind that `matches`. */
  close(matches: (hold: NativeHold) => boolean): void {
    const index = this.held.findLastIndex(matches);
    if (index >= 0) this.held = this.held.toSpliced(index, 1);
  }

  /** Orders of the events that `walk` records. */
  range(walk: () => void): NativeRange {
    const from = this.next;
    walk();
    return { from, to: this.next };
  }
}
