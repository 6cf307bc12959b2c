// Calls made while a lock is held in, those that run code which the user of the library brought out: parameters that are called,
// attributes that a constructor stored from a parameter, listeners taken from a collection.
import type { AcquisitionFact, CallFact, FunctionFact, Program } from "../../../vocabulary/index.ts";

/** Why the call runs foreign code; undefined when nothing says so. */
export function foreignCode(program: Program, fn: FunctionFact, call: CallFact): string | undefined {
  if (call.targets.length > 0 || call.external !== undefined) return undefined;
  if (/^\w+$/.test(call.text)) {
    if (fn.parameters.some(({ name }) => name === call.text)) return `${call.text} is a parameter`;
    return isListenerName(call.text) ? `${call.text} is chosen by the caller of the library` : undefined;
  }
  if (!/^self\.\w+$/.test(call.text)) return undefined;
  const access = fn.accesses.find(({ order, text }) => order === call.order && text === call.text);
  const writes = access ? (program.locations.get(access.location.key)?.accesses ?? []).filter(({ kind }) => kind === "write") : [];
  const given = writes.find((write) => program.functions[write.functionId]?.parameters.some(({ name }) => write.origins.includes(name)));
  return given ? `${call.text} was given by the caller of ${given.function}` : undefined;
}

function isListenerName(name: string): boolean {
  return /^(callback|cb|listener|handler|hook|observer|subscriber)s?$|_(callback|cb|listener|hook|observer)$/.test(name);
}

/** Another public function takes the lock too: foreign code that calls it waits for ever. */
export function publicTaker(
  program: Program,
  fn: FunctionFact,
  { lock }: AcquisitionFact,
  takers: ReadonlyMap<string, readonly number[]>,
): FunctionFact | undefined {
  return (takers.get(lock) ?? []).map((id) => program.functions[id]).find((other) => other?.public === true && other.id !== fn.id);
}
