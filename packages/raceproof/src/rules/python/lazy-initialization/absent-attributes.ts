// A function in, its stores of attributes that a test by hasattr() has found absent out: `if not hasattr(self, "_x"): self._x = make()`.
// The test names the attribute in a text, so that there is no access to begin with.
import type { AccessFact, FunctionFact, Program, TestFact } from "../../../vocabulary/index.ts";
import { controls, isInCondition } from "../controlled-by.ts";

export function absentAttributesIn(program: Program, fn: FunctionFact): AccessFact[] {
  const asked = fn.calls.filter((call) => call.external === "builtins.hasattr" && call.lockset.length === 0);
  return asked.flatMap((call) => {
    const attribute = /^hasattr\((\w+), ['"](\w+)['"]/.exec(program.sourceOf(call.span));
    const tests = attribute ? fn.tests.filter((test) => test.kind === "if" && isInCondition(call.order, test)) : [];
    const name = `${attribute?.[1]}.${attribute?.[2]}`;
    const store = fn.accesses.find((access) => access.text === name && isOpenStore(access) && tests.some((test) => leadsTo(test, access)));
    return store ? [store] : [];
  });
}

function isOpenStore({ operation, stored, sharing, lockset, location, container }: AccessFact): boolean {
  const fills = operation === "=" && stored !== "none" && container !== "boolean";
  return fills && location.ownerKind === "instance" && sharing === "shared" && lockset.length === 0;
}

function leadsTo(test: TestFact, { order }: AccessFact): boolean {
  return order > test.condition[1] && controls(test, order);
}
