// A function in, its element stores through a field that others replace, at an index a caller found in an earlier value of that field, out.
import type { AccessFact, FunctionFact, Program } from "../../../vocabulary/index.ts";
import { interferingWith } from "../hazard-draft.ts";
import type { Reread } from "./element-uses.ts";

export function passedIndexesIn(program: Program, fn: FunctionFact): Reread[] {
  if (fn.public || fn.callers.length === 0) return [];
  for (const use of fn.accesses) {
    if (!isIndexed(use) || use.key === undefined || !isParameter(fn, use.key)) continue;
    const field = fn.accesses.find(
      (access) => access.operation === "read" && use.text.startsWith(`${access.text}.`) && access.statement.line === use.statement.line,
    );
    const looked = field && lookOfCaller(program, fn, field);
    if (!field || !looked) continue;
    const interfering = interferingWith(program, field, (other) => other.kind === "write" && other.operation === "=" && other.functionId !== fn.id);
    if (interfering.length > 0) return [{ first: { ...field, statement: use.statement }, second: use, interfering: [...interfering, looked], why: "replaced" }];
  }
  return [];
}

function isParameter(fn: FunctionFact, key: string): boolean {
  return fn.parameters.some(({ name }) => name === key);
}

function isIndexed({ operation, sharing, lockset, handled }: AccessFact): boolean {
  const element = operation === "[]=" || operation === "[]" || operation === "del[]";
  return element && sharing === "shared" && lockset.length === 0 && !handled.some((name) => name === "*" || name === "IndexError" || name === "LookupError");
}

/** Every caller reads the field itself before the call: the index belongs to what it saw then. */
function lookOfCaller(program: Program, fn: FunctionFact, field: AccessFact): AccessFact | undefined {
  let first: AccessFact | undefined;
  for (const id of fn.callers) {
    const caller = program.functions[id];
    const call = caller?.calls.find((each) => each.targets.includes(fn.id));
    const look = caller?.accesses.find(
      (access) => access.location.key === field.location.key && access.operation === "read" && access.order < (call?.order ?? 0),
    );
    if (!look) return undefined;
    first ??= look;
  }
  return first;
}
