// A location in, the constants that code writes there as a temporary mark out, with everything that sets, lifts or tests the mark.
// A mark is known by the code that lifts it: `if x.f == MARK: x.f = value`, or a second store after the first in the same function.
import type { AccessFact, FunctionFact, LocationFact, Program } from "../../../vocabulary/index.ts";
import { testAsAccess } from "../call-as-access.ts";
import { controls, isInCondition } from "../controlled-by.ts";

export interface Marker {
  readonly value: string;
  readonly marks: readonly AccessFact[];
  readonly restores: readonly AccessFact[];
  readonly tests: readonly AccessFact[];
}

export function markersAt(program: Program, { location, accesses }: LocationFact): Marker[] {
  if (location.ownerKind !== "instance") return [];
  const live = accesses.filter((access) => access.sharing === "shared" && access.lockset.length === 0);
  const compared = new Set(live.flatMap((access) => (access.operation === "==" && access.key !== undefined ? [access.key] : [])));
  return [...compared].flatMap((value) => markerOf(program, live, value) ?? []);
}

function markerOf(program: Program, live: readonly AccessFact[], value: string): Marker | undefined {
  const stores = live.filter((access) => access.kind === "write" && access.operation === "=" && !isOfReceiver(access));
  const marks = stores.filter((access) => access.stored === "constant" && storedText(program, access) === value);
  if (marks.length === 0) return undefined;
  const restores = stores.filter((access) => access.stored !== "constant" && access.stored !== "none");
  const tested = live.filter((access) => access.operation === "==" && access.key === value);
  const lifts = restores.filter((restore) => tested.some((test) => isLiftedUnder(program, test, restore)));
  if (lifts.length === 0) return undefined;
  const after = restores.filter((restore) => marks.some((mark) => mark.functionId === restore.functionId && mark.order < restore.order));
  const copies = live.flatMap((access) => testsOfCopy(program, access, value));
  return { value, marks, restores: [...new Set([...lifts, ...after])], tests: copies };
}

/** An object's state is its own affair; a mark is written into an object of somebody else. */
function isOfReceiver(access: AccessFact): boolean {
  return /^(self|cls)\.\w+$/.test(access.text);
}

function storedText(program: Program, access: AccessFact): string | undefined {
  return program.sourceOf(access.statement).split("=").at(-1)?.trim();
}

function isLiftedUnder(program: Program, test: AccessFact, restore: AccessFact): boolean {
  const fn = program.functions[test.functionId];
  if (!fn || test.functionId !== restore.functionId) return false;
  return fn.tests.some((branch) => isInCondition(test.order, branch) && controls(branch, restore.order));
}

/** `h = e.hash` ... `assert h != MARK`: fails when it meets another thread's mark. */
function testsOfCopy(program: Program, read: AccessFact, value: string): AccessFact[] {
  const fn: FunctionFact | undefined = program.functions[read.functionId];
  const local = read.operation === "read" ? /^(\w+) = [\w.]+$/.exec(program.sourceOf(read.statement))?.[1] : undefined;
  if (!fn || local === undefined) return [];
  const asserted = fn.tests.filter((test) => test.kind === "assert" && test.condition[0] > read.order);
  const wanted = [`${local} != ${value}`, `${local} is not ${value}`];
  return asserted.filter((test) => wanted.some((text) => program.sourceOf(test.span).includes(text))).map((test) => testAsAccess(test, read));
}
