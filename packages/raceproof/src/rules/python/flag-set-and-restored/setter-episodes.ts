// A function in, what it sets for a while by a method and puts back by the same method out: `old = log.level`, `log.setLevel(DEBUG)`, work,
// `log.setLevel(old)`. Where the object is kept decides who shares it. Misses: objects in local names.
import type { AccessFact, CallFact, FunctionFact, Program } from "../../../vocabulary/index.ts";
import { callAsAccess } from "../call-as-access.ts";
import type { Episode } from "./managed-episodes.ts";

/** At most one per object. */
export function setterEpisodesIn(program: Program, fn: FunctionFact): Episode[] {
  if (fn.calls.length < 2) return [];
  const setters = fn.calls.filter(({ text, lockset }) => text.includes(".set") && lockset.length === 0 && /\.set_?[A-Za-z]\w*$/.test(text));
  if (setters.length < 2) return [];
  const out = new Map<string, Episode>();
  for (const restore of setters) {
    const kept = keptBefore(program, fn, restore);
    const set = kept === undefined ? undefined : setters.find(({ text, order }) => text === restore.text && order > kept && order < restore.order);
    const owner = set && ownerOf(fn, set);
    if (!set || !owner || out.has(owner.location.key) || !somethingRunsBetween(fn, set, restore)) continue;
    out.set(owner.location.key, { set: callAsAccess(set, fn, "write", owner), restore: callAsAccess(restore, fn, "write", owner), saved: true });
  }
  return [...out.values()];
}

/** Where the value was read that is put back: from the object itself, by an attribute or a method without arguments. */
function keptBefore(program: Program, { accesses, calls }: FunctionFact, { text, origins, order }: CallFact): number | undefined {
  const receiver = text.slice(0, text.lastIndexOf("."));
  const getter = calls.find((call) => origins.includes(`call@${call.order}`) && call.text.startsWith(`${receiver}.get`) && call.origins.length === 0);
  if (getter) return getter.order;
  const isKept = (read: AccessFact): boolean => {
    if (read.order >= order || !read.text.startsWith(`${receiver}.`)) return false;
    return origins.includes(read.text) || origins.some((name) => program.sourceOf(read.statement) === `${name} = ${read.text}`);
  };
  return accesses.find(isKept)?.order;
}

function ownerOf({ accesses }: FunctionFact, { text, order }: CallFact): AccessFact | undefined {
  const receiver = text.slice(0, text.lastIndexOf("."));
  return accesses.find((access) => access.order === order && access.text === receiver && access.sharing === "shared" && access.lockset.length === 0);
}

function somethingRunsBetween(fn: FunctionFact, set: CallFact, restore: CallFact): boolean {
  return fn.contextManager || fn.calls.some((call) => call.order > set.order && call.order < restore.order && call.external !== "builtins.len");
}
