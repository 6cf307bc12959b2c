// Drivers that switch inside callbacks: the extension calls a method of the caller's own value, and there the other thread runs, GIL or not.
// Enters: calls with values that run Python, hazards with their entry points. Leaves: drivers in the ordinary format, for the scheduler to play.
import type { DriverText } from "../../vocabulary/index.ts";
import { preludeOf, setUpOf } from "./driver-texts.ts";
import type { HazardEntries } from "./hazard-entries.ts";
import type { CallbackWindow, NativeCall } from "./probe-calls.ts";

const MOST_SUSPECT_CALLS = 4;
const MOST_OTHERS = 4;

/** Text of any value without addresses; what walks is walked. */
const show = `import re

def show(value):
    if hasattr(value, "__next__") or hasattr(value, "keys"):
        value = take(value.items() if hasattr(value, "items") else value)
    return re.sub("0x[0-9a-f]+", "0x", repr(value))
`;

/** What containers say on purpose when they change while they are walked is no failure. */
const guarded = 'relaxations = ["change-during-iteration"]\n';

export interface CallbackTask {
  readonly entries: HazardEntries;
  readonly modules: readonly string[];
  /** Whether the extension is at the hazard's own place then: only callbacks from there are of any meaning for it. */
  readonly isInside: (window: CallbackWindow) => boolean;
}

export interface CallbackDriver {
  readonly driver: DriverText;
  /** The second thread changes what the first works on: that the first then sees half of it is no failure by itself. */
  readonly isChanging: boolean;
}

/** Those whose first thread runs the suspect code and calls back, the second looks at or changes the same; the simplest first. */
export function callbackDrivers(calls: readonly NativeCall[], task: CallbackTask): CallbackDriver[] {
  const { modules, isInside } = task;
  const { suspects, changing, users } = task.entries;
  const stopsOf = ({ windows }: NativeCall): readonly string[] => [...new Set(windows.filter(isInside).map(({ callback }) => callback))];
  const simplest = (a: NativeCall, b: NativeCall): number => effort(a) - effort(b);
  const calling = calls
    .filter((call) => suspects.has(call.function) && stopsOf(call).length > 0)
    .toSorted((a, b) => Number(onlyDies(stopsOf(a))) - Number(onlyDies(stopsOf(b))) || simplest(a, b));
  return distinctBy(calling, ({ expression }) => expression)
    .slice(0, MOST_SUSPECT_CALLS)
    .flatMap((call) => {
      const others = calls.filter((other) => users.has(other.function) && other.receiver === call.receiver && !other.raised).toSorted(simplest);
      return distinctBy(others, (other) => other.function)
        .filter(({ expression }) => /\br\b/.test(expression))
        .slice(0, MOST_OTHERS)
        .map((other) => ({ driver: render(call, other, { modules, stops: stopsOf(call) }), isChanging: changing.has(other.function) }));
    });
}

/** What works on the shared object itself comes before what is made from it on the way; keys and values before other containers. */
function effort({ raised, expression }: NativeCall): number {
  const indirect = /\bm\d|copy\(|type\(|__init__/.test(expression) ? 1000 : 0;
  const others = /\b[odl]\b|\br\b.*\br\b/.test(expression) ? 200 : 0;
  return Number(raised) * 400 + indirect + others + expression.length;
}

/** A value that goes away calls back when the work is done, mostly. */
function onlyDies(callbacks: readonly string[]): boolean {
  return callbacks.every((name) => name === "__del__");
}

function render(
  call: NativeCall,
  other: NativeCall,
  { modules, stops }: { readonly modules: readonly string[]; readonly stops: readonly string[] },
): DriverText {
  const imports = modules.map((module, index) => `import ${module} as m${index}`);
  // The second thread is not to be stopped inside its own keys.
  const plain = other.expression.replaceAll("K(i)", '"k1"');
  const operations = [call.expression, plain].map((expression, index) =>
    [
      `def operation_${index}(state):`,
      "    r, o, d, l = state",
      "    i = 1",
      isStatement(expression) ? `    ${expression}` : `    return show(${expression})`,
      "",
    ].join("\n"),
  );
  const setUp = `${setUpOf(call.receiver)}\ndef observe(state):\n    return show(state[0])\n`;
  return {
    name: `${call.expression}, interrupted in a callback by ${plain}`,
    source: [...imports, preludeOf("calling"), `STOPS = ${JSON.stringify(stops)}\n`, show, guarded, setUp, ...operations].join("\n"),
  };
}

/** Assignments and deletions. */
function isStatement(expression: string): boolean {
  return /^del |[^=!<>]=[^=]/.test(expression.replaceAll(/\([^()]*\)/g, ""));
}

function distinctBy<Item>(items: readonly Item[], key: (item: Item) => string): Item[] {
  const seen = new Set<string>();
  return items.filter((item) => !seen.has(key(item)) && seen.add(key(item)) !== undefined);
}
