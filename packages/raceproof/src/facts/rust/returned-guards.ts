// Guards that functions of the program return: `fn items(&self) -> MutexGuard<'_, Items>`.
// What enters: the type a function returns, and walked functions. What leaves: the kind of guard; places of such guards as the functions that take them see them.
import type { RustGuard, RustType } from "../../vocabulary/index.ts";
import type { WalkedFunction } from "./walk-function.ts";

const kinds: Readonly<Record<string, RustGuard["kind"]>> = {
  MutexGuard: "mutex",
  MappedMutexGuard: "mutex",
  OwnedMutexGuard: "mutex",
  RwLockReadGuard: "rwlock-read",
  MappedRwLockReadGuard: "rwlock-read",
  RwLockWriteGuard: "rwlock-write",
  MappedRwLockWriteGuard: "rwlock-write",
};

/** Also inside Option and Result. */
export function guardIn(type: RustType | undefined): RustGuard["kind"] | undefined {
  if (type === undefined) return undefined;
  return kinds[type.name] ?? (/^(?:Option|\w*Result|Pin)$/.test(type.name) ? guardIn(type.arguments[0]) : undefined);
}

/** The lock of a returned guard is the one its function takes, seen from the receiver of the call. */
export function placeReturnedGuards(functions: readonly WalkedFunction[]): readonly WalkedFunction[] {
  const place = (fn: WalkedFunction, guard: RustGuard): RustGuard => {
    const target = targetOf(fn, guard);
    const taken = target === undefined ? undefined : functions[target]?.guards.find((each) => each.kind === guard.kind && each.place.root.kind === "self");
    if (taken === undefined) return guard;
    return { ...guard, type: taken.type, place: { ...guard.place, path: [...guard.place.path.slice(0, -1), ...taken.place.path] } };
  };
  return functions.map((fn) => (fn.guards.length === 0 ? fn : { ...fn, guards: fn.guards.map((guard) => place(fn, guard)) }));
}

function targetOf({ events }: WalkedFunction, { from }: RustGuard): number | undefined {
  const event = events[from];
  return event?.kind === "call" ? event.targets[0] : undefined;
}
