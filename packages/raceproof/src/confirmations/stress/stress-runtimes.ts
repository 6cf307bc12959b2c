// Which runtimes a subject is stressed on. Enters: those of the machine. Leaves: those the subject supports, or one of each family.
import { acceptsPython, type Runtime, type RuntimeFamily, runtimeFamilies } from "../../vocabulary/index.ts";

/** All that the subject's Requires-Python allows. */
export function supportedRuntimes(runtimes: readonly Runtime[], requiresPython: string | undefined): Runtime[] {
  return runtimes.filter(({ version }) => acceptsPython(requiresPython, version));
}

/** The first of each family: with runtimes newest first, the newest. */
export function oneOfEachFamily(runtimes: readonly Runtime[]): Runtime[] {
  return runtimeFamilies.flatMap((family) => runtimes.find((runtime) => familyOf(runtime) === family) ?? []);
}

export function familyOf({ implementation, freeThreaded, version }: Runtime): RuntimeFamily {
  if (implementation === "pypy") return "pypy";
  if (freeThreaded) return "free-threaded";
  return /^3\.[0-9]\./.test(version) ? "gil-3.9" : "gil";
}
