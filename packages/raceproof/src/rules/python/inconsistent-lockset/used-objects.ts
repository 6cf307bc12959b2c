// A guarded field in; whether what it refers to is closed under the guard when it is replaced out: a function that reads the
// reference without the guard and then works on the object may work on one that is closed. That read is not just a moment old.
import type { AccessFact, FunctionFact, Program } from "../../../vocabulary/index.ts";
import { endsItsObject, isWorkedWith } from "../object-methods.ts";
import type { GuardedField } from "./guarded-fields.ts";

export function isUsedWhileClosed(program: Program, fn: FunctionFact, accesses: readonly AccessFact[], field: GuardedField): boolean {
  return accesses.some((access) => isWorkedWith(fn, access)) && field.guarded.some((access) => endsObject(program, access, field.guard));
}

function endsObject(program: Program, access: AccessFact, guard: string): boolean {
  const calls = program.functions[access.functionId]?.calls ?? [];
  return calls.some((call) => call.lockset.includes(guard) && endsItsObject(call.text) && call.receiver.includes(access.text));
}
