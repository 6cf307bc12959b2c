// A start function takes back the sign to stop while the thread that it was meant for may still run, and starts another one.
// Misses: threads started elsewhere than where the flag is cleared. Over-reports: objects that are started once.
import type { AccessFact, FunctionFact, Hazard, Program, Rule, RuleMetadata } from "../../../vocabulary/index.ts";
import { beliefInSharing, doubt } from "../confidence.ts";
import { controls } from "../controlled-by.ts";
import { draftHazard, sharesLock } from "../hazard-draft.ts";
import { provokeRestart } from "./provoke.ts";
import { watchedFlags } from "./watched-flags.ts";
import type { WatchedFlag } from "./watched-flags.ts";

const metadata: RuleMetadata = {
  id: "python/stop-flag-cleared",
  title: "Stop flag cleared while the old thread may still run",
  severity: "wrong-answer",
  consequence: "After stop and start two threads do the work, or none: the old one missed its sign to stop, or is taken for alive while it is ending.",
  sources: [
    "Goetz et al., Java Concurrency in Practice, 2006, section 7.1: cancellation needs a flag that stays set until the task has seen it",
    "docs.python.org/3/library/threading.html#threading.Thread.join: the only way to know that a thread has ended",
  ],
  since: "0.2.0",
  fixes: [
    { title: "join() the old thread first", cost: "low", detail: "In stop(), or in start() before the flag is cleared." },
    { title: "A new Event for each thread", cost: "low", detail: "Given to the thread as an argument: nobody takes back the one that the old thread watches." },
  ],
};

function find(program: Program): Hazard[] {
  return watchedFlags(program).flatMap((flag) => {
    const uses = usesOf(program, flag);
    const stops = uses.stops.filter(({ functionId }) => functionId !== flag.loop.id && !joins(program.functions[functionId]));
    const clear = uses.clears.find((each) => isRestart(program, flag, each, stops));
    return clear && stops.length > 0 ? [hazardOf(program, flag, clear, stops)] : [];
  });
}

interface FlagUses {
  /** Where the flag gets the value that lets the loop go on, and the other one. */
  readonly clears: readonly AccessFact[];
  readonly stops: readonly AccessFact[];
}

function usesOf(program: Program, { location, how, entry }: WatchedFlag): FlagUses {
  const at = (key: string): readonly AccessFact[] => (program.locations.get(key)?.accesses ?? []).filter(({ sharing }) => sharing === "shared");
  if (how === "event") return { clears: at(`${location.key}.clear`), stops: at(`${location.key}.set`) };
  const stores = at(location.key).filter(({ kind, operation, stored }) => kind === "write" && operation === "=" && stored === "constant");
  const starting = stores.filter(({ functionId }) => startsThread(program.functions[functionId]) && mayStart(program, program.functions[functionId], entry));
  const value = valueOf(program, starting[0]);
  return { clears: starting, stops: value === undefined ? [] : stores.filter((store) => valueOf(program, store) !== value) };
}

function valueOf(program: Program, store: AccessFact | undefined): string | undefined {
  return store && / = (True|False|0|1)$/.exec(program.sourceOf(store.statement))?.[1];
}

function startsThread(fn: FunctionFact | undefined): boolean {
  return fn?.phase === "ordinary" && fn.calls.some(({ text, external }) => external === "threading.Thread" || text.endsWith("thread.start"));
}

/** The thread that watches the flag is one of its own object, or made here: others go on as they are. */
function mayStart(program: Program, fn: FunctionFact | undefined, { id, owner }: FunctionFact): boolean {
  if (fn === undefined || owner === undefined || fn.owner === undefined) return true;
  if (areKin(program, fn.owner, owner)) return true;
  const name = program.classes.get(owner)?.qualifiedName.split(".").at(-1);
  return fn.calls.some(
    ({ passes, targets, text }) =>
      passes.includes(id) || text.split(".").at(-1) === name || targets.some((target) => program.functions[target]?.owner === owner),
  );
}

function areKin(program: Program, one: string, other: string): boolean {
  return program.lineageOf(one).some(({ key }) => key === other) || program.lineageOf(other).some(({ key }) => key === one);
}

function joins(fn: FunctionFact | undefined): boolean {
  return fn?.calls.some(({ text }) => text.endsWith(".join") && !/^(os\.path|["'])/.test(text)) === true;
}

function isRestart(program: Program, { watch }: WatchedFlag, clear: AccessFact, stops: readonly AccessFact[]): boolean {
  const fn = program.functions[clear.functionId] as FunctionFact;
  if (!startsThread(fn) || joins(fn) || sharesLock(clear, watch) || stops.some(({ functionId }) => functionId === fn.id)) return false;
  return fn.tests.every((test) => {
    if (!controls(test, clear.order)) return true;
    const [from, to] = test.condition;
    if (fn.calls.some(({ text, order }) => order >= from && order < to && /\.(is_alive|isAlive)$/.test(text))) return false;
    const asked = fn.accesses.filter(({ order, kind }) => order >= from && order < to && kind === "check");
    return asked.every((access) => isChangedElsewhere(program, access, fn));
  });
}

/** Started once and never again, unless somebody takes back what says that it is. */
function isChangedElsewhere(program: Program, { location }: AccessFact, fn: FunctionFact): boolean {
  const all = program.locations.get(location.key)?.accesses ?? [];
  return all.some(({ kind, sharing, functionId }) => kind === "write" && sharing === "shared" && functionId !== fn.id);
}

function hazardOf(program: Program, { location, watch, loop }: WatchedFlag, clear: AccessFact, stops: readonly AccessFact[]): Hazard {
  const main: AccessFact = { ...clear, location };
  const stop = stops[0] as AccessFact;
  return draftHazard(program, metadata, {
    main,
    sequence: [main],
    interfering: [watch, ...stops],
    ...doubt(beliefInSharing(program, main), [{ steps: 1, because: `it takes a start soon after ${stop.function}` }]),
    message: `${location.display} is cleared here for a new thread; the old one, told to stop at line ${stop.span.line}, may not have looked yet (${loop.qualifiedName}, line ${watch.span.line})`,
  });
}

export const rule: Rule = { metadata, find, provoke: provokeRestart };
