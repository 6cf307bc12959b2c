// A guarded field in; whether what it refers to is closed under the guard when it is replaced out: a function that reads the
// reference without the guard and then works on the object may work on one that is closed. That read is not just a moment old.
import type { AccessFact, FunctionFact, Program } from "../../../vocabulary/index.ts";
import type { GuardedField } from "./guarded-fields.ts";

/** Methods that end the life of an object or take its content for good. */
const ends = /\.(close|getvalue|shutdown|terminate|stop|dispose|disconnect|release|cleanup|kill|quit|clear|detach)$/;

/** Methods that only tell something, whatever the class. */
const tells = /^(is|has|get|can|should)(_|[A-Z]|$)|^(fileno|tell|isatty|items|keys|values|copy|format|encode|decode|name|size|qsize|empty|full|done|count|index|startswith|endswith|strip|split|join|lower|upper)$/;

export function worksOnObject(method: string): boolean {
  return !tells.test(method);
}

/** The call that the read is the receiver of: `self._buffer.write`. */
export function methodCalledOn(fn: FunctionFact, access: AccessFact): string | undefined {
  const call = fn.calls.find(({ order, text }) => order === access.order && text.startsWith(`${access.text}.`));
  const method = call?.text.slice(access.text.length + 1);
  return method !== undefined && /^\w+$/.test(method) ? method : undefined;
}

export function isUsedWhileClosed(program: Program, fn: FunctionFact, accesses: readonly AccessFact[], field: GuardedField): boolean {
  const uses = accesses.some((access) => access.operation === "read" && worksOnObject(methodCalledOn(fn, access) ?? "is"));
  return uses && field.guarded.some((access) => endsObject(program, access, field.guard));
}

function endsObject(program: Program, access: AccessFact, guard: string): boolean {
  const calls = program.functions[access.functionId]?.calls ?? [];
  return calls.some((call) => call.lockset.includes(guard) && ends.test(call.text) && call.receiver.includes(access.text));
}
