// A read of a field in, whether the function then changes the object that the field holds out: `keys = self.keys` ... `keys.entries.append(x)`.
import type { AccessFact, Program } from "../../vocabulary/index.ts";
import { addsOrRemoves } from "./container-operations.ts";

/** The local name that a read gives to the value: `keys = self.keys`. */
export function aliasFor(program: Program, read: AccessFact): string | undefined {
  return /^(\w+) = [\w.]+$/.exec(program.sourceOf(read.statement))?.[1];
}

export function isChangedThrough(program: Program, read: AccessFact): boolean {
  const accesses = program.functions[read.functionId]?.accesses ?? [];
  const changes = accesses.filter((access) => addsOrRemoves(access.operation) && access.location.key !== read.location.key);
  if (changes.length === 0) return false;
  const local = aliasFor(program, read);
  const prefixes = [`${read.text}.`, ...(local === undefined ? [] : [`${local}.`])];
  return changes.some((access) => prefixes.some((prefix) => access.text.startsWith(prefix)));
}
