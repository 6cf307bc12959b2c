// A store in, what speaks against its being harmful out: constants, and values that are created once when first needed.
import type { AccessFact, FunctionFact, Program } from "../../vocabulary/index.ts";
import type { Doubt } from "./confidence.ts";
import { addsOrRemoves } from "./container-operations.ts";
import { whyIdentityMatters } from "./made-identity.ts";
import { indexOf } from "./program-index.ts";

/** Why a race on a variable may do no harm; undefined when nothing speaks for that. */
export function doubtAboutStores(program: Program, write: AccessFact): Doubt | undefined {
  if (onlyStoresOneConstant(program, write)) return { steps: 2, because: "every write stores the same constant" };
  if (!isCreatedOnDemand(program, write)) return undefined;
  if (whyIdentityMatters(program, program.functions[write.functionId] as FunctionFact, write) !== undefined)
    return { steps: 1, because: "made once while unset: matters only to the first callers" };
  if (keepsOwnObject(program, write)) return { steps: 1, because: "set once while unset: harmless unless the objects that two threads create differ" };
  return { steps: 2, because: "set once while unset and never reset: a duplicate is thrown away" };
}

/** Written only after a None or emptiness check of the same location, and nobody else ever rebinds it. */
function isCreatedOnDemand(program: Program, write: AccessFact): boolean {
  const fn = program.functions[write.functionId];
  const checked = fn?.accesses.some((access) => access.kind === "check" && access.location.key === write.location.key && access.order < write.order);
  if (!checked || write.kind !== "write") return false;
  // One name may have two definitions, for two versions of Python.
  return indexOf(program)
    .rebindings(write.location.key)
    .every((other) => other.function === write.function && other.span.file === write.span.file);
}

/** Each thread would hold an object of its own: a new instance, or a new container that is filled later. */
function keepsOwnObject(program: Program, write: AccessFact): boolean {
  if (write.stored === "fresh-object") return true;
  const all = program.locations.get(write.location.key)?.accesses ?? [];
  return write.stored === "fresh-container" && all.some((access) => access.sharing === "shared" && addsOrRemoves(access.operation));
}

/** Every run-time write stores the same constant. */
function onlyStoresOneConstant(program: Program, write: AccessFact): boolean {
  const constants = new Set<string | undefined>();
  for (const other of indexOf(program).rebindings(write.location.key)) {
    if (other.stored !== "constant") return false;
    constants.add(program.sourceOf(other.statement).split("=").at(-1)?.trim());
    if (constants.size > 1) return false;
  }
  return constants.size === 1;
}
