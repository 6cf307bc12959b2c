// A container in, the reads of its elements that put in what is missing out: `d[key]` of a defaultdict.
// Source: docs.python.org/3/library/collections.html#collections.defaultdict (__missing__ inserts the value).
import type { AccessFact, Program } from "../../../vocabulary/index.ts";
import { interferingWith } from "../hazard-draft.ts";

export function insertingReads(program: Program, access: AccessFact): AccessFact[] {
  const known = program.locations.get(access.location.key);
  if (known?.container !== "dict") return [];
  const reads = interferingWith(program, access, ({ kind, operation, key }) => kind === "read" && operation === "[]" && key !== undefined);
  return reads.length > 0 && known.accesses.some((each) => makesDefaults(program, each)) ? reads : [];
}

function makesDefaults(program: Program, { stored, statement }: AccessFact): boolean {
  return stored === "fresh-container" && /= ?(\w+\.)?defaultdict\(/.test(program.sourceOf(statement));
}
