// A program in, the flags that loops of threads watch in order to end out, with where they look.
import type { AccessFact, FunctionFact, Location, Program } from "../../../vocabulary/index.ts";
import { isElement } from "../../../vocabulary/index.ts";

export interface WatchedFlag {
  readonly location: Location;
  /** In the condition of the loop, or of the way out of it. */
  readonly watch: AccessFact;
  /** Its own function and those it is called from, up to where the thread begins. */
  readonly loop: FunctionFact;
  /** Where that thread begins. */
  readonly entry: FunctionFact;
  readonly how: "flag" | "event";
}

const questions = [".is_set", ".isSet"];

type Watch = Omit<WatchedFlag, "entry">;

export function watchedFlags(program: Program): WatchedFlag[] {
  const out = new Map<string, WatchedFlag>();
  for (const entry of program.functions) {
    if (entry.threadEntry === undefined) continue;
    const steps = entry.calls.filter(({ text }) => text.startsWith("self.")).flatMap(({ targets }) => targets.flatMap((id) => program.functions[id] ?? []));
    for (const loop of [entry, ...steps])
      for (const flag of flagsOf(program, loop)) if (!out.has(flag.location.key)) out.set(flag.location.key, { ...flag, entry });
  }
  return [...out.values()];
}

function flagsOf(program: Program, loop: FunctionFact): Watch[] {
  const loops = loop.tests.filter(({ kind }) => kind === "while");
  const exits = loop.tests.filter((test) => test.trueLeaves && loops.some(({ whenTrue: [from, to] }) => test.condition[0] >= from && test.condition[0] < to));
  return [...loops, ...exits].flatMap(({ condition: [from, to] }) =>
    loop.accesses.filter(({ order }) => order >= from && order < to).flatMap((watch) => flagAt(program, loop, watch) ?? []),
  );
}

function flagAt(program: Program, loop: FunctionFact, watch: AccessFact): Watch | undefined {
  const { location, kind, sharing } = watch;
  if (sharing !== "shared" || isElement(location) || location.ownerKind === "process") return undefined;
  const question = questions.find((each) => location.key.endsWith(each));
  const event = question && program.locations.get(location.key.slice(0, -question.length))?.location;
  if (event) return { location: event, watch, loop, how: "event" };
  return question === undefined && (kind === "check" || kind === "read") ? { location, watch, loop, how: "flag" } : undefined;
}
