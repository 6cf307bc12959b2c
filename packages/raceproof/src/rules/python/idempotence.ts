// A write in, whether repeating it changes nothing out: what makes a race benign (lazy initialization, constant stores).
import type { AccessFact, Program } from "../../vocabulary/index.ts";

/** Written only after a None or emptiness check of the same location, and nobody else ever rebinds it. */
export function isIdempotentInitialization(program: Program, write: AccessFact): boolean {
  const fn = program.functions[write.functionId];
  const checked = fn?.accesses.some((access) => access.kind === "check" && access.location.key === write.location.key && access.order < write.order);
  if (!checked || write.kind !== "write") return false;
  return rebindings(program, write).every((other) => other.functionId === write.functionId);
}

/** Every run-time write stores the same constant. */
export function onlyStoresOneConstant(program: Program, write: AccessFact): boolean {
  const writes = rebindings(program, write);
  if (!writes.every((other) => other.stored === "constant")) return false;
  return new Set(writes.map((other) => program.sourceOf(other.statement).split("=").at(-1)?.trim())).size === 1;
}

function rebindings(program: Program, write: AccessFact): AccessFact[] {
  const all = program.locations.get(write.location.key)?.accesses ?? [];
  return all.filter((access) => access.sharing !== "import" && (access.kind === "write" || access.kind === "update"));
}
