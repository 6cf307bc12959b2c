// A program in, what its context managers set in `__enter__` and put back in `__exit__` out: attributes of the objects they manage, and
// their own where an old value is kept. Misses: values kept anywhere but in an attribute; managers that enter others by hand.
import type { AccessFact, FunctionFact, Program } from "../../../vocabulary/index.ts";

export interface Episode {
  readonly set: AccessFact;
  readonly restore: AccessFact;
  readonly saved: boolean;
}

export interface ManagedEpisode extends Episode {
  readonly enter: FunctionFact;
}

export interface Stores {
  isStore(access: AccessFact): boolean;
  isSwitchedBack(set: AccessFact, restore: AccessFact): boolean;
}

export function managedEpisodesIn(program: Program, stores: Stores): ManagedEpisode[] {
  const out: ManagedEpisode[] = [];
  for (const { methods } of program.classes.values()) {
    const [enter, exit] = ["__enter__", "__exit__"].map((name) => program.functions[methods.get(name) ?? -1]);
    if (enter && exit) for (const episode of episodesBetween(enter, exit, stores)) out.push({ ...episode, enter });
  }
  return out;
}

function episodesBetween(enter: FunctionFact, exit: FunctionFact, { isStore, isSwitchedBack }: Stores): Episode[] {
  const sets = new Map(enter.accesses.filter(isStore).map((access) => [access.text, access]));
  if (sets.size === 0) return [];
  return exit.accesses.filter(isStore).flatMap((restore) => {
    const set = sets.get(restore.text);
    if (set === undefined || set.location.key !== restore.location.key) return [];
    const saved = isKept(enter, set, restore);
    // A manager's own flag says that it is entered: normally one thread's business.
    return saved || (!/^self\.\w+$/.test(set.text) && isSwitchedBack(set, restore)) ? [{ set, restore, saved }] : [];
  });
}

/** `self.old = x.a` before `x.a` is set, `x.a = self.old` afterwards. */
function isKept(enter: FunctionFact, set: AccessFact, restore: AccessFact): boolean {
  return enter.accesses.some(
    (keep) => keep.operation === "=" && keep.order < set.order && keep.origins.includes(set.text) && restore.origins.includes(keep.text),
  );
}
