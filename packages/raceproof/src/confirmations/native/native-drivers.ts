// Writes drivers for extensions. Enters: calls that the probe found, hazards with their entry points. Leaves: drivers, each with the hazards it may show.
// A stress driver swallows exceptions and compares nothing: it is there to be seen by a sanitizer, or to crash.
import type { DriverText, Hazard } from "../../vocabulary/index.ts";
import { preludeOf, setUpOf, sharedMutations } from "./driver-texts.ts";
import type { HazardEntries } from "./hazard-entries.ts";
import type { NativeCall } from "./probe-calls.ts";

export interface NativeDriver {
  readonly driver: DriverText;
  /** The same with a lock around every call. */
  readonly locked: DriverText;
  /** What the second thread works on: the shared object, or what the first one's call was given besides. */
  readonly on: "receiver" | "argument";
  readonly hazards: readonly string[];
}

/** What the second thread does: calls made again and again, and one at the end that undoes them. */
interface Opponent {
  readonly calls: readonly string[];
  readonly last: readonly string[];
  readonly on: NativeDriver["on"];
}

/** How many calls one operation makes: enough for tables to grow. */
const CALLS = 40;

export class DriverPlan {
  readonly #modules: readonly string[];
  readonly #byFunction = new Map<string, NativeCall[]>();
  readonly #drivers = new Map<string, { readonly call: NativeCall; readonly opponent: Opponent; readonly hazards: Set<string> }>();

  constructor(calls: readonly NativeCall[], modules: readonly string[]) {
    this.#modules = modules;
    for (const call of calls) this.#byFunction.set(call.function, [...(this.#byFunction.get(call.function) ?? []), call]);
  }

  /** @returns whether any call reaches it */
  add(hazard: Hazard, { suspects, opponents }: HazardEntries): boolean {
    let isReached = false;
    for (const name of suspects) {
      for (const call of this.#callsOf(name)) {
        isReached = true;
        for (const opponent of this.#opponentsOf(call, opponents)) this.#plan(hazard, call, opponent);
      }
    }
    return isReached;
  }

  drivers(): NativeDriver[] {
    return [...this.#drivers.values()].map(({ call, opponent, hazards }) => ({
      driver: this.#render(call, opponent, "plain"),
      locked: this.#render(call, opponent, "locked"),
      on: opponent.on,
      hazards: [...hazards],
    }));
  }

  #callsOf(name: string): readonly NativeCall[] {
    return (this.#byFunction.get(name) ?? []).toSorted((a, b) => Number(a.raised) - Number(b.raised));
  }

  /** On a container that the call is given; on another object that it is given; on the shared one. */
  #opponentsOf(call: NativeCall, names: ReadonlySet<string>): Opponent[] {
    const others = [...names].flatMap((name) =>
      this.#callsOf(name)
        .filter(({ receiver }) => receiver === call.receiver)
        .slice(0, 1),
    );
    // What needs no argument and changes something empties or resets, more often than not: memory is given back then.
    const emptying = others.filter(({ growth }) => growth < -1).map(({ expression }) => expression);
    const resets = emptying.length > 0 ? emptying : others.map(({ expression }) => expression).filter((text) => text.endsWith("()") && text.startsWith("r."));
    const onReceiver = others.map(({ expression }, index): Opponent => ({
      calls: call.fill === null || call.fill === expression ? [expression] : [call.fill, expression],
      last: resets.length === 0 ? [] : [resets[index % resets.length] ?? ""],
      on: "receiver",
    }));
    const onOther = uses(call, "o")
      ? onReceiver.map(({ calls, last }) => ({ calls: calls.map(onOtherObject), last: last.map(onOtherObject), on: "argument" as const }))
      : [];
    const onShared = (["d", "l"] as const)
      .filter((name) => uses(call, name))
      .map((name): Opponent => ({ calls: sharedMutations[name], last: [], on: "argument" }));
    return [...onShared, ...onOther, ...onReceiver];
  }

  #plan(hazard: Hazard, call: NativeCall, opponent: Opponent): void {
    const key = `${call.receiver} | ${call.expression} | ${textOf(opponent)}`;
    const planned = this.#drivers.get(key) ?? { call, opponent, hazards: new Set<string>() };
    planned.hazards.add(hazard.id);
    this.#drivers.set(key, planned);
  }

  #render(call: NativeCall, opponent: Opponent, variant: "plain" | "locked"): DriverText {
    const operations = [{ ...opponent, calls: [call.expression], last: [] }, opponent].map((each, index) => renderOperation(index, each, variant));
    const imports = this.#modules.map((module, index) => `import ${module} as m${index}`);
    const lock = variant === "locked" ? ["import threading", "LOCK = threading.Lock()"] : [];
    const setUp = `${setUpOf(call.receiver)}\ndef observe(state):\n    return None\n`;
    return {
      name: `${call.expression} against ${textOf(opponent)}`,
      source: [...imports, ...lock, preludeOf("plain"), setUp, ...operations].join("\n"),
    };
  }
}

function textOf({ calls, last }: Opponent): string {
  return [...calls, ...last].join("; ");
}

function renderOperation(index: number, { calls, last }: Opponent, variant: "plain" | "locked"): string {
  const swallowing = (statement: string, indent: string): string[] => {
    const lock = variant === "locked" ? [`${indent}with LOCK:`] : [];
    const inner = variant === "locked" ? `${indent}    ` : indent;
    return [...lock, `${inner}try:`, `${inner}    ${statement}`, `${inner}except Exception:`, `${inner}    pass`];
  };
  return [
    `def operation_${index}(state):`,
    "    r, o, d, l = state",
    `    for i in range(${CALLS}):`,
    ...calls.flatMap((call) => swallowing(call, "        ")),
    ...last.flatMap((call) => swallowing(call, "    ")),
    "",
  ].join("\n");
}

function uses({ expression }: NativeCall, name: string): boolean {
  return new RegExp(`\\b${name}\\b`).test(expression);
}

function onOtherObject(expression: string): string {
  return expression.replaceAll(/\bo\b/g, "r").replaceAll(/\br\b/g, "o");
}
