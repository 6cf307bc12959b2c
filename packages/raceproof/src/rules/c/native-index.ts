// What several rules ask of a native program: which locations are contended, what is freed, what protects an access. Computed once per program.
import { originKey, ownerOf, reachedFrom, startsWithOrigin } from "../../vocabulary/index.ts";
import type { NativeAccess, NativeEffect, NativeFunction, NativeHold, NativeOrigin, NativeProgram } from "../../vocabulary/index.ts";

export interface NativeIndex {
  /** Functions that any number of threads may run on one object. */
  readonly ordinary: readonly NativeFunction[];
  /** They, what code that is not seen may call, and what these call. */
  readonly reached: ReadonlySet<number>;
  /** Location -> an effect of an ordinary entry that writes or frees it on an object others may have. */
  readonly contended: ReadonlyMap<string, NativeEffect>;
  /** Location of a pointer -> an effect that frees what it points at, and the entry point that has it. */
  readonly freed: ReadonlyMap<string, { readonly effect: NativeEffect; readonly by: NativeFunction }>;
}

const indexes = new WeakMap<NativeProgram, NativeIndex>();

export function nativeIndexOf(program: NativeProgram): NativeIndex {
  const known = indexes.get(program);
  if (known) return known;
  const index = buildIndex(program);
  indexes.set(program, index);
  return index;
}

/** An entry that threads may run at the same time on one object; `initialization` counts where asked for: it can be called again. */
export function isOrdinary({ entries }: NativeFunction, withInitialization = false): boolean {
  return entries.some(({ company }) => company === "ordinary" || (withInitialization && company === "initialization"));
}

function buildIndex({ functions }: NativeProgram): NativeIndex {
  const ordinary = functions.filter((fn) => !fn.generated && isOrdinary(fn));
  const contended = new Map<string, NativeEffect>();
  const freed = new Map<string, { effect: NativeEffect; by: NativeFunction }>();
  const users = functions.filter((fn) => !fn.generated && isOrdinary(fn, true));
  const released = releasedBy(users);
  for (const by of users) {
    for (const effect of by.effects) {
      if (effect.mode === "read" || effect.debugOnly || !isReachableByOthers(effect.base)) continue;
      // What an object is first given is not contended; that it is given under a section says that it can be given again. Numbers and pointers
      // to what stays (the module's state) are then the same as before.
      if (!isOrdinary(by) && !isGivenAgain(effect, released)) continue;
      if (!contended.has(effect.location)) contended.set(effect.location, effect);
      if (effect.mode === "free" && effect.location !== "*" && !freed.has(effect.location)) freed.set(effect.location, { effect, by });
    }
  }
  const unseen = functions.filter(({ calledUnseen, generated }) => calledUnseen && !generated);
  return { ordinary, reached: reachedFrom(functions, [...ordinary, ...unseen]), contended, freed };
}

function isGivenAgain(effect: NativeEffect, released: ReadonlySet<string>): boolean {
  return (effect.holds === "object" || released.has(effect.location)) && isProtected(effect);
}

/** Locations of pointers that some of the functions free. */
function releasedBy(functions: readonly NativeFunction[]): ReadonlySet<string> {
  return new Set(functions.flatMap(({ effects }) => effects.filter(({ mode }) => mode === "free").map(({ location }) => location)));
}

/** Memory of an object that was passed in, or of static storage. */
export function isReachableByOthers(base: NativeOrigin): boolean {
  return base.root.kind === "static" || (base.root.kind === "parameter" && base.ownerDepth >= 0);
}

type Protected = Pick<NativeAccess | NativeEffect, "held" | "base">;

/**
 * A section on the object that owns the memory, or on one it leads to (an iterator's container: always the same one), or any lock. What callers
 * always hold counts.
 */
export function isProtected({ held, base }: Protected, entryHeld: readonly NativeHold[] = []): boolean {
  const owner = ownerOf(base);
  return [...held, ...entryHeld].some(
    ({ kind, objects }) =>
      kind === "lock" || (kind === "section" && owner !== undefined && objects.some((object) => sameObject(object, owner) || leadsTo(owner, object))),
  );
}

function leadsTo(owner: NativeOrigin, object: NativeOrigin): boolean {
  return object.path.length > owner.path.length && startsWithOrigin(object, owner);
}

/** The same object, for a section: equal chains, or a chain that only the last step's interior tells apart. */
export function sameObject(a: NativeOrigin, b: NativeOrigin): boolean {
  return originKey({ ...a, interior: false }) === originKey({ ...b, interior: false });
}

/** Does the pointer lead into what `location` ("Struct.field") holds? What an element of it points at is other memory. */
export function leadsThrough(base: NativeOrigin, location: string): boolean {
  const field = location.slice(location.lastIndexOf(".") + 1);
  const at = base.path.indexOf(field);
  return at >= 0 && base.ownerDepth <= at && base.path[at + 1] !== "[]";
}
