// An attribute of a shared object is set for a while and put back afterwards: the old value saved in a local, or the opposite
// constant; by assignment, or by a method that sets it.
// Misses: pairs split over methods other than __enter__ and __exit__. Over-reports: objects that their users never share.
import type { AccessFact, FunctionFact, Hazard, Program, Rule, RuleMetadata } from "../../../vocabulary/index.ts";
import { activity, openly } from "../activity.ts";
import { beliefInSharing, doubt } from "../confidence.ts";
import { areAlternatives } from "../controlled-by.ts";
import { draftHazard, interferingWith } from "../hazard-draft.ts";
import { indexOf } from "../program-index.ts";
import { managedEpisodesIn } from "./managed-episodes.ts";
import type { Episode } from "./managed-episodes.ts";
import { provokeToggle } from "./provoke.ts";
import { setterEpisodesIn } from "./setter-episodes.ts";

const metadata: RuleMetadata = {
  id: "python/flag-set-and-restored",
  title: "Attribute set for a while and put back",
  severity: "wrong-answer",
  consequence: "Other threads run with the temporary value; when two threads leave in another order than they entered, it stays for ever.",
  sources: [
    "PEP 567: context variables exist because dynamically scoped state kept in shared objects leaks between threads and tasks",
    "measured: the attribute was left with a temporary value in 6 of 20 repeats on CPython 3.13t",
  ],
  since: "0.1.0",
  fixes: [
    { title: "Pass the value as an argument", cost: "medium", detail: "What only this call needs does not belong on the shared object." },
    { title: "Use a contextvars.ContextVar", cost: "low", detail: "`token = mode.set(x)` ... `mode.reset(token)`: each thread and task has its own." },
    { title: "Hold a lock while it is set", cost: "low", detail: "Readers take it too, or they still see the temporary value." },
  ],
};

function find(program: Program): Hazard[] {
  const functions = indexOf(program).functionsDoing(openly(activity.store));
  return [
    ...indexOf(program).ordinary.flatMap((fn) => (fn.phase === "ordinary" ? setterEpisodesIn(program, fn).map((each) => hazardOf(program, fn, each)) : [])),
    ...functions.flatMap((fn) => (fn.phase === "ordinary" ? episodesIn(program, fn).map((each) => hazardOf(program, fn, each)) : [])),
    ...managedEpisodesIn(program, { isStore, isSwitchedBack: (set, restore) => isSwitchedBack(program, set, restore) })
      .filter(({ enter }) => enter.phase === "ordinary")
      .map((each) => hazardOf(program, each.enter, each)),
  ];
}

function episodesIn(program: Program, fn: FunctionFact): Episode[] {
  const stores = fn.accesses.filter(isStore);
  if (stores.length < 2) return [];
  const out = new Map<string, Episode>();
  for (const restore of stores) {
    if (out.has(restore.location.key)) continue;
    const set = stores.find((store) => store.location.key === restore.location.key && store.text === restore.text && store.order < restore.order);
    if (!set || !somethingRunsBetween(fn, set, restore)) continue;
    const saved = restore.stored === "saved" && set.stored !== "saved";
    if (saved || (!areAlternatives(fn.tests, set.order, restore.order) && (isSwitchedBack(program, set, restore) || isLent(program, fn, set, restore))))
      out.set(restore.location.key, { set, restore, saved });
  }
  return [...out.values()];
}

/** Attributes of classes and globals have rules of their own. */
function isStore(access: AccessFact): boolean {
  const { location } = access;
  if (location.ownerKind !== "instance" || access.kind !== "write" || access.operation !== "=") return false;
  return access.sharing === "shared" && access.lockset.length === 0 && !location.path.endsWith("]");
}

function somethingRunsBetween(fn: FunctionFact, set: AccessFact, restore: AccessFact): boolean {
  return fn.contextManager || fn.calls.some((call) => call.order > set.order && call.order < restore.order && call.external !== "builtins.len");
}

/** `x.busy = True` ... `x.busy = False` around calls, where the constructor says False too and others ask for it. */
function isSwitchedBack(program: Program, set: AccessFact, restore: AccessFact): boolean {
  if (set.container !== "boolean" || set.stored !== "constant" || restore.stored !== "constant") return false;
  const values = [set, restore].map((access) => program.sourceOf(access.statement).split("=").at(-1)?.trim());
  return values[0] !== values[1] && readersOf(program, set).length > 0;
}

/** `self.limit = limit` ... `yield` ... `self.limit = None`: an argument of one call, kept where others look meanwhile. */
function isLent(program: Program, fn: FunctionFact, set: AccessFact, restore: AccessFact): boolean {
  if (!fn.contextManager || set.stored !== "other" || (restore.stored !== "none" && restore.stored !== "constant")) return false;
  return fn.parameters.some(({ name }) => set.origins.includes(name)) && readersOf(program, set).length > 0;
}

function readersOf(program: Program, access: AccessFact): AccessFact[] {
  return interferingWith(program, access, (other) => other.functionId !== access.functionId && (other.kind === "read" || other.kind === "check"));
}

function hazardOf(program: Program, fn: FunctionFact, { set, restore, saved }: Episode): Hazard {
  const readers = readersOf(program, set);
  const belief = doubt(beliefInSharing(program, set), [
    readers.length === 0 && set.id >= 0 && { steps: 1, because: "nothing else in the program reads it" },
    !saved &&
      !fn.contextManager &&
      restore.functionId === fn.id && { steps: 1, because: "a constant is put back: nested use by one thread has the same effect" },
    !saved && fn.threadEntry !== undefined && { steps: 1, because: `${fn.qualifiedName} runs in a thread of its own: the flag says that it does` },
  ]);
  const how = saved ? "its old value is put back" : "it is switched back";
  const where = restore.functionId === fn.id ? `at line ${restore.span.line}` : `in ${restore.function} (line ${restore.span.line})`;
  return draftHazard(program, metadata, {
    main: set,
    sequence: [set, restore],
    interfering: [...interferingWith(program, set, (other) => other.kind === "write" && other.functionId !== set.functionId), ...readers],
    ...belief,
    message: `${set.text} is set for a while and ${how} ${where}: other threads see the temporary value, and overlapping uses leave it there`,
  });
}

export const rule: Rule = { metadata, find, provoke: provokeToggle };
