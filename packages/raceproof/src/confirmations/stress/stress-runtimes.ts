// Which runtimes a subject is stressed on. Enters: those of the machine. Leaves: those the subject supports, or one of each family.
import { acceptsPython, familyOf, type Runtime, runtimeFamilies } from "../../vocabulary/index.ts";

/** All that the subject's Requires-Python allows. */
export function supportedRuntimes(runtimes: readonly Runtime[], requiresPython: string | undefined): Runtime[] {
  return runtimes.filter(({ version }) => acceptsPython(requiresPython, version));
}

/** The first of each family: with runtimes newest first, the newest. */
export function oneOfEachFamily(runtimes: readonly Runtime[]): Runtime[] {
  return runtimeFamilies.flatMap((family) => runtimes.find((runtime) => familyOf(runtime.id) === family) ?? []);
}
