// A function's stores to a global or class attribute in, whether it is the only one to set it and does nothing else with it out: a setting,
// of which the last writer wins. Setting it back, testing it first and counting it up are something else.
import type { AccessFact, FunctionFact, Program } from "../../vocabulary/index.ts";

export function isSoleSetter(program: Program, fn: FunctionFact, writes: readonly AccessFact[]): boolean {
  const [write] = writes;
  if (!write || writes.length > 1 || write.kind !== "write" || write.operation !== "=") return false;
  const others = program.locations.get(write.location.key)?.accesses ?? [];
  return others.every((other) => other.id === write.id || other.sharing === "import" || (other.kind === "read" && other.functionId !== fn.id));
}

/** What is stored was handed in, as a parameter or as part of one. */
export function storesWhatIsHandedIn({ parameters, role }: FunctionFact, { origins }: AccessFact): boolean {
  const handed = role === "method" || role === "class-method" ? parameters.slice(1) : parameters;
  return handed.some(({ name }) => origins.some((origin) => origin === name || origin.startsWith(`${name}.`) || origin.startsWith(`${name}[`)));
}
