// Locations of a program that Cython declares in, each with its declaration and what other threads may do there, out.
import { rootNameOf } from "../../vocabulary/index.ts";
import type { AccessFact, CythonProgram, CythonVariable, LocationFact } from "../../vocabulary/index.ts";

export interface DeclaredLocation extends LocationFact {
  readonly declared: CythonVariable;
  /** By functions that other threads may run, on objects that they may have. */
  readonly open: readonly AccessFact[];
}

const known = new WeakMap<CythonProgram, readonly DeclaredLocation[]>();

/** Attributes and variables of modules whose type is C's to keep: what they hold is not protected by any lock of Python's. */
export function declaredLocations(cython: CythonProgram): readonly DeclaredLocation[] {
  let found = known.get(cython);
  if (!found) known.set(cython, (found = findDeclared(cython)));
  return found;
}

function findDeclared(cython: CythonProgram): DeclaredLocation[] {
  const { program } = cython;
  return [...program.locations.values()].flatMap((fact): DeclaredLocation[] => {
    const declared = declarationOf(cython, fact);
    if (declared === undefined || declared.content === "lock") return [];
    const open = fact.accesses.filter(
      ({ sharing, functionId, guessed }) => sharing === "shared" && !guessed && program.functions[functionId]?.phase === "ordinary",
    );
    return [{ ...fact, declared, open }];
  });
}

/** An attribute's class is the one that declares it, or a class below. */
function declarationOf({ program, attributes, globals }: CythonProgram, { location }: LocationFact): CythonVariable | undefined {
  // Elements, and fields of structs, are other places.
  const name = rootNameOf(location);
  if (name !== location.path) return undefined;
  if (location.ownerKind === "module") return globals.get(`${location.owner}.${name}`);
  if (location.ownerKind !== "instance") return undefined;
  const owners = [location.owner, ...program.lineageOf(location.owner).map(({ key }) => key)];
  return owners.map((owner) => attributes.get(`${owner}.${name}`)).find((declared) => declared !== undefined);
}

/** The variable itself is stored, not an element of what it holds. */
export function isStore({ kind, operation }: AccessFact): boolean {
  return (kind === "write" || kind === "update") && !operation.includes("[");
}

/** Storing it takes more than one step of the processor: the old object is let go of, the old memory is freed, the sum is read first. */
export function isTorn({ declared }: DeclaredLocation, access: AccessFact): boolean {
  return isStore(access) && (declared.content !== "number" || access.kind === "update");
}

/** The first store of each function: what it stores later it stores in the same trouble. */
export function tornStores(fact: DeclaredLocation): readonly AccessFact[] {
  const torn = fact.open.filter((access) => isTorn(fact, access) && access.lockset.length === 0);
  return torn.filter((access, index) => torn.findIndex(({ functionId }) => functionId === access.functionId) === index);
}
